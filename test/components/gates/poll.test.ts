import assert from "node:assert/strict";

import { paced } from "../../../components/gates/poll";

describe("paced (when it asks, not what)", () => {
  it("asks at once, then ever more seldom, and at least every five seconds", async () => {
    let clock = 0;
    const asked: number[] = [];
    const question = paced(
      async () => {
        asked.push(clock / 1000);
        return asked.length;
      },
      () => clock,
    );
    for (; clock <= 20_000; clock += 500) assert.equal(await question(undefined), asked.length);
    assert.deepEqual(asked, [0, 0.5, 1, 2, 4, 8, 13, 18]);
  });

  it("asks again where there was no answer", async () => {
    let times = 0;
    const question = paced(async () => {
      if (++times === 1) throw new Error("no answer");
      return times;
    });
    await assert.rejects(question(undefined), /no answer/);
    assert.equal(await question(undefined), 2);
  });
});
