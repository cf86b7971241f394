import { setTimeout as pause } from "node:timers/promises";

import type { V1Namespace } from "@kubernetes/client-node";

/** What the CLI is told; it adds a number for each test that runs at once. */
export const TEST_NAMESPACE = "cilium-test";

/** Where the CLI puts its pods; it labels the first alone, and takes what is there. */
export const TEST_NAMESPACES = [`${TEST_NAMESPACE}-1`, "cilium-test-ccnp1", "cilium-test-ccnp2"];

/** Talos enforces the level baseline, which the pods of the test do not keep to. */
export const PRIVILEGED = {
  "pod-security.kubernetes.io/enforce": "privileged",
  "pod-security.kubernetes.io/audit": "privileged",
  "pod-security.kubernetes.io/warn": "privileged",
} as const;

/** Tells the namespaces of this command from those of somebody else's test. */
const OURS = { "app.kubernetes.io/managed-by": "talos-cilium-connectivity" } as const;

const GONE_MS = 120_000;
const LOOK_MS = 1_000;

/** The calls of the Kubernetes API that the command makes. */
export interface NamespaceApi {
  /** Undefined where there is none. */
  read(name: string): Promise<V1Namespace | undefined>;
  create(namespace: V1Namespace): Promise<void>;
  /** Also where there is none. */
  remove(name: string): Promise<void>;
}

/**
 * The namespaces that have to be made; those that a killed run of this command left are used again.
 *
 * @throws Error when one is somebody else's, or still goes away
 */
export async function missingNamespaces(api: NamespaceApi): Promise<V1Namespace[]> {
  const found = await Promise.all(TEST_NAMESPACES.map((name) => api.read(name)));
  const problems = found.flatMap((namespace) => problemOf(namespace) ?? []);
  if (problems.length > 0) throw new Error(problems.join("; "));
  return TEST_NAMESPACES.filter((_, index) => !found[index]).map((name) => ({
    metadata: { name, labels: { ...PRIVILEGED, ...OURS } },
  }));
}

/** Why a namespace cannot be used; undefined where it can. Pure. */
export function problemOf(namespace: V1Namespace | undefined): string | undefined {
  const { name, labels, deletionTimestamp } = namespace?.metadata ?? {};
  if (name === undefined) return undefined;
  if (deletionTimestamp) return `namespace ${name} is still going away: try again in a minute`;
  const isOurs = Object.entries(OURS).every(([key, value]) => labels?.[key] === value);
  return isOurs
    ? undefined
    : `namespace ${name} is there, and this command did not make it: wait for the test that did, or remove it with \`kubectl delete namespace ${name}\``;
}

/**
 * Removes the namespaces of the test with all that is in them.
 *
 * @returns those that were still there after two minutes
 */
export async function removeNamespaces(
  api: NamespaceApi,
  { goneWithin = GONE_MS, every = LOOK_MS } = {},
): Promise<string[]> {
  await Promise.all(TEST_NAMESPACES.map((name) => api.remove(name)));
  const deadline = Date.now() + goneWithin;
  for (;;) {
    const found = await Promise.all(TEST_NAMESPACES.map((name) => api.read(name)));
    const left = TEST_NAMESPACES.filter((_, index) => found[index]);
    if (left.length === 0 || Date.now() >= deadline) return left;
    await pause(every);
  }
}
