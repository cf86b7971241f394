import assert from "node:assert/strict";

import type { Change } from "../../../commands/summarize/changes";
import { groupNodes } from "../../../commands/summarize/nodeGroups";
import { nodeChanges } from "../../../commands/summarize/nodes";
import { redactionFor } from "../../../commands/summarize/redaction";

const redaction = redactionFor({ config: {}, steps: [], diagnostics: [] });
const type = "talos:machine/configurationApply:ConfigurationApply";

interface Side {
  readonly patches?: readonly string[];
  readonly base?: string;
  readonly more?: Record<string, unknown>;
}

function change(hostname: string, before?: Side, after?: Side, more: Partial<Change> = {}): Change {
  const state = (side: Side | undefined) =>
    side && {
      urn: "urn:pulumi:s::p::t::n",
      type,
      parent: "urn:pulumi:s::p::t::talos",
      inputs: {
        node: "10.0.0.1",
        applyMode: "auto",
        machineConfigurationInput: side.base ?? "[secret]",
        configPatches: side.patches ?? [],
        ...side.more,
      },
    };
  return {
    kind: before ? (after ? "changed" : "deleted") : "created",
    name: `talos-${hostname}-apply`,
    type,
    old: state(before),
    new: state(after),
    properties: [],
    replaceReasons: [],
    retained: false,
    ...more,
  };
}
const node = (...args: Parameters<typeof change>) => nodeChanges([change(...args)], redaction)[0]!;
const patched = (text: string): Side => ({ patches: [text] });

describe("what happens to machines (as the preview tells it; no machine is asked)", () => {
  it("knows a machine by the component's name for its resource, and any other by its own", () => {
    assert.equal(node("cp-1", {}, {}).hostname, "cp-1");
    assert.equal(node("cp-1", {}, {}, { name: "mine" }).hostname, "mine");
  });

  const cases: [string, Side, Side, string, string[]][] = [
    ["sysctls", {}, patched("machine: {sysctls: {a: '1'}}\n"), "none", []],
    ["the cluster", {}, patched("cluster: {token: x}\n"), "none", []],
    ["udev", {}, patched("machine: {udev: {rules: [x]}}\n"), "reboots", ["machine.udev"]],
    ["udev goes", patched("machine: {udev: {rules: [x]}}\n"), {}, "reboots", ["machine.udev"]],
    [
      "a feature",
      {},
      patched("machine: {features: {rbac: true}}\n"),
      "reboots",
      ["machine.features.rbac"],
    ],
    ["KubePrism", {}, patched("machine: {features: {kubePrism: {port: 1}}}\n"), "none", []],
    ["a deletion", {}, patched("machine: {udev: {$patch: delete}}\n"), "reboots", ["machine.udev"]],
    [
      "a document",
      {},
      patched("apiVersion: v1alpha1\nkind: WatchdogTimerConfig\ndevice: x\n"),
      "none",
      [],
    ],
    [
      "the base, in clear",
      { base: "machine: {env: {A: a}}\n" },
      { base: "machine: {env: {A: b}}\n" },
      "reboots",
      ["machine.env"],
    ],
  ];
  for (const [what, before, after, outcome, fields] of cases) {
    it(`${what} changes: ${outcome}`, () => {
      const { effect, rebootFields } = node("cp-1", before, after);
      assert.deepEqual(effect, { outcome, certain: true });
      assert.deepEqual(rebootFields, fields);
    });
  }

  it("reboots nothing that is new or that leaves", () => {
    const udev = patched("machine: {udev: {rules: [x]}}\n");
    assert.equal(node("cp-1", undefined, udev).effect.outcome, "none");
    const leaving = node("cp-1", udev, undefined);
    assert.equal(leaving.effect.outcome, "none");
    assert.deepEqual([leaving.lines, leaving.resets], [[], false]);
    const reset = { more: { onDestroy: { reset: true } } };
    assert.equal(node("cp-1", reset, undefined).resets, true);
  });

  it("says what changes and cannot be seen, and that it may need a reboot", () => {
    const generated = change("cp-1", {}, {}, { properties: ["machineConfigurationInput"] });
    const [unexplained] = nodeChanges([generated], redaction);
    assert.match(unexplained!.unseen.join(), /generated configuration changes/);
    assert.deepEqual(unexplained!.effect, { outcome: "reboots", certain: false });
    const [explained] = nodeChanges([generated], redaction, ["the Kubernetes version"]);
    assert.match(explained!.unseen.join(), /with the Kubernetes version/);
    assert.equal(explained!.effect.outcome, "none");

    const secret = { patches: ["[secret]"] };
    const patch = node("cp-1", secret, secret, { properties: ["configPatches[0]"] });
    assert.deepEqual(patch.unseen, ["a secret patch changes"]);
    assert.equal(patch.effect.certain, false);
    const some = { properties: ["configPatches"] };
    assert.deepEqual(node("cp-1", secret, secret, some).unseen, ["a secret patch changes"]);
    const more = { patches: ["cluster: {token: x}\n", "[secret]"] };
    assert.deepEqual(node("cp-1", secret, more, some).unseen, ["a secret patch may change"]);
  });

  it("groups machines that change alike but for name and address, those that reboot first", () => {
    const label = (hostname: string, address: string) =>
      change(
        hostname,
        {},
        {
          patches: [`machine: {nodeLabels: {n: ${hostname}, a: ${address}, b: ${address}/24}}\n`],
          more: { node: address },
        },
      );
    const groups = groupNodes(
      nodeChanges(
        [
          label("w-1", "10.0.0.2"),
          label("w-2", "10.0.0.3"),
          change("cp-1", {}, patched("machine: {udev: {rules: [x]}}\n")),
        ],
        redaction,
      ),
    );
    assert.deepEqual(
      groups.map(({ nodes, lines }) => [nodes.map(({ hostname }) => hostname), lines]),
      [
        [["cp-1"], ['+ machine.udev.rules[]: "x"']],
        [
          ["w-1", "w-2"],
          [
            "+ machine.nodeLabels.n: <hostname>",
            "+ machine.nodeLabels.a: <address>",
            '+ machine.nodeLabels.b: "<address>/24"',
          ],
        ],
      ],
    );
  });
});
