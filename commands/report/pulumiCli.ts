import { runPulumi } from "../../lab/engine/pulumiProcess";
import type { StackFile } from "../stackFile/findStackFile";
import type { StackExport } from "./stateRun";

/** The user's own Pulumi: on PATH, logged in where the user is. */
export const PULUMI = "pulumi";

/** What every call of it says about the stack. */
export function stackArguments({ name, file }: StackFile): string[] {
  return ["--stack", name, "--config-file", file];
}

/**
 * The state of a stack, its secrets encrypted.
 *
 * @throws Error with the CLI's own words
 */
export async function exportStack({ name, projectDirectory }: StackFile): Promise<StackExport> {
  const { exitCode, stdout, stderr } = await runPulumi(
    PULUMI,
    ["stack", "export", "--stack", name, "--non-interactive"],
    { cwd: projectDirectory, env: process.env },
  );
  if (exitCode !== 0)
    throw new Error(`the state of stack ${name} cannot be read: ${stderr.trim()}`);
  return JSON.parse(stdout) as StackExport;
}

/**
 * The kubeconfig that a stack gives out, in clear: hand it to a file of the user's alone.
 *
 * @throws Error with the CLI's own words
 */
export async function kubeconfigOf({ name, projectDirectory }: StackFile): Promise<string> {
  const { exitCode, stdout, stderr } = await runPulumi(
    PULUMI,
    ["stack", "output", "kubeconfig", "--show-secrets", "--stack", name, "--non-interactive"],
    { cwd: projectDirectory, env: process.env },
  );
  if (exitCode === 0) return stdout;
  throw new Error(
    `stack ${name} gives no kubeconfig: ${stderr.trim()}; bring it up, or give --kubeconfig <file>`,
  );
}
