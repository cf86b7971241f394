import type { CallContext, DiffRequest, DiffResult } from "../protocol";
import { parseCheckpoint } from "./checkpoint";
import { detailedDiff, replacements } from "./detailedDiff";
import { forceNewFields } from "./forceNew";
import type { ProviderInstance } from "./instance";
import { gvkOf, isPatchResource } from "./kinds";
import { mergePatch } from "./mergePatch";
import { isAutonamed, isNamed } from "./naming";
import { normalizeInputs } from "./normalize";
import {
  annotationOf,
  isRecord,
  isUnknown,
  metadataOf,
  metadataText,
  pluck,
  toObject,
  unset,
} from "./plain";
import { prune } from "./pruning";

/**
 * Compares an object's new inputs with the live object as the state has it, reduced to the shape of the inputs that
 * made it, so that what the cluster added shows no difference and what it changed does.
 */
export async function diffManifest(
  request: DiffRequest,
  instance: ProviderInstance,
  context: CallContext,
): Promise<DiffResult> {
  const { urn, olds, news, ignoreChanges } = request;
  const inputs = normalizeInputs(toObject(news));
  const { inputs: oldInputs, live } = parseCheckpoint(olds);
  if (metadataText(live, "name") === "") {
    // The real provider stops here as well; anything else would replace an object that may be there.
    throw new Error(
      `expected live object name to be nonempty: the state of "${urn}" has no outputs`,
    );
  }
  const old = prune(live, normalizeInputs(oldInputs));
  await alignNamespaces(inputs, old, instance);
  old.apiVersion ??= inputs.apiVersion;
  old.kind ??= inputs.kind;
  if (instance.settings.serverSideApply) unset(old, "metadata", "resourceVersion");
  if (metadataText(inputs, "name") !== "") {
    old.metadata = { ...metadataOf(old), name: metadataText(live, "name") };
  }
  const forceNew = isPatchResource(urn, String(inputs.kind))
    ? [".metadata.name", ".metadata.namespace"]
    : forceNewFields(inputs, instance.settings.mutable);
  const patch = mergePatch(old, withoutUnknowns(inputs));
  const changes = detailedDiff(patch, old, inputs, old, forceNew);
  for (const path of changes.keys()) {
    if (ignoreChanges.some((ignored) => contains(ignored, path))) changes.delete(path);
  }
  const replaces = replacements(changes);
  if (changes.get("metadata")?.kind === "DELETE") replaces.push("metadata");
  const unready = await replacesUnready(request, inputs, live, instance, context);
  if (unready) replaces.push('.metadata.annotations["pulumi.com/replaceUnready"]');
  return {
    changes: changes.size > 0 || unready ? "DIFF_SOME" : "DIFF_NONE",
    replaces,
    deleteBeforeReplace:
      replaces.length > 0 &&
      isNamed(inputs, news) &&
      !isAutonamed(inputs) &&
      metadataText(inputs, "name") === metadataText(live, "name") &&
      metadataText(inputs, "namespace") === metadataText(live, "namespace"),
    detailedDiff: Object.fromEntries(changes),
  };
}

/** No namespace means `default`, and none at all for what lives in no namespace. Changes both. */
async function alignNamespaces(
  inputs: Record<string, unknown>,
  old: Record<string, unknown>,
  instance: ProviderInstance,
): Promise<void> {
  const namespaced = await instance.isNamespaced(gvkOf(inputs));
  for (const object of [inputs, old]) {
    if (isUnknown(object.metadata)) continue;
    if (!namespaced) unset(object, "metadata", "namespace");
    else {
      const namespace = metadataText(object, "namespace") || "default";
      object.metadata = { ...metadataOf(object), namespace };
    }
  }
}

/** An unknown value in the form that the real provider's merge patch has for it: an object unlike any input. */
function withoutUnknowns(value: Record<string, unknown>): Record<string, unknown> {
  const replaced = (item: unknown): unknown => {
    if (isUnknown(item)) return { Element: { V: "" } };
    if (Array.isArray(item)) return item.map(replaced);
    return isRecord(item) ? withoutUnknowns(item) : item;
  };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item)]));
}

/** Whether a path of `ignoreChanges` covers a changed path. */
function contains(ignored: string, path: string): boolean {
  const covering = segments(ignored);
  const covered = segments(path);
  return covering.every((step, index) => step === "*" || step === covered[index]);
}

function segments(path: string): string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) => quoted?.replaceAll('\\"', '"') ?? index ?? plain ?? "",
  );
}

async function replacesUnready(
  { urn }: DiffRequest,
  inputs: Record<string, unknown>,
  live: Record<string, unknown>,
  instance: ProviderInstance,
  { log }: CallContext,
): Promise<boolean> {
  if (annotationOf(inputs, "pulumi.com/replaceUnready") !== "true") return false;
  if (instance.unreachable !== undefined) {
    await log("warning", "Cluster is unreachable, skipping replaceUnready check", urn);
    return false;
  }
  if (inputs.kind !== "Job") {
    await log("warning", "replaceUnready annotation is not supported for this resource", urn);
    return false;
  }
  try {
    const job = await (await instance.objectClient(live)).get(metadataText(live, "name"));
    const conditions = pluck(job, "status", "conditions");
    return !(Array.isArray(conditions) ? conditions : []).some(
      (condition) =>
        isRecord(condition) && condition.type === "Complete" && condition.status === "True",
    );
  } catch {
    return false;
  }
}
