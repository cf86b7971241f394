import { parse } from "yaml";

import type { TerraformObject } from "./attributes";
import { TerraformError } from "./diagnostics";

interface Kubeconfig {
  "current-context"?: string;
  clusters?: { name: string; cluster?: Record<string, string> }[];
  contexts?: { name: string; context?: { cluster?: string; user?: string } }[];
  users?: { name: string; user?: Record<string, string> }[];
}

/**
 * The cluster's name and the access of the current context.
 * @throws TerraformError for a text that is no kubeconfig, and where it has no current context, which ends the real
 *   provider; none of the text is shown.
 */
export function kubeconfigFields(kubeconfig: string): {
  clusterName: string;
  kubernetesClientConfiguration: TerraformObject;
} {
  const config = parsed(kubeconfig);
  const current = config.contexts?.find(({ name }) => name === config["current-context"])?.context;
  if (current === undefined) {
    throw new TerraformError("failed to parse kubeconfig", "it has no current context");
  }
  const clusterName = current.cluster ?? "";
  const cluster = config.clusters?.find(({ name }) => name === clusterName)?.cluster ?? {};
  const user = config.users?.find(({ name }) => name === current.user)?.user ?? {};
  return {
    clusterName,
    kubernetesClientConfiguration: {
      host: cluster["server"] ?? "",
      caCertificate: cluster["certificate-authority-data"] ?? "",
      clientCertificate: user["client-certificate-data"] ?? "",
      clientKey: user["client-key-data"] ?? "",
    },
  };
}

function parsed(kubeconfig: string): Kubeconfig {
  try {
    const config: unknown = parse(kubeconfig, { logLevel: "silent" });
    return typeof config === "object" && config !== null ? (config as Kubeconfig) : {};
  } catch {
    throw new TerraformError("failed to parse kubeconfig", "it is not YAML");
  }
}
