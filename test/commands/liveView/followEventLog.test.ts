import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { followEventLog } from "../../../commands/liveView/followEventLog";
import type { StampedEvent } from "../../../commands/report/engineEvents";

describe("followEventLog (the engine itself writes one in test/lab/cli)", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "events-"));
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("stamps each event when it comes, whole, however it was written", async () => {
    const file = path.join(dir, "events.jsonl");
    const events: StampedEvent[] = [];
    const begun = Date.now();
    const end = followEventLog(file, (event) => events.push(event));
    await sleep(60);
    const line = JSON.stringify({ timestamp: 1, diagnosticEvent: { message: "wärmt auf" } });
    // In the middle of a letter of two bytes.
    const bytes = Buffer.from(`${line}\n`);
    const half = bytes.indexOf("ä") + 1;
    appendFileSync(file, bytes.subarray(0, half));
    await sleep(60);
    assert.equal(events.length, 0);
    appendFileSync(file, bytes.subarray(half));
    await sleep(60);
    appendFileSync(file, `${line}\n${line}\n`);
    end();
    assert.deepEqual(
      events.map(({ event }) => event.diagnosticEvent?.message),
      ["wärmt auf", "wärmt auf", "wärmt auf"],
    );
    assert(events[0]!.at >= begun && events[0]!.at <= Date.now());
  });

  it("lets nobody else read the file, into which the engine writes secrets, and removes it", () => {
    const file = path.join(dir, "private.jsonl");
    writeFileSync(file, '{"timestamp":1}\n', { mode: 0o644 });
    const events: StampedEvent[] = [];
    const end = followEventLog(file, (event) => events.push(event));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    end();
    assert.deepEqual(events, [], "an earlier run's events are gone");
    assert.equal(existsSync(file), false);
  });
});
