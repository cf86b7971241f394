import { setTimeout as sleep } from "node:timers/promises";
import type { Severity } from "../implementation";
import { StatusError } from "./apiClient";
import { deploymentReadiness } from "./deploymentReadiness";
import { gvkOf, type GroupVersionKind } from "./kinds";
import type { ObjectClient } from "./objects";
import { type KubernetesObject } from "./objects";
import { annotationOf, metadataText, pluck } from "./plain";
import { NotReadyError, type Check, type Progress, type Surroundings } from "./readiness";
import { waitForCheck } from "./waitFor";
import {
  daemonSetReadiness,
  jobReadiness,
  podReadiness,
  serviceReadiness,
  statefulSetReadiness,
} from "./workloadReadiness";

const checks: Record<string, Check> = {
  "apps/DaemonSet": daemonSetReadiness,
  "apps/Deployment": deploymentReadiness,
  "apps/StatefulSet": statefulSetReadiness,
  "batch/Job": jobReadiness,
  "/Pod": podReadiness,
  "/Service": serviceReadiness,
  "/PersistentVolume": phase("Available", "Bound"),
  "/PersistentVolumeClaim": phase("Bound"),
  "/Secret": tokenReadiness,
};

/** The kinds that a refresh looks at again; the others are taken as they are. */
const readChecked = [
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/StatefulSet",
  "batch/Job",
  "/Pod",
  "/Service",
];

function phase(...phases: string[]): Check {
  return (object) => {
    const ready = phases.includes(String(pluck(object, "status", "phase")));
    return Promise.resolve({ ready, object, messages: [], errors: [] });
  };
}

/** A service account's token is filled in by a controller. */
function tokenReadiness(object: KubernetesObject): Promise<Progress> {
  const filled = Object.keys((pluck(object, "data") as object | undefined) ?? {}).length > 0;
  const ready = object.type !== "kubernetes.io/service-account-token" || filled;
  return Promise.resolve({ ready, object, messages: [], errors: [] });
}

/** How the wait reaches the cluster and the display. */
export interface AwaitContext {
  signal: AbortSignal;
  objects(gvk: GroupVersionKind, namespace: string): Promise<ObjectClient>;
  /** Shows a status beside the resource; the empty text clears it. */
  status(severity: Severity, text: string): void;
}

/** Milliseconds: `customTimeouts` first, then the annotation, then ten minutes. */
export function timeoutOf(seconds: number, inputs: KubernetesObject): number {
  if (seconds > 0) return seconds * 1000;
  const annotated = annotationOf(inputs, "pulumi.com/timeoutSeconds");
  return /^\d+$/.test(annotated) ? Number(annotated) * 1000 : 600_000;
}

export function skipsAwait(inputs: KubernetesObject): boolean {
  return annotationOf(inputs, "pulumi.com/skipAwait") === "true";
}

function keyOf(object: KubernetesObject): string {
  const { group, kind } = gvkOf(object);
  return `${group}/${kind}`;
}

/**
 * Waits until a written object is ready, as far as its kind has a notion of it.
 * @returns its newest version
 * @throws NotReadyError once the time is up, it failed for good, or the run was cancelled
 */
export async function awaitReady(
  context: AwaitContext,
  inputs: KubernetesObject,
  written: KubernetesObject,
  last: KubernetesObject | undefined,
  timeout: number,
): Promise<KubernetesObject> {
  if (skipsAwait(inputs)) {
    context.status("info", "Skipping await logic");
    context.status("info", "");
    return written;
  }
  const check = waitForCheck(inputs) ?? checks[keyOf(written)];
  if (!check) return written;
  const started = Date.now();
  const namespace = metadataText(written, "namespace");
  const name = metadataText(written, "name");
  const client = await context.objects(gvkOf(written), namespace);
  const shown = new Set<string>();
  let object = written;
  for (let pause = 50; ; pause = Math.min(pause * 1.5, 1000)) {
    const progress = await check(
      object,
      surroundings(context, namespace, last, Date.now() - started),
    );
    for (const { severity, text } of progress.messages) {
      if (!shown.has(text)) context.status(severity, text);
      shown.add(text);
    }
    if (progress.ready) {
      context.status("info", "");
      return progress.object;
    }
    if (progress.failed) {
      const reason = `Resource '${name}' was created but failed to initialize`;
      throw new NotReadyError(reason, progress.object, progress.errors);
    }
    if (context.signal.aborted) {
      const reason = `Resource operation was cancelled for "${name}"`;
      throw new NotReadyError(reason, progress.object, progress.errors);
    }
    const left = started + timeout - Date.now();
    if (left <= 0) throw timedOut(object, name, progress.errors);
    await sleep(Math.min(pause, left), undefined, { signal: context.signal }).catch(
      () => undefined,
    );
    object = await newest(client, name, object);
  }
}

function timedOut(object: KubernetesObject, name: string, errors: string[]): NotReadyError {
  // The real provider waits for these in another way, which has its own words.
  const plain = keyOf(object) === "apps/DaemonSet" || errors.length === 0;
  return plain
    ? new NotReadyError("timed out waiting for the condition", object, [])
    : new NotReadyError(`'${name}' timed out waiting to be Ready`, object, errors);
}

async function newest(
  client: ObjectClient,
  name: string,
  known: KubernetesObject,
): Promise<KubernetesObject> {
  try {
    return await client.get(name);
  } catch (error) {
    if (error instanceof StatusError) return known;
    throw error;
  }
}

function surroundings(
  context: AwaitContext,
  namespace: string,
  last: KubernetesObject | undefined,
  elapsed: number | undefined,
): Surroundings {
  return { objects: (gvk) => context.objects(gvk, namespace), last, elapsed };
}

/**
 * Looks once whether an object is ready, for a refresh.
 * @throws NotReadyError where it is not
 */
export async function checkReady(
  context: AwaitContext,
  inputs: KubernetesObject,
  live: KubernetesObject,
): Promise<void> {
  const key = keyOf(live);
  const check = checks[key];
  if (!check || !readChecked.includes(key) || skipsAwait(inputs)) return;
  const namespace = metadataText(live, "namespace");
  const progress = await check(live, surroundings(context, namespace, undefined, undefined));
  for (const { severity, text } of progress.messages) context.status(severity, text);
  if (progress.ready) return;
  throw new NotReadyError(
    `Resource '${metadataText(live, "name")}' was created but failed to initialize`,
    live,
    progress.errors,
  );
}
