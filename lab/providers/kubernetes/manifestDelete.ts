import { setTimeout as sleep } from "node:timers/promises";
import type { CallContext, DeleteRequest } from "../protocol";
import { timeoutOf } from "./awaitReady";
import { checkpoint, parseCheckpoint } from "./checkpoint";
import { NoMatchError } from "./discovery";
import { relinquished } from "./fieldManagers";
import type { ProviderInstance } from "./instance";
import { gvkOf, isPatchResource, isCustomResourceDefinition } from "./kinds";
import { fieldManagerOf } from "./manifestCreate";
import { hasCode, idOf, partial } from "./manifestErrors";
import type { KubernetesObject, ObjectClient } from "./objects";
import { computeStatus } from "./objectStatus";
import { annotationOf, metadataOf, metadataText } from "./plain";

/** Kinds whose deletion is not waited for where `pulumi.com/skipAwait` is set. */
const skippable = new Set([
  "/Namespace",
  "/Pod",
  "/ReplicationController",
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/StatefulSet",
  "batch/Job",
]);

/** Deletes an object and waits until it is gone. One that is not there is deleted already. */
export async function deleteManifest(
  request: DeleteRequest,
  instance: ProviderInstance,
  context: CallContext,
): Promise<void> {
  const { urn, id, properties, timeout } = request;
  const { inputs, live } = parseCheckpoint(properties);
  const name = id.split("/").at(-1) ?? "";
  try {
    const client = await instance.objectClient(live);
    if (isPatchResource(urn, String(live.kind))) {
      const fieldManager = fieldManagerOf(inputs, properties, instance);
      await client.apply(name, relinquished(live), { fieldManager });
      return;
    }
    await client.delete(name, propagation(inputs));
    if (isCustomResourceDefinition(live)) instance.resetDiscovery();
    if (skipsWait(inputs)) {
      await context.log("info", "Skipping await logic", urn, true);
      return;
    }
    await untilGone(request, instance, context, client, name, timeoutOf(timeout, inputs));
  } catch (error) {
    // A custom resource may go with its definition.
    if (error instanceof NoMatchError || hasCode(error, 404)) return;
    throw error;
  }
}

function propagation(inputs: KubernetesObject): string {
  switch (annotationOf(inputs, "pulumi.com/deletionPropagationPolicy").toLowerCase()) {
    case "orphan":
      return "Orphan";
    case "background":
      return "Background";
    default:
      return "Foreground";
  }
}

function skipsWait(inputs: KubernetesObject): boolean {
  const { group, kind } = gvkOf(inputs);
  return (
    annotationOf(inputs, "pulumi.com/skipAwait") === "true" && skippable.has(`${group}/${kind}`)
  );
}

const STATUS_DELAY = 300;

async function untilGone(
  { urn, properties }: DeleteRequest,
  instance: ProviderInstance,
  { signal, log }: CallContext,
  client: ObjectClient,
  name: string,
  timeout: number,
): Promise<void> {
  const { inputs, live: first } = parseCheckpoint(properties);
  const started = Date.now();
  let shown = "";
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 1000)) {
    const live = await client.get(name);
    // Another object of the same name is not the one that was deleted.
    if (metadataText(live, "uid") !== metadataText(first, "uid") && metadataText(first, "uid")) {
      return;
    }
    const { message } = computeStatus(live);
    // Most objects are gone before anybody could read a status.
    if (message !== shown && Date.now() - started > STATUS_DELAY) {
      void log("info", message, urn, true);
      shown = message;
    }
    if (signal.aborted || Date.now() - started > timeout) {
      const { finalizers } = metadataOf(live);
      const list = Array.isArray(finalizers) ? finalizers.join(", ") : "";
      await log("warning", `finalizers might be preventing deletion (${list})`, urn);
      const origin = {
        initialApiVersion: String(properties.__initialApiVersion ?? live.apiVersion),
        fieldManager: fieldManagerOf(inputs, properties, instance),
      };
      const state = checkpoint(first, live, properties, origin);
      throw partial("timed out waiting for the condition", undefined, idOf(live), state);
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}
