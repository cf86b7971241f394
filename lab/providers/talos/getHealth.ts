import { abortAfter } from "../../timeLimit";
import { stringsOf, type Attributes } from "./attributes";
import type { FunctionDefinition } from "./definition";
import { TerraformError } from "./diagnostics";
import { runHealthChecks, type HealthContext } from "./health";
import { TalosHealthClient } from "./healthClient";
import { KUBERNETES_CHECKS } from "./kubernetesChecks";
import { clientConfigurationAttribute, timeoutsAttribute } from "./sharedAttributes";
import { budgetOf, targetOf } from "./talosCall";
import { checkedAddresses, TALOS_CHECKS } from "./talosChecks";

const attributes: Attributes = {
  id: { type: "string", computed: true },
  endpoints: { type: "list", element: "string", required: true },
  controlPlaneNodes: { type: "list", element: "string", required: true },
  workerNodes: { type: "list", element: "string", optional: true },
  skipKubernetesChecks: { type: "bool", optional: true },
  clientConfiguration: clientConfigurationAttribute({ required: true }),
  timeouts: timeoutsAttribute("read"),
};

/**
 * `talos:cluster/getHealth`: waits until a cluster is healthy, in a preview too. Checks run one after the other, each
 * every 5 s until it passes. With `cni: none` it passes while nodes are NotReady.
 */
export const getHealthFunction: FunctionDefinition = {
  token: "talos:cluster/getHealth:getHealth",
  terraformName: "talos_cluster_health",
  attributes,

  async read(config, context) {
    const { credentials } = await targetOf(
      context,
      config,
      config["clientConfiguration"],
      "failed to generate talos config",
    );
    const nodes = addressesOf(config["controlPlaneNodes"], config["workerNodes"]);
    const talos = new TalosHealthClient(stringsOf(config["endpoints"]), credentials);
    const signal = abortAfter(budgetOf(config["timeouts"], "read"), context.signal);
    const checks =
      config["skipKubernetesChecks"] === true
        ? TALOS_CHECKS
        : [...TALOS_CHECKS, ...KUBERNETES_CHECKS];
    try {
      const report = await runHealthChecks(
        checks,
        { talos, ...nodes, kubernetes: kubernetesClients(talos) },
        signal,
      );
      if (report !== undefined) {
        context.warn("failed checks", report);
        throw new TerraformError("cluster health check failed", "context deadline exceeded");
      }
    } finally {
      talos.close();
    }
    return { ...config, id: "cluster_health" };
  },
};

function addressesOf(
  controlPlanes: Parameters<typeof stringsOf>[0],
  workers: Parameters<typeof stringsOf>[0],
): Pick<HealthContext, "controlPlaneNodes" | "workerNodes" | "nodes"> {
  try {
    const controlPlaneNodes = checkedAddresses(stringsOf(controlPlanes));
    const workerNodes = checkedAddresses(stringsOf(workers));
    return { controlPlaneNodes, workerNodes, nodes: [...controlPlaneNodes, ...workerNodes] };
  } catch (error) {
    throw new TerraformError("failed to generate node infos", (error as Error).message);
  }
}

function kubernetesClients(talos: TalosHealthClient): HealthContext["kubernetes"] {
  let clients: ReturnType<HealthContext["kubernetes"]> | undefined;
  return (timeoutMs) => {
    clients ??= (async () => {
      const text = await talos.withClient(undefined, (client) => client.kubeconfig(timeoutMs));
      const { AppsV1Api, CoreV1Api, KubeConfig } = await import("@kubernetes/client-node");
      const kubeconfig = new KubeConfig();
      kubeconfig.loadFromString(text);
      return {
        core: kubeconfig.makeApiClient(CoreV1Api),
        apps: kubeconfig.makeApiClient(AppsV1Api),
      };
    })().catch((error: unknown) => {
      clients = undefined;
      throw error;
    });
    return clients;
  };
}
