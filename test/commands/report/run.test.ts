import assert from "node:assert/strict";

import { runOfEvents } from "../../../commands/report/bars";
import { parseEventLog, plainText, urnParts } from "../../../commands/report/engineEvents";
import { runOfState, stackOutputs } from "../../../commands/report/stateRun";
import { BEGUN, bootstrapWork, eventsOf, urn } from "./bootstrapRun";

const STASH = "pulumi:index:Stash";

describe("runOfEvents (events are made up in the engine's shape; test/lab/cli has the engine's own)", () => {
  const events = eventsOf(bootstrapWork(["cp-1", "worker-1"]));

  it("makes one bar of each resource, in the order of their beginnings", () => {
    const { bars, result, source } = runOfEvents(events);
    assert.equal(bars.length, bootstrapWork(["cp-1", "worker-1"]).length);
    assert.deepEqual([result, source], ["succeeded", "events"]);
    assert.deepEqual(
      bars.map(({ begun }) => begun),
      bars.map(({ begun }) => begun).toSorted((a, b) => a - b),
    );
    const bootstrap = bars.find((bar) => bar.urn.endsWith("::talos-bootstrap"))!;
    assert.deepEqual([bootstrap.begun - BEGUN, bootstrap.ended - BEGUN], [3500, 5200]);
  });

  const step = (op: string, custom = true) => ({
    metadata: { op, urn: urn(STASH, "talos-x"), type: STASH, new: { custom } },
  });
  const at = (second: number, body: object) => ({
    at: BEGUN + second * 1000,
    event: { timestamp: 0, ...body },
  });

  const cases: [string, object[], [string, number, string][]][] = [
    ["leaves out what stays as it is", [{ resourcePreEvent: step("same") }], []],
    ["leaves out components", [{ resourcePreEvent: step("create", false) }], []],
    [
      "keeps what never ended until the last event",
      [{ resourcePreEvent: step("create") }, {}],
      [["create", 1, "unfinished"]],
    ],
    [
      "marks what failed",
      [{ resourcePreEvent: step("update") }, { resOpFailedEvent: step("update") }],
      [["update", 1, "failed"]],
    ],
    [
      "tells the steps of a replacement apart",
      [
        { resourcePreEvent: step("create-replacement") },
        { resOutputsEvent: step("create-replacement") },
        { resourcePreEvent: step("delete-replaced") },
        { resOutputsEvent: step("delete-replaced") },
      ],
      [
        ["create-replacement", 1, "done"],
        ["delete-replaced", 1, "done"],
      ],
    ],
  ];
  for (const [name, bodies, wanted] of cases) {
    it(name, () => {
      const { bars } = runOfEvents(bodies.map((body, second) => at(second, body)));
      const found = bars.map((bar) => [bar.operation, (bar.ended - bar.begun) / 1000, bar.result]);
      assert.deepEqual(found, wanted);
    });
  }

  it("keeps warnings and errors once each, without progress, colours or keys", () => {
    const say = (severity: string, message: string, ephemeral = false) =>
      at(1, { diagnosticEvent: { severity, message, ephemeral } });
    const { messages, result } = runOfEvents([
      say("info", "hello"),
      say("info", "waiting for etcd (3 s)", true),
      say("warning", "<{%fg 3%}>warning: <{%reset%}>slow"),
      say("warning", "warning: slow"),
      say("error", "token abcdef.0123456789abcdef was refused"),
      at(2, { policyEvent: { policyName: "no-latest", message: "an image is not pinned" } }),
    ]);
    assert.deepEqual(messages, [
      { severity: "warning", text: "slow" },
      { severity: "error", text: "token [secret] was refused" },
      { severity: "warning", text: "policy no-latest: an image is not pinned" },
    ]);
    assert.equal(result, "failed");
  });

  it("believes the engine's summary where an error was got over", () => {
    const error = at(1, { diagnosticEvent: { severity: "error", message: "a lost reply" } });
    const ended = (result?: string) =>
      runOfEvents([error, at(2, { summaryEvent: { durationSeconds: 2, result } })]).result;
    assert.deepEqual(
      [ended("succeeded"), ended("failed"), ended()],
      ["succeeded", "failed", "failed"],
    );
  });
});

describe("runOfState", () => {
  const resource = (name: string, second: number, more: object = {}) => ({
    ...{ urn: urn(STASH, name), custom: true },
    created: new Date(BEGUN + second * 1000).toISOString(),
    ...more,
  });
  const resources = [
    { ...resource("talos", 1), custom: false, urn: urn("component", "talos") },
    resource("talos-a", 3, { parent: urn("component", "talos") }),
    resource("talos-b", 7, {
      parent: urn("component", "talos"),
      dependencies: [urn(STASH, "talos-a")],
    }),
    resource("talos-late", 9000, { parent: urn("component", "talos") }),
  ];
  const spans = (until?: number) =>
    runOfState({ deployment: { resources } }, until).bars.map((bar) => [
      (bar.begun - BEGUN) / 1000,
      (bar.ended - BEGUN) / 1000,
    ]);

  it("begins a bar when the last thing that it waited for was there", () => {
    assert.deepEqual(spans(), [
      [1, 3],
      [1, 9000],
      [3, 7],
    ]);
  });
  it("leaves out what was made after the bootstrap", () =>
    assert.deepEqual(spans(BEGUN + 60_000), [
      [1, 3],
      [3, 7],
    ]));
  it("has no bar in an empty stack", () => {
    assert.deepEqual(runOfState({ deployment: { resources: null } }).bars, []);
    assert.deepEqual(stackOutputs({ deployment: {} }), {});
  });
});

describe("an event log", () => {
  it("may end in the middle of a line", () => {
    const events = parseEventLog('{"timestamp":5,"preludeEvent":{}}\n{"timest');
    assert.deepEqual(events, [{ at: 5000, event: { timestamp: 5, preludeEvent: {} } }]);
  });
  it("has colours in the CLI's own marks or in the terminal's", () =>
    assert.equal(plainText("<{%fg 1%}>a<{%reset%}> \x1b[31mb\x1b[0m\n"), "a b"));
  it("names resources by URNs, whose name may hold colons", () =>
    assert.deepEqual(urnParts("urn:pulumi:s::p::a:b:C$d:e:F::n::m"), {
      types: ["a:b:C", "d:e:F"],
      name: "n::m",
    }));
});
