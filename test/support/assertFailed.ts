import assert from "node:assert/strict";

import type { PulumiResult } from "../../lab/engine/pulumiProcess";

/** All that a run of the CLI printed. */
export const textOf = (result: PulumiResult) => `${result.stdout}\n${result.stderr}`;

/** A run that failed within so many seconds and says what it must. */
export function assertFailed(result: PulumiResult, seconds: number, ...patterns: RegExp[]): void {
  assert.notEqual(result.exitCode, 0, "it should have failed");
  for (const pattern of patterns) assert.match(textOf(result), pattern);
  assert.ok(result.seconds < seconds, `it took ${result.seconds} s, more than ${seconds}`);
}
