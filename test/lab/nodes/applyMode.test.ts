import assert from "node:assert/strict";
import { decideApply } from "../../../lab/nodes/applyMode";
import { changesThatNeedReboot } from "../../../lab/nodes/immediateChange";

describe("how a node takes a configuration (rules of Talos 1.13; not that a machine follows them)", () => {
  const running = { inMaintenance: false, rebootPaths: [] };
  const needsReboot = { inMaintenance: false, rebootPaths: ["machine.udev"] };
  const maintenance = { inMaintenance: true, rebootPaths: ["machine.udev"] };

  const cases = [
    ["AUTO", running, "NO_REBOOT", false],
    ["AUTO", needsReboot, "REBOOT", false],
    ["AUTO", maintenance, "NO_REBOOT", false],
    ["REBOOT", running, "REBOOT", false],
    ["REBOOT", maintenance, "NO_REBOOT", false],
    ["NO_REBOOT", running, "NO_REBOOT", false],
    ["NO_REBOOT", needsReboot, "NO_REBOOT", true],
    ["NO_REBOOT", maintenance, "NO_REBOOT", false],
    ["TRY", needsReboot, "TRY", true],
    ["STAGED", needsReboot, "STAGED", false],
    ["STAGED", maintenance, "STAGED", false],
  ] as const;
  for (const [requested, state, mode, refused] of cases) {
    const where = state.inMaintenance ? "in maintenance" : `with ${state.rebootPaths.length} paths`;
    it(`${requested} ${where} becomes ${mode}${refused ? ", refused" : ""}`, () => {
      const decision = decideApply(requested, state);
      assert.equal(decision.mode, mode);
      assert.equal(decision.refusal !== undefined, refused);
    });
  }

  it("names the paths that stand in the way, without values", () => {
    assert.match(decideApply("NO_REBOOT", needsReboot).refusal ?? "", /machine\.udev/);
  });
});

describe("what of a change needs a reboot (documents as parsed YAML)", () => {
  const base = { machine: { type: "worker", features: { rbac: true } }, cluster: { id: "a" } };
  const cases: [string, object, string[]][] = [
    ["nothing", {}, []],
    ["the whole cluster section", { cluster: { id: "b", token: "x" } }, []],
    ["node labels", { machine: { ...base.machine, nodeLabels: { a: "b" } } }, []],
    ["the install image", { machine: { ...base.machine, install: { image: "x" } } }, []],
    ["udev rules", { machine: { ...base.machine, udev: { rules: [] } } }, ["machine.udev"]],
    [
      "KubePrism",
      { machine: { ...base.machine, features: { rbac: true, kubePrism: { enabled: true } } } },
      [],
    ],
    [
      "a feature beside it",
      { machine: { ...base.machine, features: { rbac: false } } },
      ["machine.features.rbac"],
    ],
    ["all features gone", { machine: { type: "worker" } }, ["machine.features"]],
    ["the machine type", { machine: { ...base.machine, type: "controlplane" } }, ["machine.type"]],
    ["persist", { persist: true }, ["persist"]],
  ];
  for (const [what, change, paths] of cases) {
    it(`${what}: ${paths.join() || "immediate"}`, () => {
      assert.deepEqual(changesThatNeedReboot(base, { ...base, ...change }), paths);
    });
  }
});
