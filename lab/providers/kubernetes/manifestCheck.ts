import type { CallContext, CheckRequest, CheckResult } from "../protocol";
import type { PropertyMap } from "../property";
import type { ProviderInstance } from "./instance";
import { gvkOfUrn, isPatchResource, typeOfUrn } from "./kinds";
import { adoptName, assignName, isGenerateName } from "./naming";
import { normalizeInputs } from "./normalize";
import {
  annotationOf,
  isRecord,
  isUnknown,
  metadataOf,
  metadataText,
  pluck,
  toObject,
} from "./plain";
import { annotateSecrets } from "./secrets";

const MANAGED_BY = "app.kubernetes.io/managed-by";

/** Checks the inputs of an object: normalises them, names the object and puts it in its namespace. */
export async function checkManifest(
  request: CheckRequest,
  instance: ProviderInstance,
  context: CallContext,
): Promise<CheckResult> {
  const { urn, olds, news } = request;
  const { settings } = instance;
  if (instance.unreachable !== undefined && settings.skipUpdateUnreachable) {
    const message =
      "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...";
    await context.log("warning", message, urn);
    return { inputs: olds };
  }
  if (/^kubernetes:[^:]+:\w+List$/.test(typeOfUrn(urn)) && Array.isArray(news.items)) {
    throw new Error(
      "list resources exist for compatibility with YAML manifests and Helm charts, " +
        "and cannot be created directly. Use the underlying resource type instead",
    );
  }
  const before = toObject(olds);
  const inputs = normalizeInputs(toObject(news));
  const patch = isPatchResource(urn, String(inputs.kind ?? ""));
  if (patch && !settings.serverSideApply) {
    throw new Error(
      "patch resources require Server-Side Apply mode, which is enabled using the " +
        "`enableServerSideApply` Provider config",
    );
  }
  if (patch && metadataText(inputs, "name") === "") {
    throw new Error("patch resources require the `.metadata.name` field to be set");
  }
  await warnOfHooks(inputs, urn, instance, context);
  name(request, inputs, before, settings.serverSideApply);
  if (isGenerateName(inputs, news) && settings.serverSideApply) {
    throw new Error(
      "the `.metadata.generateName` field is not supported in Server-Side Apply mode",
    );
  }
  const { defaultNamespace } = instance;
  if (defaultNamespace !== "" && !hasNamespace(inputs)) {
    if (await instance.isNamespaced(gvkOfUrn(urn))) setNamespace(inputs, defaultNamespace);
  }
  instance.rememberDefinition(inputs);
  annotateSecrets(inputs, news);
  return { inputs: inputs as PropertyMap };
}

function name(
  request: CheckRequest,
  inputs: Record<string, unknown>,
  before: Record<string, unknown>,
  serverSideApply: boolean,
): void {
  if (Object.keys(before).length > 0) {
    adoptName(inputs, request.news, before);
    // An object that is there is left as it is: the label stays where it was set, and is not added.
    if (pluck(before, "metadata", "labels", MANAGED_BY) === "pulumi") setManagedBy(inputs);
    return;
  }
  const { news, randomSeed, autonaming } = request;
  assignName(inputs, news, request.name || "", randomSeed, autonaming);
  if (!serverSideApply) setManagedBy(inputs);
}

function setManagedBy(inputs: Record<string, unknown>): void {
  if (isUnknown(inputs.metadata)) return;
  const metadata = metadataOf(inputs);
  if (isUnknown(metadata.labels)) return;
  metadata.labels = {
    ...(isRecord(metadata.labels) ? metadata.labels : {}),
    [MANAGED_BY]: "pulumi",
  };
  inputs.metadata = metadata;
}

function hasNamespace(inputs: Record<string, unknown>): boolean {
  return metadataText(inputs, "namespace") !== "" || isUnknown(inputs.metadata);
}

function setNamespace(inputs: Record<string, unknown>, namespace: string): void {
  // An unknown namespace is overwritten as well: the real provider does not see it.
  inputs.metadata = { ...metadataOf(inputs), namespace };
}

async function warnOfHooks(
  inputs: Record<string, unknown>,
  urn: string,
  instance: ProviderInstance,
  context: CallContext,
): Promise<void> {
  const { annotations } = metadataOf(inputs);
  if (isRecord(annotations)) {
    for (const key of Object.keys(annotations)) {
      if (!key.startsWith("pulumi.com/autonamed")) continue;
      const message = `ignoring user-specified value for internal annotation "${key}"`;
      await context.log("warning", message, urn);
    }
  }
  const hook = annotationOf(inputs, "helm.sh/hook");
  if (!/test/.test(hook) || instance.settings.suppressHelmHookWarnings) return;
  await context.log(
    "warning",
    "This resource contains Helm hooks that are not currently supported by Pulumi. The resource will " +
      "be created, but any hooks will not be executed. Hooks support is tracked at " +
      "https://github.com/pulumi/pulumi-kubernetes/issues/555 -- This warning can be disabled by setting " +
      "the PULUMI_K8S_SUPPRESS_HELM_HOOK_WARNINGS environment variable",
    urn,
  );
}
