import { setTimeout as sleep } from "node:timers/promises";

import type { CoreV1Api, AppsV1Api } from "@kubernetes/client-node";

import { abortAfter } from "../../timeLimit";
import type { TalosHealthClient } from "./healthClient";

/** The cluster as a health check sees it. */
export interface HealthContext {
  talos: TalosHealthClient;
  controlPlaneNodes: string[];
  workerNodes: string[];
  /** All of them, control planes first. */
  nodes: string[];
  /** Clients of the cluster's API, made from a kubeconfig that is fetched once. */
  kubernetes(timeoutMs: number): Promise<{ core: CoreV1Api; apps: AppsV1Api }>;
}

export interface HealthCheck {
  description: string;
  /** Time limit of a try and time from one try to the next, ms. */
  intervalMs: number;
  /** Rejects while the check does not pass. */
  assert(context: HealthContext, timeoutMs: number): Promise<void>;
}

/** Thrown by a check that does not apply; it counts as passed. */
export class SkipCheck extends Error {}

/**
 * Runs the checks one after the other, each until it passes: any error means another try. Gives the lines of
 * the report when `signal` ends it before the last one passed, else nothing.
 */
export async function runHealthChecks(
  checks: readonly HealthCheck[],
  context: HealthContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  const lines: string[] = [];
  const report = (line: string): void => {
    if (lines.at(-1) !== line) {
      lines.push(line);
    }
  };
  for (const check of checks) {
    report(`waiting for ${check.description}: ...`);
    for (;;) {
      const started = Date.now();
      const failure = await attempt(check, context, signal);
      if (failure === undefined) {
        report(`waiting for ${check.description}: OK`);
        break;
      }
      report(`waiting for ${check.description}: ${failure}`);
      const wait = Math.max(check.intervalMs - (Date.now() - started), 0);
      await sleep(wait, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) {
        return `${lines.join("\n")}\n`;
      }
    }
  }
  return undefined;
}

async function attempt(
  check: HealthCheck,
  context: HealthContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  const ended = new Promise<never>((_resolve, reject) => {
    abortAfter(check.intervalMs, signal).addEventListener("abort", () =>
      reject(new Error("context deadline exceeded")),
    );
  });
  try {
    await Promise.race([check.assert(context, check.intervalMs), ended]);
    return undefined;
  } catch (error) {
    return error instanceof SkipCheck ? undefined : (error as Error).message;
  } finally {
    ended.catch(() => undefined);
  }
}

/** Throws what is there of the faults, listed as Go does. */
export function throwAll(faults: readonly (string | undefined)[]): void {
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length > 0) {
    const plural = found.length === 1 ? "1 error" : `${found.length} errors`;
    throw new Error(`${plural} occurred:\n${found.map((fault) => `\t* ${fault}\n`).join("")}\n`);
  }
}
