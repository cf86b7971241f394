import assert from "node:assert/strict";

import { formatSeconds } from "../../../commands/report/format";
import { isGate, labelOf, laneOf, type ReportBar } from "../../../commands/report/lanes";
import { placeLane, shortened, textWidth, ticks, xOf } from "../../../commands/report/layout";
import { marksOf, phasesOf } from "../../../commands/report/phases";
import { BEGUN, TIMELINE, urn } from "./bootstrapRun";

const APPLY = "talos:machine/configurationApply:ConfigurationApply";
const STASH = "pulumi:index:Stash";

describe("laneOf and labelOf", () => {
  const nodes = [
    { hostname: "1", machineType: "controlplane" as const },
    { hostname: "cp-1", machineType: "controlplane" as const },
  ];
  const cases: [string, string, string][] = [
    [urn(APPLY, "talos-cp-1-apply", "MachineConfiguration"), "cp-1", "apply"],
    [urn(APPLY, "talos-1-apply", "MachineConfiguration"), "1", "apply"],
    [urn(STASH, "talos-cp-1-address", "MachineConfiguration"), "cp-1", "address"],
    [
      urn("talos:machine/secrets:Secrets", "talos-secrets", "MachineSecrets"),
      "Machine secrets",
      "secrets",
    ],
    [urn(STASH, "talos-api-serves", "ClusterBootstrap"), "Bootstrap", "api-serves"],
    [urn("kubernetes:helm.sh/v3:Release", "talos-release", "Cilium"), "Cilium", "release"],
    [urn("pulumi:providers:kubernetes", "talos-kubernetes"), "Cilium", "provider kubernetes"],
    ["urn:pulumi:s::p::aws:s3/bucket:Bucket::my-bucket", "Other resources", "my-bucket"],
  ];
  for (const [resource, lane, label] of cases) {
    it(`${resource.split("::").at(-1)} is ${label} in ${lane}`, () => {
      assert.equal(laneOf(resource, nodes), lane);
      assert.equal(labelOf(resource, lane), label);
    });
  }
  it("a gate is a Stash that waits", () => {
    assert.equal(isGate(urn(STASH, "talos-ready", "Cilium")), true);
    assert.equal(isGate(urn(STASH, "talos-ready-times", "Cilium")), false);
    assert.equal(isGate(urn(APPLY, "talos-ready-apply", "MachineConfiguration")), false);
  });
});

describe("the axis", () => {
  const cases: [number, number, number[]][] = [
    [24, 10, [0, 5, 10, 15, 20]],
    [24, 5, [0, 5, 10, 15, 20]],
    [0.4, 5, [0, 0.1, 0.2, 0.3, 0.4]],
    [600, 5, [0, 200, 400, 600]],
  ];
  for (const [seconds, atMost, wanted] of cases) {
    it(`${seconds} s has lines at ${wanted}`, () =>
      assert.deepEqual(ticks(seconds, atMost), wanted));
  }
  it("writes seconds as long as they are of use", () =>
    assert.deepEqual([0, 0.04, 0.4, 4.24, 9.97, 312.4].map(formatSeconds), [
      ...["0.00 s", "0.04 s", "0.4 s", "4.2 s", "10 s", "312 s"],
    ]));
});

describe("placeLane", () => {
  const scale = { left: 100, right: 500, seconds: 20 };
  const bar = (
    label: string,
    begun: number,
    seconds: number,
    more: Partial<ReportBar> = {},
  ): ReportBar => ({
    ...{ name: `talos-${label}`, label, type: "t", operation: "create", begun, seconds },
    ...{ result: "done", isGate: false, ...more },
  });
  const place = (...bars: ReportBar[]) =>
    placeLane({ name: "cp-1", kind: "controlplane", bars }, scale, 10);

  it("puts a label where it has room: inside, to the right, to the left", () => {
    const { bars } = place(bar("wide", 0, 15), bar("right", 0, 1), bar("left", 19, 1));
    assert.deepEqual(
      bars.map(({ label }) => label?.side),
      ["inside", "right", "left"],
    );
  });
  it("shows a bar of no length, and leaves a kept value without a label", () => {
    const { bars } = place(bar("value", 20, 0, { type: STASH }));
    assert.deepEqual([bars[0]!.x, bars[0]!.width, bars[0]!.label], [497, 3, undefined]);
  });
  it("keeps the seconds of a label that is too long", () => {
    const { bars } = place(bar("x".repeat(99), 10, 0.1));
    assert.match(bars[0]!.label!.text, /^x+… 0\.1 s$/);
    assert(textWidth(bars[0]!.label!.text, 10) < 200);
  });
  it("lets no bar and no label of 200 random ones touch another", () => {
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const bars = Array.from({ length: 200 }, (_, index) =>
      bar("b".repeat(1 + (index % 9)), random() * 18, random() * 2),
    );
    const boxes = place(...bars).bars.map(({ x, width, row, label }) => {
      const takes = label && label.side !== "inside" ? textWidth(label.text, 10) + 4 : 0;
      return {
        row,
        from: label?.side === "left" ? x - takes : x,
        to: x + width + (label?.side === "right" ? takes : 0),
      };
    });
    for (const one of boxes) {
      assert(one.from >= scale.left - 0.01 && one.to <= scale.right + 0.01, JSON.stringify(one));
      for (const other of boxes) {
        const apart =
          one === other || one.row !== other.row || one.to < other.from || other.to < one.from;
        assert(apart, JSON.stringify([one, other]));
      }
    }
  });
  it("counts from the left, and cuts at the end", () =>
    assert.deepEqual(
      [0, 10, 99].map((second) => xOf(scale, second)),
      [100, 300, 500],
    ));
  it("shortens with an ellipsis", () => assert.equal(shortened("a-long-name", 45, 10), "a-long…"));
});

describe("the moments of the bootstrap window", () => {
  it("lie in the run that passed them", () => {
    const marks = marksOf(TIMELINE, BEGUN, BEGUN + 24_000);
    assert.deepEqual(
      marks.map(({ second }) => second),
      [5.2, 11.3, 12.4, 18, 19, 23],
    );
    assert.deepEqual(
      phasesOf(TIMELINE, marks, 0.8).map(({ seconds }) => seconds),
      [0.8, 4.4, 6.1, 1.1, 5.6, 1, 4],
    );
  });
  it("lie in no run of another day, which still says where the time of the bootstrap went", () => {
    const marks = marksOf(TIMELINE, BEGUN + 9e7, BEGUN + 9e7 + 1000);
    assert.deepEqual(marks, []);
    assert.equal(phasesOf(TIMELINE, marks, 0).length, 5);
  });
  it("are none before the bootstrap", () => assert.deepEqual(phasesOf(undefined, [], 0), []));
  it("never go backwards, although a cluster tells whole seconds only", () => {
    const early = { ...TIMELINE, firstAgentReady: "2026-01-01T00:00:12.000Z" };
    const seconds = phasesOf(early, [], 0).map((phase) => phase.seconds);
    assert.deepEqual(seconds, [6.1, 1.1, 0, 6.6, 4]);
  });
});
