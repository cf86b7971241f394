import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { abortAfter } from "../../lab/timeLimit";

describe("abortAfter", () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;

  it("aborts after its time, garbage collections or not", async () => {
    let over = 0;
    const other = new AbortController();
    const signals = Array.from({ length: 20 }, () => abortAfter(50, other.signal));
    for (const signal of signals) signal.addEventListener("abort", () => over++);
    // What a turn of the event loop made is garbage after it at the earliest.
    await sleep(10);
    collectGarbage();
    await sleep(100);
    assert.equal(over, 20);
  });

  it("says that its time is over", async () => {
    const signal = abortAfter(1);
    await sleep(20);
    assert.equal((signal.reason as Error).name, "TimeoutError");
  });

  it("aborts with another signal, for its reason, and at once where that one has", () => {
    const other = new AbortController();
    const before = abortAfter(60_000, new AbortController().signal, other.signal);
    other.abort("stopped");
    assert.equal(before.reason, "stopped");
    assert.equal(abortAfter(60_000, other.signal).reason, "stopped");
  });

  it("waits where a timer cannot count so far", async () => {
    const signal = abortAfter(2 ** 40);
    await sleep(20);
    assert.equal(signal.aborted, false);
  });
});
