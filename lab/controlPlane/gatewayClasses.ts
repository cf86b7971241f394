import type { KubernetesApi, KubernetesObject } from "./kubernetesApi";
import { timestamp } from "./timestamp";
import { watchList } from "./watchList";

const PATH = "/apis/gateway.networking.k8s.io/v1/gatewayclasses";
const CONTROLLER = "io.cilium/gateway-controller";

interface GatewayClass extends KubernetesObject {
  spec: { controllerName: string };
  status?: { conditions?: { type: string; status: string; observedGeneration?: number }[] };
}

/**
 * Accepts Cilium's GatewayClasses, but only where Gateway API was there when the operator started:
 * it looks once, as Cilium's does.
 */
export async function acceptGatewayClasses(api: KubernetesApi, signal: AbortSignal): Promise<void> {
  try {
    await api.get(PATH);
  } catch {
    return;
  }
  await watchList<GatewayClass>(
    api,
    PATH,
    (gatewayClass, deleted) => {
      if (
        !deleted &&
        gatewayClass.spec.controllerName === CONTROLLER &&
        !isAccepted(gatewayClass)
      ) {
        void accept(api, gatewayClass).catch(() => undefined);
      }
    },
    signal,
  );
}

function isAccepted({ metadata, status }: GatewayClass): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: value, observedGeneration }) =>
      type === "Accepted" && value === "True" && observedGeneration === metadata.generation,
  );
}

async function accept(api: KubernetesApi, { metadata }: GatewayClass): Promise<void> {
  await api.patch(`${PATH}/${metadata.name}/status`, {
    status: {
      conditions: [
        {
          type: "Accepted",
          status: "True",
          reason: "Accepted",
          message: "Valid GatewayClass",
          observedGeneration: metadata.generation,
          lastTransitionTime: timestamp(),
        },
      ],
    },
  });
}
