import type { SERVICES } from "../../talosApi";
import type { RpcName } from "./faults";
import type { SimulatedNode } from "./simulatedNode";

/** Who calls, as far as a handler may know. */
export interface Caller {
  roles: ReadonlySet<string>;
  /** Aborted when the caller has gone. */
  signal: AbortSignal;
}

interface MethodBase {
  service: keyof typeof SERVICES;
  rpc: RpcName;
  /** The caller needs one of these. */
  roles: readonly string[];
}

/** One question, one answer. */
export interface UnaryMethod extends MethodBase {
  handle(node: SimulatedNode, request: unknown, caller: Caller): object | Promise<object>;
}

/** One question, many messages; ends when the promise does. */
export interface StreamMethod extends MethodBase {
  stream(
    node: SimulatedNode,
    request: unknown,
    caller: Caller,
    send: (message: object) => void,
  ): void | Promise<void>;
}

export type Method = UnaryMethod | StreamMethod;

/** A method with a typed request. */
export function unary<Request>(
  method: Omit<UnaryMethod, "handle"> & {
    handle(node: SimulatedNode, request: Request, caller: Caller): object | Promise<object>;
  },
): UnaryMethod {
  return method as UnaryMethod;
}

/** A streaming method with a typed request. */
export function stream<Request>(
  method: Omit<StreamMethod, "stream"> & {
    stream(
      node: SimulatedNode,
      request: Request,
      caller: Caller,
      send: (message: object) => void,
    ): void | Promise<void>;
  },
): StreamMethod {
  return method as StreamMethod;
}
