import assert from "node:assert/strict";

import { withPackageFolder } from "../../components/stackTraces";

describe("withPackageFolder (the time that it saves is measured with the engine)", () => {
  const cases: [string, string][] = [
    [
      "    at f (/p/node_modules/@pulumi/resource.ts:1:2)",
      "    at f (/p/node_modules/@pulumi/pulumi/resource.ts:1:2)",
    ],
    [
      "    at /p/node_modules/@pulumi/pulumi/resource.js:1:2",
      "    at /p/node_modules/@pulumi/pulumi/resource.js:1:2",
    ],
    [
      "    at f (/p/node_modules/yaml/index.js:1:2)",
      "    at f (/p/node_modules/yaml/index.js:1:2)",
    ],
    [
      "Error: x\n    at /p/node_modules/@a/b.ts:1\n    at c",
      "Error: x\n    at /p/node_modules/@a/pulumi/b.ts:1\n    at c",
    ],
  ];
  for (const [before, after] of cases)
    it(JSON.stringify(before), () => assert.equal(withPackageFolder(before), after));

  it("keeps traces of ordinary errors", () => {
    const { stack = "" } = new Error("told");
    assert.match(stack, /^Error: told\n {4}at .*stackTraces\.test\.ts/);
  });
});
