import { redact } from "../../components/secretForms";
import type { StampedEvent } from "../report/engineEvents";
import { plainText } from "../report/engineEvents";
import type { View, ViewLine } from "./view";

/** One object of `--json`; each is one line. */
export type JsonLine =
  | {
      readonly event: "line";
      /** ISO time. */
      readonly time: string;
      /** The stage or the node. */
      readonly name: string;
      readonly state: ViewLine["state"];
      /** Since it began; absent before. */
      readonly seconds?: number;
      /** What runs or is waited for. */
      readonly detail?: string;
    }
  | {
      readonly event: "message";
      readonly time: string;
      readonly severity: string;
      readonly text: string;
    }
  | {
      readonly event: "end";
      readonly time: string;
      readonly result: "succeeded" | "failed" | "interrupted";
      readonly seconds: number;
      /** Path of the report; absent where none was written. */
      readonly report?: string;
    };

/** What one event changed, for machines. Pure. */
export function jsonLines(before: View, after: View, { at, event }: StampedEvent): JsonLine[] {
  const time = new Date(at).toISOString();
  const changed = after.lines.filter((line, index) => {
    const was = before.lines[index];
    return line.state !== was?.state || line.detail !== was.detail;
  });
  const lines = changed.map(({ name, state, begun, ended, detail }): JsonLine => ({
    ...{ event: "line", time, name, state },
    ...(begun !== undefined && { seconds: ((ended ?? at) - begun) / 1000 }),
    ...(detail && { detail }),
  }));
  const diagnostic = event.diagnosticEvent;
  if (!diagnostic || diagnostic.ephemeral || diagnostic.severity === "debug") return lines;
  const text = redact(plainText(diagnostic.message));
  return [...lines, { event: "message", time, severity: diagnostic.severity, text }];
}
