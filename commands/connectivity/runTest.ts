import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

// Every CLI is run as Pulumi's is: one interrupt to its process group, then force.
import { runPulumi as runCli } from "../../lab/engine/pulumiProcess";
import { abortAfter } from "../../lab/timeLimit";
import { CILIUM } from "./ciliumCli";
import { type NamespaceApi, missingNamespaces, removeNamespaces } from "./testNamespaces";

export interface TestRun {
  readonly namespaces: NamespaceApi;
  readonly kubeconfig: string;
  /** Arguments of the CLI. */
  readonly args: readonly string[];
  /** Aborted by Ctrl-C. */
  readonly interrupt: AbortSignal;
  /** Milliseconds after which the test is ended. */
  readonly timeLimit: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
}

/** How a test ended: with the CLI's own exit code, by Ctrl-C, or at its time limit. */
export interface TestEnd {
  readonly exitCode: number;
  readonly ended: "byItself" | "byInterrupt" | "byTimeLimit";
  /** Namespaces that were still going away when the command ended. */
  readonly left: readonly string[];
}

/**
 * Runs the test in labelled namespaces, which go again however it ends.
 *
 * @throws Error before anything is made when the namespaces are somebody else's
 */
export async function runTest(run: TestRun): Promise<TestEnd> {
  const { namespaces, interrupt, timeLimit, env = process.env, onLine } = run;
  const missing = await missingNamespaces(namespaces);
  const folder = mkdtempSync(path.join(tmpdir(), "connectivity-"));
  const kubeconfig = path.join(folder, "kubeconfig");
  let left: string[] = [];
  let end: Omit<TestEnd, "left">;
  try {
    writeFileSync(kubeconfig, run.kubeconfig, { mode: 0o600 });
    for (const namespace of missing) await namespaces.create(namespace);
    const { exitCode, interrupted } = await runCli(CILIUM, [...run.args], {
      ...{ cwd: process.cwd(), env: { ...env, KUBECONFIG: kubeconfig } },
      ...{ onLine, signal: abortAfter(timeLimit, interrupt) },
    });
    const stopped = interrupt.aborted ? "byInterrupt" : "byTimeLimit";
    end = { exitCode, ended: interrupted ? stopped : "byItself" };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    onLine("removing the namespaces of the test");
    left = await removeNamespaces(namespaces);
  }
  return { ...end, left };
}
