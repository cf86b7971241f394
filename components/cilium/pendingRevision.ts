import * as pulumi from "@pulumi/pulumi";

import type { V1Secret } from "@kubernetes/client-node";

import { ClusterApi } from "../gates/clusterApi";
import { poll } from "../gates/poll";
import { hashOf } from "../hash";
import type { ImportTarget } from "../importLine";
import { importLine } from "../importLine";
import { type StoredRelease, storedRelease } from "./storedRelease";

/** A revision of the release as Helm stores it: a Secret `sh.helm.release.v1.<name>.v<revision>`. */
export interface Revision {
  readonly secretName: string;
  readonly revision: number;
  /** Helm's words: `deployed`, `failed`, `pending-install`, `pending-upgrade`, … */
  readonly status: string;
  readonly ageSeconds: number;
}

/** What to do about the newest revision before Helm touches the release. */
export type Verdict =
  | { readonly action: "go-on" }
  | { readonly action: "remove"; readonly revision: Revision }
  /** It may be somebody's installation of this moment. */
  | { readonly action: "wait"; readonly revision: Revision };

const NAMESPACE = "kube-system";
const RELEASE = "cilium";

/** A deployed or failed revision is never touched, a pending one only past its time. Pure. */
export function verdictOn(revisions: readonly Revision[], timeLimitSeconds: number): Verdict {
  const [newest] = newestFirst(revisions);
  if (!newest?.status.startsWith("pending-")) return { action: "go-on" };
  return { action: newest.ageSeconds > timeLimitSeconds ? "remove" : "wait", revision: newest };
}

/** What a healing left behind. */
export interface Healed {
  /** The newest revision that is left; none where there is no release. */
  readonly newest: Revision | undefined;
  /** Whether a pending one was removed. */
  readonly removed: boolean;
}

/**
 * Heals a release that a killed run left pending: Helm refuses every later operation on it, with
 * "another operation is in progress" or "cannot re-use a name that is still in use".
 *
 * @param timeLimitSeconds the release's own time limit; a younger revision is waited for.
 */
export async function healPendingRevision(
  kubeconfig: string,
  timeLimitSeconds: number,
): Promise<Healed> {
  const api = await ClusterApi.connect(kubeconfig);
  let newest: Revision | undefined;
  let removed = false;
  await poll({
    giveUpAfter: timeLimitSeconds + 60,
    interval: 1000,
    progress: (state, seconds) =>
      pulumi.log.info(`${state} (waiting since ${seconds} s)`, undefined, undefined, true),
    attempt: async () => {
      const revisions = newestFirst(await readRevisions(api));
      const verdict = verdictOn(revisions, timeLimitSeconds);
      removed = verdict.action === "remove";
      newest = revisions[removed ? 1 : 0];
      if (verdict.action === "go-on") return { done: true };
      const { revision } = verdict;
      const found = `release ${RELEASE} in ${NAMESPACE}: revision ${revision.revision} is ${revision.status} since ${revision.ageSeconds} s`;
      if (verdict.action === "wait") {
        const state = `${found}, somebody may be at it: it counts as dead after ${timeLimitSeconds} s`;
        return { done: false, state, failure: () => state };
      }
      await api.delete(`/api/v1/namespaces/${NAMESPACE}/secrets/${revision.secretName}`);
      await pulumi.log.warn(
        `${found}, longer than its time limit of ${timeLimitSeconds} s: a run died there. That revision was removed; the installation goes on.`,
      );
      return { done: true };
    },
  });
  return { newest, removed };
}

/** A release of our name: none, just what would be installed, or something else. */
export type Found = "none" | "ours" | "other";

/**
 * Looks for the release. One that is just what would be installed is of a run that was killed between
 * the installation and its note of it.
 */
export async function findRelease(
  kubeconfig: string,
  version: string,
  values: unknown,
): Promise<Found> {
  const newest = await newestRelease(kubeconfig);
  if (!newest) return "none";
  const { status, release } = newest;
  const isOurs =
    status === "deployed" &&
    release?.chart?.metadata?.version === version &&
    hashOf(release.config) === hashOf(values);
  return isOurs ? "ours" : "other";
}

/** The newest revision of the release, and what it holds. */
export interface InstalledRelease extends Revision {
  readonly release: StoredRelease | undefined;
}

/** @returns undefined where there is no release. */
export async function newestRelease(kubeconfig: string): Promise<InstalledRelease | undefined> {
  const secrets = await readRevisionSecrets(await ClusterApi.connect(kubeconfig));
  const newest = secrets
    .map((secret) => ({ secret, revision: toRevision(secret, Date.now()) }))
    .sort((a, b) => b.revision.revision - a.revision.revision)[0];
  return newest && { ...newest.revision, release: storedRelease(newest.secret) };
}

function newestFirst(revisions: readonly Revision[]): Revision[] {
  return [...revisions].sort((a, b) => b.revision - a.revision);
}

/** The way out when the cluster has the release but the state does not. Pure. */
export function nameTaken(
  newest: Revision,
  target: ImportTarget,
  provider: string | undefined,
): string {
  return (
    `release ${RELEASE} in ${NAMESPACE} is there already (revision ${newest.revision}, ${newest.status}), ` +
    "but this stack knows nothing of it. If it is to be this stack's (a run was lost after the " +
    "installation, or somebody installed it by hand), take it over, then run `pulumi up` again:\n" +
    `  ${importLine(target, { id: `${NAMESPACE}/${RELEASE}`, suffix: "-release", provider })}`
  );
}

async function readRevisions(api: ClusterApi): Promise<Revision[]> {
  return (await readRevisionSecrets(api)).map((secret) => toRevision(secret, Date.now()));
}

async function readRevisionSecrets(api: ClusterApi): Promise<V1Secret[]> {
  const selector = encodeURIComponent(`owner=helm,name=${RELEASE}`);
  return api.list<V1Secret>(`/api/v1/namespaces/${NAMESPACE}/secrets?labelSelector=${selector}`);
}

/** Reads a revision from the labels that Helm keeps. Pure. */
export function toRevision(secret: Pick<V1Secret, "metadata">, now: number): Revision {
  const { name = "", labels = {}, creationTimestamp } = secret.metadata ?? {};
  const touched = Number(labels["modifiedAt"] ?? labels["createdAt"]) * 1000;
  const since = Number.isNaN(touched) ? new Date(creationTimestamp ?? now).getTime() : touched;
  return {
    secretName: name,
    revision: Number(labels["version"]),
    status: labels["status"] ?? "unknown",
    ageSeconds: Math.max(0, Math.round((now - since) / 1000)),
  };
}
