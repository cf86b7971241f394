import assert from "node:assert/strict";

import { absolutePolicyPacks } from "../../commands/policyPackPaths";

describe("absolutePolicyPacks", () => {
  const cases: [given: string[], expected: string[]][] = [
    [[], []],
    [["--diff"], ["--diff"]],
    [
      ["--policy-pack", "policy", "--diff"],
      ["--policy-pack", "/home/me/policy", "--diff"],
    ],
    [["--policy-pack=../policy"], ["--policy-pack=/home/policy"]],
    [
      ["--policy-pack", "/opt/pack,own", "--policy-pack-config", "a.json"],
      ["--policy-pack", "/opt/pack,/home/me/own", "--policy-pack-config", "/home/me/a.json"],
    ],
    [
      ["--policy-pack-config=a.json", "policy"],
      ["--policy-pack-config=/home/me/a.json", "policy"],
    ],
    [
      ["--target", "policy", "--policy-packs", "x"],
      ["--target", "policy", "--policy-packs", "x"],
    ],
    [["--policy-pack"], ["--policy-pack"]],
  ];
  for (const [given, expected] of cases) {
    it(given.join(" ") || "nothing", () =>
      assert.deepEqual(absolutePolicyPacks(given, "/home/me"), expected),
    );
  }
});
