import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { StringDecoder } from "node:string_decoder";

import type { StampedEvent } from "../report/engineEvents";
import { parseEvent } from "../report/engineEvents";

/** Pulumi notes times in seconds, so each event is stamped when it is read: this often. */
const READ_MILLISECONDS = 25;

const PIECE = 64 * 1024;

/** What the engine reports of one run of the CLI. */
export interface EventLog {
  /** What makes the CLI write it; the flag is one of its debugging flags. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Reads the rest, once the CLI has ended. */
  end(): void;
}

/**
 * Reads the events of one run as the CLI writes them.
 *
 * The engine writes secrets to its log in clear. So the file is for its owner's eyes only, and its name
 * goes as soon as the CLI has begun to write: what it holds goes with the two processes, however they end.
 */
export function followEventLog(onEvent: (event: StampedEvent) => void): EventLog {
  const folder = mkdtempSync(path.join(tmpdir(), "pulumi-events-"));
  const file = path.join(folder, "events.jsonl");
  const descriptor = openSync(file, "wx+", 0o600);
  const removeName = () => rmSync(folder, { recursive: true, force: true });
  const decoder = new StringDecoder("utf8");
  const piece = Buffer.alloc(PIECE);
  let hasName = true;
  let line = "";
  const read = () => {
    for (let size; (size = readSync(descriptor, piece)) > 0;) {
      if (hasName) removeName();
      hasName = false;
      const [rest = "", ...more] = decoder.write(piece.subarray(0, size)).split("\n");
      const complete = more.length > 0 ? [line + rest, ...more.slice(0, -1)] : [];
      line = more.at(-1) ?? line + rest;
      for (const text of complete) {
        const event = parseEvent(text);
        if (event) onEvent({ at: Date.now(), event });
      }
    }
  };
  const timer = setInterval(read, READ_MILLISECONDS);
  return {
    args: ["--event-log", file],
    env: { PULUMI_DEBUG_COMMANDS: "true" },
    end: () => {
      clearInterval(timer);
      read();
      closeSync(descriptor);
      removeName();
    },
  };
}
