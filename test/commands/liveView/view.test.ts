import assert from "node:assert/strict";

import { drawView } from "../../../commands/liveView/draw";
import { jsonLines } from "../../../commands/liveView/jsonLines";
import { Painter } from "../../../commands/liveView/painter";
import { advance, emptyView, type View } from "../../../commands/liveView/view";
import { audienceOf, watchRun } from "../../../commands/liveView/watchRun";
import type { StampedEvent } from "../../../commands/report/engineEvents";
import { BEGUN, bootstrapWork, clusterOf, eventsOf, urn } from "../report/bootstrapRun";

const SCREEN = { columns: 80, rows: 24, colours: false };
const STASH = "pulumi:index:Stash";
const APPLY = "talos:machine/configurationApply:ConfigurationApply";

const after = (view: View, ...events: StampedEvent[]) => events.reduce(advance, view);
const at = (second: number, body: object): StampedEvent => ({
  at: BEGUN + second * 1000,
  event: { timestamp: 0, ...body },
});
const metadata = (type: string, name: string, component: string, op = "create") => ({
  metadata: { op, type, urn: urn(type, name, component), new: { custom: true } },
});
const says = (second: number, message: string, more: object = {}) =>
  at(second, { diagnosticEvent: { severity: "info", message, ephemeral: true, ...more } });
const gate = metadata(STASH, "talos-api-serves", "ClusterBootstrap");
const applying = (hostname: string) =>
  metadata(APPLY, `talos-${hostname}-apply`, "MachineConfiguration");

