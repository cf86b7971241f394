import assert from "node:assert/strict";

import { commandsOf } from "./shell";

describe("commandsOf (of a page's commands; no shell)", () => {
  const cases: [text: string, commands: string[][]][] = [
    ["npm test  # all\n", [["npm", "test"]]],
    ["a && b | c; d\n", [["a"], ["b"], ["c"], ["d"]]],
    ["a \\\n  --flag 'two words'\n", [["a", "--flag", "two words"]]],
    ["a > file < other 2> log\n", [["a"]]],
    ["a --stack <name>\n", [["a", "--stack", "<name>"]]],
    ["KEY=value a\n", [["a"]]],
    ["export A=$(pulumi stack)\n", [["export", "A=$(pulumi stack)"]]],
  ];
  for (const [text, commands] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(commandsOf(text), commands));
  }
});
