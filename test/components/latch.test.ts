import assert from "node:assert/strict";

import { latchProblems } from "../../components/latch";

const address = {
  propertyPath: "nodes[0].ipAddress",
  value: "192.0.2.9",
  reason: "the provider would configure the new machine and forget the old one",
  fix: 'set it back to "$kept"',
};

describe("latchProblems (the refusal in a preview is proved on the lab)", () => {
  it("has nothing to say before the first run or when nothing changed", () => {
    assert.deepEqual(latchProblems([address], [undefined]), []);
    assert.deepEqual(latchProblems([address], ["192.0.2.9"]), []);
  });

  it("names every changed value, what it was and the way back", () => {
    const contract = { ...address, propertyPath: "configContract", value: "v1.13" };
    const problems = latchProblems([address, contract], ["192.0.2.1", "v1.12"]);
    assert.deepEqual(
      problems.map(({ propertyPath, got, fix }) => ({ propertyPath, got, fix })),
      [
        { propertyPath: "nodes[0].ipAddress", got: "192.0.2.9", fix: 'set it back to "192.0.2.1"' },
        { propertyPath: "configContract", got: "v1.13", fix: 'set it back to "v1.12"' },
      ],
    );
    assert.match(problems[0]!.reason, /made with 192\.0\.2\.1/);
  });

  it("knows what a value is kept in, for a command that forgets it", () => {
    const [problem] = latchProblems(
      [{ ...address, fix: "set $kept, or: '$urn'" }],
      ["192.0.2.1"],
      ["urn:pulumi:a::b::c$d::e"],
    );
    assert.equal(problem?.fix, "set 192.0.2.1, or: 'urn:pulumi:a::b::c$d::e'");
  });
});
