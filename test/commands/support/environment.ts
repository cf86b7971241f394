import { spawnSync } from "node:child_process";
import path from "node:path";

import { type Answers } from "../../../commands/new/answers";
import { PINNED_VERSIONS } from "../../../commands/new/pinnedVersions";
import { stackFileText } from "../../../commands/new/stackFileText";

export const ROOT = path.resolve(__dirname, "../../..");

/** One control plane and one worker, as somebody answers who changes nothing. */
export const ANSWERS: Answers = {
  clusterName: "home",
  controlPlanes: [{ hostname: "cp-1", ipAddress: "10.5.0.11" }],
  workers: [{ hostname: "worker-1", ipAddress: "10.5.0.21" }],
  installDisk: "/dev/sda",
  protect: true,
  ...PINNED_VERSIONS,
};

/** What `new` writes. */
export function writtenFile(answers: Answers = ANSWERS): string {
  const schema = "./schemas/stack.schema.json";
  return stackFileText(answers, { environment: "home", project: "talos-cilium", schema });
}

/** Runs a command as npm does, in a folder, without a terminal. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
) {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(ROOT, "commands/start.mjs"), command, ...args],
    {
      cwd: options.cwd ?? ROOT,
      encoding: "utf8",
      timeout: 30_000,
      env: { ...process.env, INIT_CWD: options.cwd ?? ROOT, ...options.env },
    },
  );
  return { status, stdout, stderr, milliseconds: Date.now() - started };
}
