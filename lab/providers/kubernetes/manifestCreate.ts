import { setTimeout as sleep } from "node:timers/promises";
import type { CallContext, CreateRequest, CreateResult } from "../protocol";
import type { PropertyMap } from "../property";
import { awaitReady, timeoutOf } from "./awaitReady";
import { checkpoint } from "./checkpoint";
import { NoMatchError } from "./discovery";
import { CREATION_MANAGER, forcesConflicts } from "./fieldManagers";
import type { ProviderInstance } from "./instance";
import { apiVersionOf, gvkOfUrn, isCustomResourceDefinition, isPatchResource } from "./kinds";
import {
  alreadyExists,
  dryRunUnsupported,
  existsAdvice,
  explainConflict,
  hasCode,
  idOf,
  messageOf,
  namespaceNotFound,
  partial,
} from "./manifestErrors";
import { uniqueName } from "./naming";
import { containsUnknown } from "./normalize";
import type { KubernetesObject, ObjectClient } from "./objects";
import { annotationOf, isUnknown, metadataOf, metadataText, toObject, unset } from "./plain";
import { NotReadyError } from "./readiness";
import { renderObject } from "./renderedYaml";

/** Creates an object, or asks the server what it would become. */
export async function createManifest(
  request: CreateRequest,
  instance: ProviderInstance,
  context: CallContext,
): Promise<CreateResult> {
  const { urn, properties, preview, timeout } = request;
  const { renderYamlToDirectory } = instance.settings;
  if (renderYamlToDirectory !== "") {
    if (preview) return { id: "", properties };
    const manager = fieldManagerOf(toObject(properties), undefined, instance);
    const rendered = renderObject(renderYamlToDirectory, properties, manager);
    await context.log("info", `rendered ${rendered.file}`, urn, true);
    return rendered;
  }
  if (!preview && instance.unreachable !== undefined) {
    throw new Error(`configured Kubernetes cluster is unreachable: ${instance.unreachable}`);
  }
  const inputs = toObject(properties);
  const patch = isPatchResource(urn, String(inputs.kind));
  if (preview && (await skipsPreview(inputs, patch, instance))) return { id: "", properties };
  const fieldManager = fieldManagerOf(inputs, undefined, instance);
  const origin = { initialApiVersion: String(inputs.apiVersion), fieldManager };
  const creation = new Creation(request, instance, context, inputs, fieldManager);
  let written: KubernetesObject;
  try {
    written = await creation.run(patch || instance.settings.upsertExistingObjects);
  } catch (error) {
    if (preview && isUndecided(error, instance)) return { id: "", properties };
    throw explained(error, urn);
  }
  if (preview) {
    unset(written, "status");
    return { id: "", properties: checkpoint(inputs, written, properties, origin) };
  }
  const done = (object: KubernetesObject): PropertyMap =>
    checkpoint(inputs, object, properties, origin);
  try {
    const limit = timeoutOf(timeout, inputs);
    const live = await awaitReady(
      instance.awaitContext(urn, context),
      inputs,
      written,
      undefined,
      limit,
    );
    if (isCustomResourceDefinition(inputs)) instance.resetDiscovery();
    return { id: idOf(live), properties: done(live) };
  } catch (error) {
    const live = error instanceof NotReadyError ? error.object : written;
    const message =
      `resource "${urn}" was successfully created, but the Kubernetes API server reported that it failed to ` +
      `fully initialize or become live: ${messageOf(error)}`;
    throw partial(message, error, idOf(live), done(live));
  }
}

async function skipsPreview(
  inputs: KubernetesObject,
  patch: boolean,
  instance: ProviderInstance,
): Promise<boolean> {
  if (containsUnknown(inputs) || patch || !instance.settings.serverSideApply) return true;
  return !(await instance.serves(inputs));
}

/** A preview that the server could not answer is shown as the program wrote it. */
function isUndecided(error: unknown, instance: ProviderInstance): boolean {
  return (
    hasCode(error, 403) ||
    dryRunUnsupported(error) ||
    namespaceNotFound(error) ||
    (instance.settings.serverSideApply && alreadyExists(error))
  );
}

