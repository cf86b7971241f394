import assert from "node:assert/strict";

import { trace } from "../../components/stackTraces";

describe("stackTraces (the time that they save is measured with the engine)", () => {
  const frame = (file: string | null, text: string) =>
    ({ getFileName: () => file, toString: () => text }) as NodeJS.CallSite;
  const frames = [
    frame("/p/index.ts", "f (/p/index.ts:1:2)"),
    frame("/p/node_modules/@pulumi/pulumi/resource.js", "new Resource (resource.js:3:4)"),
    frame("node:internal/main", "node:internal/main:5:6"),
    frame(null, "<anonymous>"),
    frame("/p/components/a.ts", "g (/p/components/a.ts:7:8)"),
  ];
  const mapped = (error: Error, asked: NodeJS.CallSite[]) =>
    [String(error), ...asked.map((each) => `mapped ${String(each)}`)].join("\n    at ");

  it("maps the program's frames, and leaves those of packages and of Node as they are", () => {
    assert.deepEqual(trace(new Error("told\n    at once"), frames, mapped).split("\n"), [
      "Error: told",
      "    at once",
      "    at mapped f (/p/index.ts:1:2)",
      "    at new Resource (resource.js:3:4)",
      "    at node:internal/main:5:6",
      "    at <anonymous>",
      "    at mapped g (/p/components/a.ts:7:8)",
    ]);
  });

  it("is Node's own trace where nothing maps", () => {
    const lines = trace(new TypeError("told"), frames.slice(0, 2)).split("\n");
    assert.deepEqual(lines, [
      "TypeError: told",
      "    at f (/p/index.ts:1:2)",
      "    at new Resource (resource.js:3:4)",
    ]);
  });

  it("keeps traces of ordinary errors", () => {
    const { stack = "" } = new Error("told");
    assert.match(stack, /^Error: told\n {4}at .*stackTraces\.test\.ts/);
  });
});
