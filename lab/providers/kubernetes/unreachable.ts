import type { CallContext, DeleteRequest, ReadRequest, ReadResult } from "../protocol";
import { parseCheckpoint } from "./checkpoint";
import type { ProviderInstance } from "./instance";
import { removeRendered } from "./renderedYaml";

const advice =
  'rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

/**
 * What a read answers without a cluster: nothing where there is one, else what the settings say. Rendered objects are
 * what was written.
 * @returns undefined where the cluster can be asked
 * @throws where it cannot and no setting says what then
 */
export async function canRead(
  { urn, id, properties, inputs }: ReadRequest,
  instance: ProviderInstance,
  { log }: CallContext,
): Promise<ReadResult | undefined> {
  if (instance.settings.renderYamlToDirectory !== "") return { id, properties, inputs };
  if (instance.unreachable === undefined) return undefined;
  const said = "configured Kubernetes cluster is unreachable";
  await log("warning", `${said}: ${instance.unreachable}`, urn);
  if (instance.settings.deleteUnreachable) {
    await log("info", deleting(said), urn);
    return { id: "", properties: {} };
  }
  if (instance.settings.skipUpdateUnreachable) {
    const message =
      `${said} and the \`skipUnreachable\` option is enabled. ` +
      "Returned data could not reflect the actual cluster configuration.";
    await log("info", message, urn);
    return { id, properties, inputs };
  }
  throw new Error(
    "failed to read resource state due to unreachable cluster. If the cluster was deleted, " +
      `you can remove this resource from Pulumi state by ${advice}`,
  );
}

/**
 * Whether an object is to be deleted in a cluster; without one it may only be forgotten, or its file removed.
 * @throws where there is no cluster and no setting says so
 */
export async function canDelete(
  { urn, properties }: DeleteRequest,
  instance: ProviderInstance,
  { log }: CallContext,
): Promise<boolean> {
  const { renderYamlToDirectory } = instance.settings;
  if (renderYamlToDirectory !== "") {
    const file = removeRendered(renderYamlToDirectory, parseCheckpoint(properties).live);
    await log("info", `deleted ${file}`, urn, true);
    return false;
  }
  if (instance.unreachable === undefined) return true;
  const said = "configured Kubernetes cluster is unreachable";
  await log("warning", `${said}: ${instance.unreachable}`, urn);
  if (!instance.settings.deleteUnreachable) {
    throw new Error(
      `${said}. If the cluster was deleted, you can remove this resource from Pulumi state by ${advice}`,
    );
  }
  await log("info", deleting(said), urn);
  return false;
}

function deleting(said: string): string {
  return `${said} and the \`deleteUnreachable\` option is enabled. Deleting the unreachable resource from Pulumi state`;
}
