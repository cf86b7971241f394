import type { CallContext, DeleteRequest, ReadRequest, ReadResult } from "../protocol";
import type { ProviderInstance } from "./instance";

const advice =
  'rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

/**
 * What a read answers without a cluster: nothing where there is one, else what the settings say.
 * @returns undefined where the cluster can be asked
 * @throws where it cannot and no setting says what then
 */
export async function canRead(
  { urn, id, properties, inputs }: ReadRequest,
  instance: ProviderInstance,
  { log }: CallContext,
): Promise<ReadResult | undefined> {
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
 * Whether an object can be deleted; without a cluster it may only be forgotten.
 * @throws where there is no cluster and no setting says so
 */
export async function canDelete(
  { urn }: DeleteRequest,
  instance: ProviderInstance,
  { log }: CallContext,
): Promise<boolean> {
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
