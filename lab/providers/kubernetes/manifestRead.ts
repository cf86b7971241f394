import type { CallContext, ReadRequest, ReadResult } from "../protocol";
import type { PropertyMap } from "../property";
import { checkReady } from "./awaitReady";
import { checkpoint, parseCheckpoint } from "./checkpoint";
import { NoMatchError } from "./discovery";
import type { ProviderInstance } from "./instance";
import { apiVersionOf, gvkOf, gvkOfUrn, isBuiltIn } from "./kinds";
import { fieldManagerOf } from "./manifestCreate";
import { hasCode, idOf, messageOf, partial } from "./manifestErrors";
import { normalizeInputs } from "./normalize";
import type { KubernetesObject, ObjectClient } from "./objects";
import { metadataOf, metadataText, toObject, toProperties, unset } from "./plain";
import { prune } from "./pruning";
import { annotateSecrets } from "./secrets";

const gone: ReadResult = { id: "", properties: {} };

/** Reads an object, for a refresh or an import. An object that is not there has an empty id. */
export async function readManifest(
  request: ReadRequest,
  instance: ProviderInstance,
  context: CallContext,
): Promise<ReadResult> {
  const { urn, id, properties } = request;
  const [namespace = "", name = ""] = id.includes("/") ? id.split("/") : ["", id];
  if (name === "") {
    throw new Error(
      `failed to read resource because of a failure to parse resource name from request ID: ${id}`,
    );
  }
  const inputs = normalizeInputs(toObject(request.inputs));
  const { live: oldLive } = parseCheckpoint(properties);
  const imported = identify(inputs, oldLive, urn, namespace, name);
  let live: KubernetesObject;
  let notReady: unknown;
  try {
    const client = await instance.objectClient(inputs);
    live = await client.get(name);
    if (!imported) {
      notReady = await checkReady(instance.awaitContext(urn, context), inputs, live).catch(
        (error: unknown) => error,
      );
      live = await again(client, name, live);
    }
  } catch (error) {
    if (error instanceof NoMatchError || hasCode(error, 404)) return gone;
    throw error;
  }
  const liveInputs = prune(live, inputs);
  if (imported) addInputs(liveInputs, live);
  const state = checkpoint(liveInputs, live, request.inputs, {
    initialApiVersion:
      typeof properties.__initialApiVersion === "string"
        ? properties.__initialApiVersion
        : String(inputs.apiVersion),
    fieldManager: fieldManagerOf(inputs, properties, instance),
  });
  const readInputs = toProperties(liveInputs);
  annotateSecrets(readInputs, request.inputs);
  const result = { id: id || idOf(live), properties: state, inputs: readInputs as PropertyMap };
  if (notReady) {
    throw partial(messageOf(notReady), notReady, result.id, state, result.inputs);
  }
  return result;
}

/** Fills in what the inputs do not say of the object's identity. Returns whether nothing was known of it. */
function identify(
  inputs: KubernetesObject,
  oldLive: KubernetesObject,
  urn: string,
  namespace: string,
  name: string,
): boolean {
  const { group, version, kind } = gvkOf(inputs);
  if (group !== "" || version !== "" || kind !== "") return false;
  const old = gvkOf(oldLive);
  const imported = old.version === "" && old.kind === "";
  const gvk = imported ? gvkOfUrn(urn) : old;
  inputs.apiVersion = apiVersionOf(gvk);
  inputs.kind = gvk.kind;
  const metadata = { ...metadataOf(inputs) };
  if (metadataText(inputs, "name") === "") metadata.name = name;
  if (metadataText(inputs, "namespace") === "" && namespace !== "") metadata.namespace = namespace;
  inputs.metadata = metadata;
  return imported;
}

async function again(
  client: ObjectClient,
  name: string,
  known: KubernetesObject,
): Promise<KubernetesObject> {
  return client.get(name).catch(() => known);
}

/** What a program would have written, for an object that none has: all but the status and what the cluster adds. */
function addInputs(inputs: KubernetesObject, live: KubernetesObject): void {
  if (isBuiltIn(String(live.apiVersion))) {
    for (const [key, value] of Object.entries(live)) {
      if (key !== "status") inputs[key] = structuredClone(value);
    }
  }
  for (const field of [
    "creationTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "uid",
  ]) {
    unset(inputs, "metadata", field);
  }
  unset(inputs, "metadata", "annotations", "deployment.kubernetes.io/revision");
  unset(inputs, "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration");
}
