import { existsSync } from "node:fs";
import path from "node:path";

/** Recorded answers of the real components lie beside the checkout; a user's clone has none. */
const root = path.resolve(__dirname, "..", "..", "..", "shared", "data");

/** Absolute path of a recorded file or folder; it need not exist. */
export function sharedData(...segments: string[]): string {
  return path.join(root, ...segments);
}

/** In a `before` hook: skips the suite, with a line that says why, where the recordings are absent. */
export function requireSharedData(this: Mocha.Context): void {
  if (!existsSync(root)) {
    console.log("      skipped: the recorded data (../shared/data) is not beside this checkout");
    this.skip();
  }
}
