import assert from "node:assert/strict";
import { appendFileSync, closeSync, existsSync, openSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { followEventLog } from "../../../commands/liveView/followEventLog";
import type { StampedEvent } from "../../../commands/report/engineEvents";

describe("followEventLog (the engine itself writes one in test/lab/cli)", () => {
  const line = JSON.stringify({ timestamp: 1, diagnosticEvent: { message: "wärmt auf" } });

  it("stamps each event when it comes, whole, however it was written", async () => {
    const events: StampedEvent[] = [];
    const begun = Date.now();
    const log = followEventLog((event) => events.push(event));
    const written = openSync(log.args[1]!, "a");
    const write = async (bytes: Buffer) => {
      writeSync(written, bytes);
      await sleep(100);
    };
    // In the middle of a letter of two bytes.
    const bytes = Buffer.from(`${line}\n`);
    const half = bytes.indexOf("ä") + 1;
    await write(bytes.subarray(0, half));
    assert.equal(events.length, 0);
    await write(bytes.subarray(half));
    writeSync(written, `${line}\n${line}\n`);
    log.end();
    closeSync(written);
    assert.deepEqual(
      events.map(({ event }) => event.diagnosticEvent?.message),
      ["wärmt auf", "wärmt auf", "wärmt auf"],
    );
    assert(events[0]!.at >= begun && events[0]!.at <= Date.now());
  });

  it("lets nobody else read the file, and takes its name away as soon as it is written to", async () => {
    const log = followEventLog(() => undefined);
    const file = log.args[1]!;
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700);
    appendFileSync(file, `${line}\n`);
    for (const deadline = Date.now() + 5000; existsSync(file) && Date.now() < deadline;) {
      await sleep(10);
    }
    assert.equal(existsSync(path.dirname(file)), false, "it lasts while the run goes on");
    log.end();
  });

  it("leaves nothing of a run that wrote nothing", () => {
    const log = followEventLog(() => undefined);
    log.end();
    assert.equal(existsSync(path.dirname(log.args[1]!)), false);
  });
});
