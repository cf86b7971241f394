import { type Metadata, status } from "@grpc/grpc-js";
import { RpcError } from "./rpcError";

/** Where apid sends a call. */
export type Route =
  | { kind: "local" }
  | { kind: "one"; target: string }
  | { kind: "many"; targets: string[] };

/** Set by an apid that forwards, so that no call goes round in circles. */
export const FORWARDED_HEADER = "proxyfrom";

/**
 * apid's choice by the headers `node` and `nodes`. A control plane forwards; a worker answers for
 * itself only.
 * @throws RpcError PermissionDenied, InvalidArgument or Internal, in apid's words.
 */
export function routeOf(
  metadata: Metadata,
  node: {
    forwards: boolean;
    isLocalTarget(target: string): boolean;
    fullMethodName: string;
    /** The service has replies that can be joined: not COSI's. */
    oneToMany: boolean;
  },
): Route {
  if (metadata.get(FORWARDED_HEADER).length > 0) {
    return { kind: "local" };
  }
  const single = headerValues(metadata, "node");
  const many = headerValues(metadata, "nodes");
  if (single.length > 1) {
    throw new RpcError(status.INVALID_ARGUMENT, "node metadata must be single-valued");
  }
  const [target] = single;
  if (!node.forwards) {
    const onlyLocal =
      (target === undefined || node.isLocalTarget(target)) &&
      (many.length === 0 || (many.length === 1 && node.isLocalTarget(many[0] ?? "")));
    if (onlyLocal) {
      return { kind: "local" };
    }
  }
  if (many.length > 0) {
    if (!node.oneToMany) {
      throw new RpcError(
        status.INVALID_ARGUMENT,
        `one-2-many proxying is not supported for method ${node.fullMethodName}`,
      );
    }
    return { kind: "many", targets: forwardable(many, node.forwards) };
  }
  if (target !== undefined) {
    forwardable([target], node.forwards);
    return { kind: "one", target };
  }
  return { kind: "local" };
}

function forwardable(targets: string[], forwards: boolean): string[] {
  if (!forwards) {
    throw new RpcError(status.PERMISSION_DENIED, "no request forwarding");
  }
  for (const target of targets) {
    // One colon is host:port; an IPv6 address has more.
    if (/^[^:]+:\d+$|^\[.*\]:\d+$/.test(target)) {
      throw new RpcError(status.INTERNAL, `invalid target: "${target}"`);
    }
  }
  return targets;
}

/** grpc-js joins repeated headers with commas. */
function headerValues(metadata: Metadata, name: string): string[] {
  return metadata
    .get(name)
    .flatMap((value) => String(value).split(","))
    .map((value) => value.trim())
    .filter((value) => value !== "");
}
