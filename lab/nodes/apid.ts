import {
  type Metadata,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { serviceConstructor, SERVICES } from "../../talosApi";
import { answerStream, answerUnary } from "./machined";
import { METHODS } from "./methods";
import { certificateProblem, rolesOf } from "./roles";
import { routeOf, type Route } from "./routing";
import type { Caller, Method, StreamMethod, UnaryMethod } from "./rpc";
import { RpcError } from "./rpcError";
import type { SimulatedNode } from "./simulatedNode";

type Call = ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>;

interface Incoming extends Caller {
  metadata: Metadata;
  peer: string;
  deadline: Date | number;
}

/** The services of a node's port: apid routes each call, machined answers it or another node does. */
export function servicesOf(node: SimulatedNode) {
  return Object.entries(SERVICES).map(([service, fullName]) => ({
    definition: serviceConstructor(fullName).service,
    handlers: Object.fromEntries(
      METHODS.filter((method) => method.service === service).map((method) => [
        method.rpc,
        "handle" in method ? unaryHandler(node, method) : streamHandler(node, method),
      ]),
    ),
  }));
}

function unaryHandler(node: SimulatedNode, method: UnaryMethod) {
  return (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => {
    const respond = async () => {
      const incoming = incomingOf(node, call);
      const reply = await routeUnary(node, method, call.request, incoming);
      if (node.cutsReply(method.rpc)) {
        node.listener.cut(incoming.peer);
      } else {
        callback(null, reply);
      }
    };
    respond().catch((error: unknown) => callback(RpcError.of(error)));
  };
}

function streamHandler(node: SimulatedNode, method: StreamMethod) {
  return (call: ServerWritableStream<unknown, unknown>) => {
    const respond = async () => {
      const incoming = incomingOf(node, call);
      await routeStream(node, method, call.request, incoming, (message) => call.write(message));
      if (node.cutsReply(method.rpc)) {
        node.listener.cut(incoming.peer);
      } else {
        call.end();
      }
    };
    respond().catch((error: unknown) => call.emit("error", RpcError.of(error)));
  };
}

async function routeUnary(
  node: SimulatedNode,
  method: UnaryMethod,
  request: unknown,
  incoming: Incoming,
): Promise<object> {
  const route = routeFor(node, method, incoming.metadata);
  const ask = (target: string) =>
    node.isLocalTarget(target)
      ? answerUnary(node, method, request, incoming)
      : node.forwarder.unary(target, method, request, incoming);
  switch (route.kind) {
    case "local":
      return answerUnary(node, method, request, incoming);
    case "one":
      return ask(route.target);
    case "many": {
      const answers = await Promise.all(
        route.targets.map(async (target) => {
          try {
            const { messages } = (await ask(target)) as { messages: object[] };
            return messages.map((message) => ({ ...message, metadata: { hostname: target } }));
          } catch (error) {
            return [{ metadata: errorMetadata(target, error) }];
          }
        }),
      );
      return { messages: answers.flat() };
    }
    default:
      return route satisfies never;
  }
}

async function routeStream(
  node: SimulatedNode,
  method: StreamMethod,
  request: unknown,
  incoming: Incoming,
  send: (message: object) => void,
): Promise<void> {
  const route = routeFor(node, method, incoming.metadata);
  const ask = (target: string, forward: (message: object) => void) =>
    node.isLocalTarget(target)
      ? answerStream(node, method, request, incoming, forward)
      : node.forwarder.stream(target, method, request, incoming, forward);
  switch (route.kind) {
    case "local":
      return answerStream(node, method, request, incoming, send);
    case "one":
      return ask(route.target, send);
    case "many":
      await Promise.all(
        route.targets.map(async (target) => {
          try {
            await ask(target, (message) => send({ ...message, metadata: { hostname: target } }));
          } catch (error) {
            send({ metadata: errorMetadata(target, error) });
          }
        }),
      );
      return;
    default:
      return route satisfies never;
  }
}

function routeFor(node: SimulatedNode, method: Method, metadata: Metadata): Route {
  // While a machine has no configuration its apid does not look at the headers.
  if (node.inMaintenance) {
    return { kind: "local" };
  }
  return routeOf(metadata, {
    forwards: node.configuration?.machineType === "controlplane",
    isLocalTarget: (target) => node.isLocalTarget(target),
    fullMethodName: `/${SERVICES[method.service]}/${method.rpc}`,
    oneToMany: method.service !== "state",
  });
}

function incomingOf(node: SimulatedNode, call: Call): Incoming {
  const controller = new AbortController();
  call.on("cancelled", () => controller.abort());
  const certificate = node.inMaintenance ? undefined : call.getAuthContext().sslPeerCertificate;
  if (certificate !== undefined) {
    const now = Date.now() + Math.min(0, node.faults.clockOffsetSeconds) * 1000;
    if (certificateProblem(certificate, now) !== undefined) {
      node.listener.cut(call.getPeer());
      throw new RpcError(status.UNAVAILABLE, "tls: bad certificate");
    }
  }
  return {
    roles: rolesOf(certificate, call.metadata),
    signal: controller.signal,
    metadata: call.metadata,
    peer: call.getPeer(),
    deadline: call.getDeadline(),
  };
}

function errorMetadata(hostname: string, thrown: unknown): object {
  const error = RpcError.of(thrown);
  return {
    hostname,
    error: error.message,
    status: { code: error.code, message: error.details, details: [] },
  };
}
