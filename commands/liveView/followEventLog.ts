import { closeSync, openSync, readSync, rmSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

import type { StampedEvent } from "../report/engineEvents";
import { parseEvent } from "../report/engineEvents";

/** Pulumi notes times in seconds, so each event is stamped when it is read: this often. */
const READ_MILLISECONDS = 25;

const PIECE = 64 * 1024;

/** What makes the CLI write its engine's events to a file; the flag is one of its debugging flags. */
export function eventLogOptions(file: string): { args: string[]; env: Record<string, string> } {
  return { args: ["--event-log", file], env: { PULUMI_DEBUG_COMMANDS: "true" } };
}

/**
 * Reads the events of an event log as they are written.
 *
 * The engine writes secrets to it in clear, in its debugging messages and in outputs, so the file is made
 * here for its owner's eyes only, and does not outlive the run.
 *
 * @param file in a folder that is there; what it held is gone
 * @returns what reads the rest and removes the file
 */
export function followEventLog(file: string, onEvent: (event: StampedEvent) => void): () => void {
  const decoder = new StringDecoder("utf8");
  const piece = Buffer.alloc(PIECE);
  rmSync(file, { force: true });
  const descriptor = openSync(file, "wx+", 0o600);
  let line = "";
  const read = () => {
    for (let size; (size = readSync(descriptor, piece)) > 0;) {
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
  return () => {
    clearInterval(timer);
    read();
    closeSync(descriptor);
    rmSync(file, { force: true });
  };
}
