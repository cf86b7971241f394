import { status } from "@grpc/grpc-js";
import { ADMIN } from "../roles";
import { unary } from "../rpc";
import { RpcError } from "../rpcError";
import { requireControlPlane } from "./controlPlaneOnly";

/** In Talos' order of checks; the reply comes at once, before etcd is healthy. */
export const bootstrap = unary<object>({
  service: "machine",
  rpc: "Bootstrap",
  roles: ADMIN,
  handle(node) {
    if (!node.services.isContainerRuntimeUp || node.faults.bootstrapUnavailable === "cri") {
      throw new RpcError(status.FAILED_PRECONDITION, "bootstrap is not available yet");
    }
    requireControlPlane(node, "bootstrap");
    if (node.faults.bootstrapUnavailable === "time") {
      throw new RpcError(status.FAILED_PRECONDITION, "time is not in sync yet");
    }
    if (node.services.hasEtcdData) {
      throw new RpcError(status.ALREADY_EXISTS, "etcd data directory is not empty");
    }
    node.services.bootstrap();
    return { messages: [{}] };
  },
});