function explained(error: unknown, urn: string): Error {
  if (error instanceof NoMatchError) {
    const gvk = gvkOfUrn(urn);
    return new Error(
      `creation of resource "${urn}" with kind ${apiVersionOf(gvk)}/${gvk.kind} failed because the Kubernetes API ` +
        "server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have " +
        `been created: ${error.message}`,
    );
  }
  const advice = alreadyExists(error) ? existsAdvice : "";
  return new Error(
    `resource "${urn}" was not successfully created by the Kubernetes API server: ${messageOf(error)}${advice}`,
  );
}

/** The name under which the provider applies: that of the annotation, then the state's, then a new one. */
export function fieldManagerOf(
  inputs: KubernetesObject,
  state: PropertyMap | undefined,
  instance: ProviderInstance,
): string {
  if (!instance.settings.serverSideApply) return CREATION_MANAGER;
  const annotated = annotationOf(inputs, "pulumi.com/patchFieldManager");
  if (annotated !== "") return annotated;
  const kept = state?.__fieldManager;
  return typeof kept === "string" ? kept : uniqueName("pulumi-kubernetes-");
}

const ATTEMPTS = 6;

/** One creation with its retries: a namespace or a definition may come while it waits. */
class Creation {
  private client: ObjectClient | undefined;

  constructor(
    private readonly request: CreateRequest,
    private readonly instance: ProviderInstance,
    private readonly context: CallContext,
    private readonly inputs: KubernetesObject,
    private readonly fieldManager: string,
  ) {}

  async run(upsert: boolean): Promise<KubernetesObject> {
    const { signal, log } = this.context;
    const { urn, preview } = this.request;
    const apply = upsert && this.instance.settings.serverSideApply;
    for (let attempt = 0; ; attempt++) {
      try {
        this.client ??= await this.instance.objectClient(this.inputs);
        const written = await (apply ? this.apply(this.client) : this.post(this.client));
        if (attempt > 0) await log("info", "", urn, true);
        return written;
      } catch (error) {
        // A preview is not worth a wait for a namespace of the same program.
        if (preview && namespaceNotFound(error)) throw error;
        await log("info", `Retry #${attempt}; creation failed: ${messageOf(error)}`, urn, true);
        const retried = error instanceof NoMatchError || hasCode(error, 404);
        if (!retried || attempt + 1 === ATTEMPTS || signal.aborted) throw error;
        await sleep(1000 * 2 ** attempt, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private post(client: ObjectClient): Promise<KubernetesObject> {
    // A fixed name, from which the first update takes the fields over.
    const dryRun = this.request.preview;
    return client.create(this.inputs, { fieldManager: CREATION_MANAGER, dryRun });
  }

  private async apply(client: ObjectClient): Promise<KubernetesObject> {
    const { preview } = this.request;
    const patchForce =
      this.instance.settings.patchForce ||
      annotationOf(this.inputs, "pulumi.com/patchForce") === "true";
    const options = {
      fieldManager: this.fieldManager,
      force: forcesConflicts(patchForce, undefined, preview),
      fieldValidation: "Warn" as const,
      dryRun: preview,
    };
    try {
      return await client.apply(metadataText(this.inputs, "name"), this.inputs, options);
    } catch (error) {
      if (!preview || !hasCode(error, 422) || !messageOf(error).includes("field is immutable")) {
        throw explainConflict(error, this.fieldManager);
      }
      // A replacement cannot be asked for under the same name while the old object is there.
      const name = uniqueName(metadataText(this.inputs, "name")).slice(0, -3);
      await this.context.log(
        "info",
        `Preview creation failed due to immutable fields; retrying with name "${name}"`,
        this.request.urn,
      );
      if (!isUnknown(this.inputs.metadata))
        this.inputs.metadata = { ...metadataOf(this.inputs), name };
      return client.apply(name, this.inputs, options);
    }
  }
}
