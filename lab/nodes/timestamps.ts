import type { Timestamp } from "../../talosApi";

/** `google.protobuf.Timestamp` of a date. */
export function goDate(date: Date): Timestamp {
  const milliseconds = date.getTime();
  return {
    seconds: Math.floor(milliseconds / 1000),
    nanos: (milliseconds % 1000) * 1_000_000,
  };
}
