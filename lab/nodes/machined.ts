import { status } from "@grpc/grpc-js";
import type { RpcName } from "./faults";
import type { Caller, Method, StreamMethod, UnaryMethod } from "./rpc";
import { notAuthorized, RpcError } from "./rpcError";
import type { SimulatedNode } from "./simulatedNode";

/** Answers a call on this machine itself: counts it, checks the role, calls the method. */
export async function answerUnary(
  node: SimulatedNode,
  method: UnaryMethod,
  request: unknown,
  caller: Caller,
): Promise<object> {
  await admit(node, method, request, caller);
  return method.handle(node, request, caller);
}

/** As {@link answerUnary}, for a method with many messages. */
export async function answerStream(
  node: SimulatedNode,
  method: StreamMethod,
  request: unknown,
  caller: Caller,
  send: (message: object) => void,
): Promise<void> {
  await admit(node, method, request, caller);
  await method.stream(node, request, caller, send);
}

async function admit(
  node: SimulatedNode,
  method: Method,
  request: unknown,
  caller: Caller,
): Promise<void> {
  if (!(method.rpc === "ApplyConfiguration" && (request as { dryRun: boolean }).dryRun)) {
    node.calls[method.rpc satisfies RpcName] += 1;
  }
  if (node.faults.neverAnswers.includes(method.rpc)) {
    await new Promise((resolve) => caller.signal.addEventListener("abort", resolve));
    throw new RpcError(status.CANCELLED, "context canceled");
  }
  if (!method.roles.some((role) => caller.roles.has(role))) {
    throw notAuthorized();
  }
}
