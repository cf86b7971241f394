import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { redact } from "../../secretForms";
import type { CiliumSpec } from "../../spec";
import type { ChartValues } from "../../values";
import { cliArguments } from "./cliArguments";
import { underPlainNames } from "./plainNames";

/**
 * Runs Cilium's CLI on the cluster of `kubeconfig`, which lies in a folder of its own meanwhile.
 *
 * @param timeLimit seconds
 * @throws with the last lines that the CLI printed
 */
export async function runCLI(
  command: "install" | "upgrade",
  { cilium, values, timeLimit }: { cilium: CiliumSpec; values: ChartValues; timeLimit: number },
  kubeconfig: string,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "cilium-cli-"));
  try {
    const [access, valuesFile] = [
      path.join(folder, "kubeconfig"),
      path.join(folder, "values.yaml"),
    ];
    await writeFile(access, underPlainNames(kubeconfig), { mode: 0o600 });
    // JSON is YAML.
    await writeFile(valuesFile, JSON.stringify(values), { mode: 0o600 });
    await promisify(execFile)("cilium", cliArguments(command, cilium, valuesFile), {
      // It keeps charts by version and repository, and would install an old one of the same version.
      env: { ...process.env, KUBECONFIG: access, XDG_CACHE_HOME: folder },
      timeout: timeLimit * 1000,
    });
  } catch (error) {
    throw new Error(cliFailed(command, error as CLIError, timeLimit));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface CLIError {
  readonly message: string;
  readonly stdout?: string;
  readonly stderr?: string;
  /** It ran out of time. */
  readonly killed?: boolean;
}

/** The message for a CLI that ended with an error. Pure. */
export function cliFailed(command: string, error: CLIError, timeLimit: number): string {
  const said = `${error.stdout ?? ""}\n${error.stderr ?? ""}`
    .trim()
    .split("\n")
    .slice(-5)
    .join("\n");
  const why = error.killed ? `no end within ${timeLimit} s` : said || error.message;
  return `cilium ${command}: ${redact(why)}\nThe next \`pulumi up\` goes on from here`;
}
