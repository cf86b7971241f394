import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

let asked: Promise<ReadonlyMap<string, string>> | undefined;

/**
 * What Pulumi's CLI says of each of its commands, by their words as in `config set`: usage and flags,
 * those of every command too. One start tells of all commands, where `--help` tells of one.
 */
export function pulumiHelp(binary: string): Promise<ReadonlyMap<string, string>> {
  return (asked ??= pagesOf(binary));
}

async function pagesOf(binary: string): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(path.join(tmpdir(), "pulumi-help-"));
  try {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" };
    await promisify(execFile)(binary, ["gen-markdown", folder], { env });
    return new Map(
      readdirSync(folder).map((file) => [
        file.replace(/^pulumi_|\.md$/g, "").replaceAll("_", " "),
        readFileSync(path.join(folder, file), "utf8"),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
