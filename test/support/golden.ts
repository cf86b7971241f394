import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "..", "golden");

/**
 * Compares a text with the golden file of that name under test/golden. With `RECORD_GOLDEN=1` it
 * writes the file instead and fails, so that no recording run can pass for a test.
 */
export function assertGolden(name: string, actual: string): void {
  const file = path.join(root, name);
  if (process.env["RECORD_GOLDEN"] === "1") {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, actual);
    assert.fail(`recorded ${name}: look at the difference and run again without RECORD_GOLDEN`);
  }
  assert.ok(existsSync(file), `${name} is missing: record it with RECORD_GOLDEN=1`);
  assert.equal(actual, readFileSync(file, "utf8"), `differs from test/golden/${name}`);
}
