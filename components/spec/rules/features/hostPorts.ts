import type { CiliumSpec } from "../../schema";
import { ownValue } from "./chartValue";

/** What listens on a TCP port of every machine, where Envoy would open it too; undefined where nothing does. */
export function portOwner(cilium: CiliumSpec, port: number): string | undefined {
  const { hubble, monitoring } = cilium;
  const agentMetrics = ownValue(cilium, "prometheus.enabled") ?? monitoring !== undefined;
  const owners: Readonly<Record<number, string | false>> = {
    4240: "Cilium's health checks",
    4244: hubble.enabled && "Hubble",
    9234: "the operator's health",
    9878: "Envoy's health",
    9879: "the agent's health",
    9962: Boolean(agentMetrics) && "the agent's metrics",
    9963: "the operator's metrics",
    9964: "Envoy's metrics",
    9965: (hubble.metrics ?? []).length > 0 && "Hubble's metrics",
    10250: "the kubelet",
  };
  return owners[port] || undefined;
}
