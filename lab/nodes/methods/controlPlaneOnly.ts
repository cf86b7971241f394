import { status } from "@grpc/grpc-js";
import type { MachineConfiguration } from "../machineConfiguration";
import { RpcError } from "../rpcError";
import type { SimulatedNode } from "../simulatedNode";

/** @throws RpcError Unimplemented on workers and in maintenance. */
export function requireControlPlane(node: SimulatedNode, what: string): MachineConfiguration {
  if (node.configuration?.machineType !== "controlplane") {
    throw new RpcError(status.UNIMPLEMENTED, `${what} is only available on control plane nodes`);
  }
  return node.configuration;
}
