import type { CallContext, UpdateRequest, UpdateResult } from "../protocol";
import type { PropertyMap } from "../property";
import { awaitReady, timeoutOf } from "./awaitReady";
import { checkpoint, parseCheckpoint } from "./checkpoint";
import { NoMatchError } from "./discovery";
import { forcesConflicts, relinquished, takeOver } from "./fieldManagers";
import { applyIgnoredFields } from "./ignoredFields";
import type { ProviderInstance } from "./instance";
import { isCustomResourceDefinition, isPatchResource } from "./kinds";
import { fieldManagerOf } from "./manifestCreate";
import { explainConflict, hasCode, idOf, messageOf, partial } from "./manifestErrors";
import { mergePatch } from "./mergePatch";
import { containsUnknown, normalizeInputs } from "./normalize";
import type { KubernetesObject, ObjectClient } from "./objects";
import { annotationOf, metadataOf, metadataText, toObject } from "./plain";
import { prune } from "./pruning";
import { renderObject } from "./renderedYaml";

/** Changes an object in place, or asks the server what it would become. */
export async function updateManifest(
  request: UpdateRequest,
  instance: ProviderInstance,
  context: CallContext,
): Promise<UpdateResult> {
  const { urn, olds, news, preview, timeout } = request;
  const { renderYamlToDirectory } = instance.settings;
  if (renderYamlToDirectory !== "") {
    if (preview) return { properties: news };
    const manager = fieldManagerOf(toObject(news), olds, instance);
    const rendered = renderObject(renderYamlToDirectory, news, manager);
    await context.log("info", `rendered ${rendered.file}`, urn, true);
    return { properties: rendered.properties };
  }
  if (!preview && instance.unreachable !== undefined) {
    throw new Error(`configured Kubernetes cluster is unreachable: ${instance.unreachable}`);
  }
  const inputs = normalizeInputs(toObject(news));
  if (preview && (containsUnknown(inputs) || !(await instance.serves(inputs)))) {
    return { properties: news };
  }
  const { inputs: oldInputs, live: oldLive } = parseCheckpoint(olds);
  const fieldManager = fieldManagerOf(inputs, olds, instance);
  const formerManager = fieldManagerOf(oldInputs, olds, instance);
  const initialApiVersion =
    typeof olds.__initialApiVersion === "string"
      ? olds.__initialApiVersion
      : String(oldInputs.apiVersion);
  const done = (object: KubernetesObject): PropertyMap =>
    checkpoint(inputs, object, news, { initialApiVersion, fieldManager });
  let client: ObjectClient | undefined;
  let updated: KubernetesObject;
  try {
    client = await instance.objectClient(inputs);
    const live = await client.get(metadataText(oldLive, "name"));
    const change: Change = { request, instance, client, inputs, live, fieldManager };
    updated = await write(change, prune(oldLive, normalizeInputs(oldInputs)));
    if (!preview) {
      const awaiting = instance.awaitContext(urn, context);
      updated = await awaitReady(awaiting, inputs, updated, live, timeoutOf(timeout, inputs));
    }
  } catch (error) {
    if (preview && hasCode(error, 403)) return { properties: news };
    throw await failed(error, request, client, oldLive, done);
  }
  const renamed = instance.settings.serverSideApply && fieldManager !== formerManager;
  if (renamed && !preview) {
    const name = metadataText(updated, "name");
    await client.apply(name, relinquished(updated), { fieldManager: formerManager });
  }
  return { properties: done(updated) };
}

interface Change {
  request: UpdateRequest;
  instance: ProviderInstance;
  client: ObjectClient;
  inputs: KubernetesObject;
  live: KubernetesObject;
  fieldManager: string;
}

async function write(change: Change, before: KubernetesObject): Promise<KubernetesObject> {
  const { request, instance, client, inputs, live, fieldManager } = change;
  const dryRun = request.preview;
  const name = metadataText(live, "name");
  if (isCustomResourceDefinition(inputs)) {
    // A definition is replaced as a whole, which keeps the objects made with it.
    const { resourceVersion } = metadataOf(live);
    const whole = { ...inputs, metadata: { ...metadataOf(inputs), resourceVersion } };
    const replaced = await client.replace(name, whole, { fieldManager, dryRun });
    if (!dryRun) instance.resetDiscovery();
    return replaced;
  }
  if (!instance.settings.serverSideApply) {
    const patch = mergePatch(before, inputs);
    return client.patch(name, "application/merge-patch+json", patch, { fieldManager, dryRun });
  }
  return applyChange(change, name);
}

async function applyChange(change: Change, name: string): Promise<KubernetesObject> {
  const { request, instance, client, inputs, fieldManager } = change;
  let { live } = change;
  const handOver = isPatchResource(request.urn, String(inputs.kind))
    ? undefined
    : takeOver(live, fieldManager);
  if (handOver && !request.preview) {
    live = await client.patch(name, "application/json-patch+json", handOver, {});
  }
  applyIgnoredFields(inputs, live, request.ignoreChanges, fieldManager);
  const patchForce =
    instance.settings.patchForce || annotationOf(inputs, "pulumi.com/patchForce") === "true";
  try {
    return await client.apply(name, inputs, {
      fieldManager,
      force: forcesConflicts(patchForce, live, request.preview),
      dryRun: request.preview,
    });
  } catch (error) {
    throw explainConflict(error, fieldManager);
  }
}

/** What a failed update says: the object is still there, so the engine keeps it as it is now. */
async function failed(
  error: unknown,
  { urn }: UpdateRequest,
  client: ObjectClient | undefined,
  oldLive: KubernetesObject,
  done: (object: KubernetesObject) => PropertyMap,
): Promise<Error> {
  if (error instanceof NoMatchError || !client) {
    return new Error(
      `update of resource "${urn}" failed because the Kubernetes API server reported that the apiVersion for this ` +
        `resource does not exist. Verify that any required CRDs have been created: ${messageOf(error)}`,
    );
  }
  try {
    const live = await client.get(metadataText(oldLive, "name"));
    const id = idOf(live);
    const message =
      `the Kubernetes API server reported that "${id}" failed to fully initialize or become live: ` +
      messageOf(error);
    return partial(message, error, id, done(live));
  } catch (readError) {
    return new Error(
      `update of resource "${urn}" failed: ${messageOf(error)}\n` +
        `unable to get cluster state: ${messageOf(readError)}`,
    );
  }
}