describe("the live view (events are made up; a terminal itself is not tried)", () => {
  const view = emptyView(clusterOf(2, 1));
  const stateOf = (of: View, name: string) => {
    const { state, detail } = of.lines.find((line) => line.name === name)!;
    return [state, detail];
  };

  it("has a line for each stage and each node, in the order of the pipeline", () =>
    assert.deepEqual(
      view.lines.map(({ name }) => name),
      [
        "Machine secrets",
        "cp-1",
        "cp-2",
        "worker-1",
        "Bootstrap",
        "API serves",
        "Cilium",
        "Cluster ready",
      ],
    ));

  it("ends with every line done after a whole run", () => {
    const events = eventsOf(bootstrapWork(["cp-1", "cp-2", "worker-1"]));
    const states = after(view, ...events).lines.map(({ state }) => state);
    assert.deepEqual(new Set(states), new Set(["done"]));
  });

  it("shows what a gate waits for, without a clock of its own", () => {
    const waiting = after(
      view,
      at(0, { resourcePreEvent: applying("cp-1") }),
      at(1, { resourcePreEvent: gate }),
      says(2, "waiting for the API server: nothing listens yet (3 s)"),
    );
    assert.deepEqual(stateOf(waiting, "API serves"), [
      "running",
      "waiting for the API server: nothing listens yet",
    ]);
    assert.deepEqual(stateOf(waiting, "cp-1"), ["running", "apply: create"]);
    const passed = after(waiting, at(3, { resOutputsEvent: gate }));
    assert.deepEqual(stateOf(passed, "API serves"), ["done", ""]);
  });

  const owners: [string, object, string][] = [
    [
      "the node that it names",
      { message: "waiting for cp-1 (192.168.1.10): refused (1 s)" },
      "cp-1",
    ],
    [
      "the resource that it names",
      { urn: applying("cp-1").metadata.urn, message: "retry" },
      "cp-1",
    ],
    [
      "what began last, where only the stack is named",
      { urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", message: "waiting for etcd" },
      "cp-2",
    ],
  ];
  for (const [name, message, owner] of owners) {
    it(`gives a message to ${name}`, () => {
      const running = after(
        view,
        at(0, { resourcePreEvent: applying("cp-1") }),
        at(1, { resourcePreEvent: applying("cp-2") }),
        says(2, "", message),
      );
      assert.match(stateOf(running, owner)[1]!, /waiting|retry/);
      assert.equal(running.lines.filter(({ detail }) => /waiting|retry/.test(detail)).length, 1);
    });
  }

  it("keeps a failure, and tells what did not change", () => {
    const failed = after(
      view,
      at(0, { resourcePreEvent: gate }),
      at(1, { resOpFailedEvent: gate }),
      at(2, {
        resourcePreEvent: metadata(APPLY, "talos-cp-1-apply", "MachineConfiguration", "same"),
      }),
    );
    assert.equal(stateOf(failed, "API serves")[0], "failed");
    assert.equal(stateOf(failed, "cp-1")[0], "unchanged");
  });

  it("is done with a line when the last of what runs side by side is", () => {
    const [ca, certificate] = ["talos-cilium-ca", "talos-hubble-server-certs"].map((name) =>
      metadata("kubernetes:core/v1:Secret", name, "Cilium"),
    );
    const release = metadata("kubernetes:helm.sh/v3:Release", "talos-release", "Cilium");
    const one = after(
      view,
      at(0, { resourcePreEvent: ca }),
      at(1, { resourcePreEvent: certificate }),
      at(2, { resOutputsEvent: certificate }),
    );
    assert.deepEqual(stateOf(one, "Cilium"), ["running", "cilium-ca: create"]);
    assert.equal(one.lines.find(({ name }) => name === "Cilium")!.ended, undefined);
    const none = after(one, at(3, { resOutputsEvent: ca }));
    assert.deepEqual(stateOf(none, "Cilium"), ["running", ""]);
    const [before, behind] = [
      after(none, at(4, { resourcePreEvent: release }), at(5, { resOutputsEvent: release })),
      after(none, at(4, { summaryEvent: { durationSeconds: 4, result: "succeeded" } })),
    ];
    assert.deepEqual(stateOf(before, "Cilium"), ["done", ""]);
    assert.deepEqual(stateOf(behind, "Cilium"), ["done", ""]);
  });

  it("shows no debugging message, which may hold any secret", () => {
    const secret = says(1, "registering: hunter2", { severity: "debug" });
    const shown = after(view, at(0, { resourcePreEvent: gate }), secret);
    assert.doesNotMatch(JSON.stringify(shown.lines), /hunter2/);
    assert.deepEqual(
      jsonLines(view, view, says(1, "hunter2", { severity: "debug", ephemeral: false })),
      [],
    );
  });

  it("redacts keys in what hooks say", () => {
    const text = after(
      view,
      at(0, { resourcePreEvent: gate }),
      says(1, "token abcdef.0123456789abcdef"),
    );
    assert.deepEqual(stateOf(text, "API serves"), ["running", "token [secret]"]);
  });
});

describe("drawView", () => {
  const running = after(
    emptyView(clusterOf(1, 0)),
    at(0, { resourcePreEvent: applying("cp-1") }),
    at(2, { resOutputsEvent: applying("cp-1") }),
    at(2, { resourcePreEvent: gate }),
    says(
      3,
      "waiting for the API server: nothing listens yet (connection refused) and so on and on (1 s)",
    ),
  );

  it("shows state, time and what is waited for, and never wraps", () => {
    const lines = drawView(running, BEGUN + 6_200, SCREEN);
    assert.deepEqual(
      lines,
      [
        "  · Machine secrets",
        "  ✔ cp-1                   2.0 s",
        "  · Bootstrap",
        "  ⠹ API serves             4.2 s  waiting for the API server: nothing listens yet",
        "  · Cilium",
        "  · Cluster ready",
      ].map((line) => line.slice(0, 79)),
    );
  });

  it("colours only the sign of a line that runs", () => {
    const [, node] = drawView(running, BEGUN, { ...SCREEN, colours: true });
    assert.match(node!, /^ {2}\x1b\[32m✔\x1b\[0m cp-1/);
  });

  it("keeps what runs where there are more lines than rows, and counts the rest", () => {
    const many = after(
      emptyView(clusterOf(3, 47)),
      at(0, { resourcePreEvent: applying("worker-9") }),
    );
    const lines = drawView(many, BEGUN, { ...SCREEN, rows: 10 });
    assert.equal(lines.length, 2);
    assert.match(lines[0]!, /worker-9/);
    assert.equal(lines[1], "  54 waiting");
    const busy = after(
      many,
      ...Array.from({ length: 40 }, (_, index) =>
        at(1, { resourcePreEvent: applying(`worker-${index + 1}`) }),
      ),
    );
    assert.equal(drawView(busy, BEGUN, { ...SCREEN, rows: 10 }).length, 8);
  });
});

describe("jsonLines", () => {
  it("tells each line that changed, and what was said for good", () => {
    const view = emptyView(clusterOf(1, 0));
    const begun = at(1, { resourcePreEvent: gate });
    const waiting = says(2, "waiting for the API server: refused (1 s)");
    const first = advance(view, begun);
    assert.deepEqual(jsonLines(view, first, begun), [
      {
        ...{ event: "line", time: "2026-01-01T00:00:01.000Z", name: "API serves" },
        ...{ state: "running", seconds: 0, detail: "api-serves: create" },
      },
    ]);
    assert.deepEqual(jsonLines(first, advance(first, waiting), waiting), [
      {
        ...{ event: "line", time: "2026-01-01T00:00:02.000Z", name: "API serves" },
        ...{ state: "running", seconds: 1, detail: "waiting for the API server: refused" },
      },
    ]);
    const warning = at(3, { diagnosticEvent: { severity: "warning", message: "slow" } });
    assert.deepEqual(jsonLines(view, view, warning), [
      { event: "message", time: "2026-01-01T00:00:03.000Z", severity: "warning", text: "slow" },
    ]);
  });
});

describe("who watches", () => {
  const cases: [boolean, boolean, string[], string][] = [
    [false, true, [], "terminal"],
    [false, true, ["--expect-no-changes"], "terminal"],
    [false, true, ["--json"], "plain"],
    [false, true, ["--diff"], "plain"],
    [false, true, ["--show-sames=true"], "plain"],
    [false, false, [], "plain"],
    [true, true, [], "json"],
  ];
  for (const [json, isTerminal, args, wanted] of cases) {
    it(`${json ? "--json" : "no --json"}, ${isTerminal ? "a terminal" : "a file"}, ${args.join(" ") || "no arguments"}: ${wanted}`, () =>
      assert.equal(audienceOf(json, isTerminal, args), wanted));
  }
});

describe("the painter", () => {
  const terminal = () => {
    const written: string[] = [];
    const write = (text: unknown) => written.push(String(text)) > 0;
    return { written, columns: 80, rows: 24, write };
  };

  it("draws at the same place again, and leaves what was printed above", () => {
    const screen = terminal();
    const painter = new Painter(screen, () => ["one", "two"]);
    painter.print("stays");
    painter.end();
    assert.deepEqual(screen.written, [
      "\r\x1b[Jone\ntwo\n",
      "\x1b[2A\r\x1b[Jstays\none\ntwo\n",
      "\x1b[2A\r\x1b[Jone\ntwo\n",
    ]);
  });

  it("shows messages above the lines while the run goes on", () => {
    const screen = terminal();
    const watcher = watchRun("terminal", clusterOf(1, 0), new AbortController().signal, screen);
    watcher.onLine(" +  talos creating");
    watcher.onEvent(at(1, { diagnosticEvent: { severity: "warning", message: "slow disk" } }));
    watcher.end(false);
    const text = screen.written.join("");
    assert.match(text, /slow disk\n/);
    assert.doesNotMatch(text, /talos creating/);
  });

  it("draws below what an interrupt said, and not over it", () => {
    const screen = terminal();
    const interrupt = new AbortController();
    const watcher = watchRun("terminal", clusterOf(1, 0), interrupt.signal, screen);
    interrupt.abort();
    watcher.end(false);
    assert.match(screen.written[0]!, /^\r\x1b\[J/);
    assert.match(screen.written.at(-1)!, /^\r\x1b\[J/);
  });
});
