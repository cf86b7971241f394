import { isUtf8 } from "node:buffer";

import type { LocatedProblem } from "./readStackFile";

/** The text of a file, or why it is none. Pulumi takes UTF-16 too; nothing else that reads it does. Pure. */
export function fileText(bytes: Buffer): string | LocatedProblem {
  if (isUtf8(bytes)) return bytes.toString("utf8").replace(/^\ufeff/, "");
  const lines = bytes.toString("latin1").split("\n");
  const index = lines.findIndex((line) => !isUtf8(Buffer.from(line, "latin1")));
  return {
    id: "yaml-syntax",
    propertyPath: "",
    reason: "its bytes are no UTF-8",
    fix: "save the file in the encoding UTF-8",
    line: index + 1,
  };
}
