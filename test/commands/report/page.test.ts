import assert from "node:assert/strict";

import { runOfEvents } from "../../../commands/report/bars";
import { reportPage } from "../../../commands/report/page";
import { reportOf } from "../../../commands/report/reportRun";
import { buildReport } from "../../../commands/report/report";
import { budgetText, timelineFile } from "../../../commands/report/timelineSvg";
import { assertGolden } from "../../support/golden";
import { BEGUN, bootstrapWork, clusterOf, eventsOf, TIMELINE, urn } from "./bootstrapRun";

function report(controlPlanes: number, workers: number, more: object = {}) {
  const spec = clusterOf(controlPlanes, workers);
  const run = runOfEvents(eventsOf(bootstrapWork(spec.nodes.map(({ hostname }) => hostname))));
  return buildReport({
    ...{ stackName: "dev", spec, warnings: [], run, timeline: TIMELINE, ...more },
  });
}

describe("the report's files (no browser looks at them here; browser.test.ts has one)", () => {
  it("has the golden timeline of a small cluster", () =>
    assertGolden("report/timeline.svg", `${timelineFile(report(1, 1))}\n`));

  it("is one page under 500 KB for 50 nodes, which asks for nothing and runs nothing", () => {
    const page = reportPage(report(3, 47));
    assert(Buffer.byteLength(page) < 500_000, `${Buffer.byteLength(page)} bytes`);
    assert.doesNotMatch(page, /<script|<link(?! rel="icon" href="data:,")|<img|@import|url\((?!#)/);
    assert.match(page, /default-src 'none'/);
  });

  it("writes what others named as text, never as markup", () => {
    const spec = { ...clusterOf(1, 0), clusterName: `<b>"&'` };
    const page = reportPage(report(1, 0, { spec }));
    assert.doesNotMatch(page, /<b>"/);
    assert.match(page, /<h1>&#60;b&#62;&#34;&#38;&#39;<\/h1>/);
  });

  it("shows each rule that warned and each message of the run", () => {
    const warnings = [
      {
        id: "even-control-planes",
        propertyPath: "nodes",
        reason: "two are no more than one",
        fix: "Take three",
      },
    ];
    const run = {
      ...runOfEvents(eventsOf([])),
      messages: [{ severity: "error" as const, text: "no disk" }],
    };
    const { findings } = report(1, 0, { warnings, run });
    assert.deepEqual(findings, [
      {
        severity: "warning",
        from: "even-control-planes",
        text: "nodes: two are no more than one. Take three",
      },
      { severity: "error", from: "run", text: "no disk" },
    ]);
  });

  it("draws the end of the budget where it was passed", () => {
    const late = report(1, 0, { timeline: { ...TIMELINE, secondsBudgeted: 10 } });
    const svg = timelineFile(late);
    assert.match(svg, /class="budget over"/);
    assert.match(svg, /<line class="end"/);
    assert.equal(budgetText(late.window), "Bootstrap window: 18 s of 10 s (178 %)");
  });

  it("shows a run that failed before the bootstrap", () => {
    const run = {
      ...runOfEvents(eventsOf(bootstrapWork(["cp-1"]).slice(0, 2), 3)),
      result: "failed" as const,
    };
    const page = reportPage(report(1, 0, { run, timeline: undefined }));
    assert.match(page, /class="badge failed">failed</);
    assert.match(page, /has not been bootstrapped yet/);
  });
});

describe("reportOf", () => {
  const spec = clusterOf(1, 0);
  const cluster = { spec, problems: [] as [], warnings: [] };
  const created = (second: number) => new Date(BEGUN + second * 1000).toISOString();
  const exported = {
    deployment: {
      resources: [
        {
          urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev",
          created: created(0),
          outputs: { bootstrapTimeline: TIMELINE },
        },
        {
          urn: urn("pulumi:index:Stash", "talos-ready", "Cilium"),
          custom: true,
          created: created(23),
        },
        {
          urn: urn("pulumi:index:Stash", "talos-new", "Cilium"),
          custom: true,
          created: created(9e5),
        },
      ],
    },
  };
  const names = (report: ReturnType<typeof reportOf>) =>
    report.lanes.flatMap(({ bars }) => bars.map(({ name }) => name));

  it("shows the run that was watched", () => {
    const run = runOfEvents(eventsOf(bootstrapWork(["cp-1"])));
    const report = reportOf({ stackName: "dev", cluster, exported, run });
    assert.equal(report.run.source, "events");
    assert.equal(names(report).length, run.bars.length);
  });
  it("shows the bootstrap that the state remembers after a run that changed nothing", () => {
    const report = reportOf({
      stackName: "dev",
      cluster,
      exported,
      run: runOfEvents(eventsOf([])),
    });
    assert.equal(report.run.source, "state");
    assert.deepEqual(names(report), ["talos-ready"]);
    assert.equal(report.window.secondsUsed, TIMELINE.secondsUsed);
  });
  it("shows a run that made nothing of an empty stack, and refuses that stack alone", () => {
    const empty = { deployment: { resources: null } };
    const run = { ...runOfEvents(eventsOf([])), result: "unfinished" as const };
    const report = reportOf({ stackName: "dev", cluster, exported: empty, run });
    assert.deepEqual([report.run.source, report.run.result], ["events", "unfinished"]);
    assert.throws(
      () => reportOf({ stackName: "dev", cluster, exported: empty }),
      /^Error: stack dev has no resource yet: bring it up first$/,
    );
  });
  it("refuses a configuration that is not valid", () => {
    const problems = [{ id: "x", propertyPath: "nodes", reason: "none", fix: "add one" }];
    assert.throws(
      () =>
        reportOf({
          stackName: "dev",
          cluster: { spec: undefined, problems, warnings: [] },
          exported,
        }),
      /nodes \[x\]/,
    );
  });
});
