import { UNKNOWN } from "../property";
import {
  isObject,
  stringOf,
  type Attributes,
  type TerraformObject,
  type TerraformValue,
} from "./attributes";
import { planEndpoint } from "./bootstrap";
import { certificateExpiry } from "./certificateExpiry";
import type { ResourceDefinition, TalosContext } from "./definition";
import { TerraformError } from "./diagnostics";
import { parseGoDuration } from "./goDuration";
import { kubeconfigFields } from "./kubeconfigFields";
import {
  clientConfigurationAttribute,
  kubernetesClientConfigurationFields,
  timeoutsAttribute,
} from "./sharedAttributes";
import { budgetOf, retryTalosCall, targetOf } from "./talosCall";

const attributes: Attributes = {
  id: { type: "string", computed: true, useStateForUnknown: true },
  node: {
    type: "string",
    required: true,
    description: "controlplane node to retrieve the kubeconfig from",
  },
  endpoint: { type: "string", optional: true, computed: true },
  clientConfiguration: clientConfigurationAttribute({ required: true }),
  kubeconfigRaw: { type: "string", computed: true, sensitive: true, useStateForUnknown: true },
  kubernetesClientConfiguration: {
    type: "object",
    computed: true,
    useStateForUnknown: true,
    attributes: kubernetesClientConfigurationFields,
  },
  certificateRenewalDuration: { type: "string", optional: true, computed: true, default: "720h" },
  timeouts: timeoutsAttribute("create", "update"),
};

/**
 * `talos:cluster/kubeconfig:Kubeconfig`: an admin's kubeconfig, kept in state and fetched again only when its client
 * certificate ends within `certificateRenewalDuration`.
 */
export const kubeconfigResource: ResourceDefinition = {
  token: "talos:cluster/kubeconfig:Kubeconfig",
  schemaVersion: 1,
  attributes,

  modifyPlan(request, { now }) {
    planEndpoint(request);
    const { config, planned, prior } = request;
    const duration =
      config["certificateRenewalDuration"] ?? prior?.["certificateRenewalDuration"] ?? null;
    if (prior !== null && needsRenewal(prior, duration, now(), " in plan")) {
      planned["kubernetesClientConfiguration"] = Object.fromEntries(
        Object.keys(kubernetesClientConfigurationFields).map((name) => [name, UNKNOWN]),
      );
      planned["kubeconfigRaw"] = UNKNOWN;
    }
    return Promise.resolve();
  },

  async create({ planned }, context) {
    const fetched = await fetchKubeconfig(planned, "create", context);
    const { clusterName, ...fields } = fetched;
    return { ...planned, ...fields, id: clusterName };
  },

  async update({ planned, prior }, context) {
    const duration = planned["certificateRenewalDuration"] ?? null;
    if (!needsRenewal(prior, duration, context.now(), "")) {
      return planned;
    }
    const { kubeconfigRaw, kubernetesClientConfiguration } = await fetchKubeconfig(
      planned,
      "update",
      context,
    );
    return { ...planned, kubeconfigRaw, kubernetesClientConfiguration };
  },
};

/** A kubeconfig of a machine and what is in it; all in the provider's words. */
export async function fetchKubeconfig(
  attributes: TerraformObject,
  operation: "create" | "read" | "update",
  context: TalosContext,
): Promise<{
  clusterName: string;
  kubeconfigRaw: string;
  kubernetesClientConfiguration: TerraformObject;
}> {
  const target = await targetOf(
    context,
    attributes,
    attributes["clientConfiguration"],
    "failed to generate talos config",
  );
  const kubeconfigRaw = await retryTalosCall(
    context,
    target,
    budgetOf(attributes["timeouts"], operation),
    "failed to retrieve kubeconfig",
    (client, timeoutMs) => client.kubeconfig(timeoutMs),
  );
  return { kubeconfigRaw, ...kubeconfigFields(kubeconfigRaw) };
}

function needsRenewal(
  prior: TerraformObject,
  duration: TerraformValue,
  now: Date,
  where: string,
): boolean {
  const client = prior["kubernetesClientConfiguration"];
  const certificate = isObject(client) ? client["clientCertificate"] : null;
  if (typeof certificate !== "string") {
    return false;
  }
  const expiry = certificateExpiry(
    certificate,
    "kubernetes client certificate",
    "failed to decode PEM block",
  );
  const renewalMs = parseGoDuration(stringOf(duration));
  if (renewalMs === undefined) {
    throw new TerraformError(
      `failed to parse certificate renewal duration${where}`,
      `time: invalid duration ${JSON.stringify(stringOf(duration))}`,
    );
  }
  return expiry.getTime() < now.getTime() + renewalMs;
}
