import assert from "node:assert/strict";

import { describeParts } from "../../../lab/cli/parts";
import { elapsed } from "../../../lab/cli/progress";
import { readCluster } from "../../../lab/cli/readCluster";
import { findStack } from "../../../lab/cli/stack";
import { summarize, timelineLines } from "../../../lab/cli/summary";

describe("elapsed", () => {
  const cases: [number, string][] = [
    [420, "0.4 s"],
    [9_999, "10.0 s"],
    [42_900, "42 s"],
    [125_000, "2 min 05 s"],
  ];
  for (const [milliseconds, text] of cases) {
    it(`${milliseconds} ms is ${text}`, () => assert.equal(elapsed(milliseconds), text));
  }
});

describe("timelineLines", () => {
  it("counts from the bootstrap call, in the order of the marks", () => {
    const lines = timelineLines({
      allReady: "2026-01-01T00:00:30Z",
      apiServing: "2026-01-01T00:00:04Z",
      bootstrapAccepted: "2026-01-01T00:00:00Z",
      secondsUsed: 30,
      secondsBudgeted: 600,
    });
    assert.deepEqual(lines, [
      "Bootstrap timeline, 30 of 600 s used",
      "  bootstrap accepted  +0.0 s",
      "  API serving         +4.0 s",
      "  all nodes Ready     +30 s",
      "",
    ]);
  });

  it("shows nothing before there is anything to count from", () => {
    assert.deepEqual(timelineLines({ secondsBudgeted: 600, allReady: "2026-01-01T00:00:30Z" }), []);
  });
});

describe("summarize", () => {
  const text = (stackName: string) =>
    summarize({
      ...{ stackName, nodes: "NAME", timeline: undefined, milliseconds: 5300 },
      changes: { nodes: 6, apiServer: 0 },
    }).join("\n");

  it("says how long it took and what it changed, in words that CI looks for", () =>
    assert.match(
      text("dev"),
      /^Lab dev is up after 5\.3 s; calls that changed something: 6 to machines, 0 to the API server\.$/m,
    ));

  it("names the commands with the stack they are for", () => {
    assert.match(text("dev"), /npm run lab -- up/);
    assert.match(text("goldentooth"), /npm run lab -- --stack goldentooth destroy/);
  });
});

describe("describeParts", () => {
  const spec = readCluster(findStack("dev"));

  it("puts each part on one side, and calls the chart of this repository a stand-in", () => {
    const parts = {
      languageHost: "stand-in",
      talosProvider: "real",
      kubernetesProvider: undefined,
    } as const;
    const [head, real, standIns, either] = describeParts("dev", spec, parts);
    assert.match(head ?? "", /Lab dev: 5 nodes \(3 control planes, 2 workers\), Talos v1\.13\.0/);
    assert.match(real ?? "", /real: .*kube-apiserver.*the talos provider/);
    assert.match(standIns ?? "", /stand-ins: the machines.*language host.*lab\/charts\/cilium/);
    assert.match(either ?? "", /the kubernetes provider, real where it can be downloaded/);
  });

  it("calls any other chart real", () => {
    const cilium = { ...spec.cilium, chart: "cilium" };
    const parts = {
      languageHost: "real",
      talosProvider: "real",
      kubernetesProvider: "real",
    } as const;
    const [, real, standIns] = describeParts("dev", { ...spec, cilium }, parts);
    assert.match(real ?? "", /the chart cilium/);
    assert.doesNotMatch(standIns ?? "", /chart/);
  });
});
