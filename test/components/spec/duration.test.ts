import assert from "node:assert/strict";

import { durationSeconds } from "../../../components/spec";

describe("durationSeconds", () => {
  for (const [text, seconds] of [
    ["10m", 600],
    ["1h30m", 5400],
    ["1.5s", 1.5],
    ["90s", 90],
    ["250ms", 0.25],
    ["-5m", -300],
    ["0", 0],
    ["0s", 0],
    [".5m", 30],
  ] as const) {
    it(`reads ${text}`, () => assert.equal(durationSeconds(text), seconds));
  }

  for (const text of ["", "10", "10 m", "10minutes", "m", "1d", "1h 30m", "."]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => durationSeconds(text), {
        message: `"${text}" is no duration such as 10m or 1h30m`,
      });
    });
  }
});
