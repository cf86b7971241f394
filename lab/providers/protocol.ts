import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type ServerUnaryCall,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";

import { Connections } from "./connections";
import { unaryMethods } from "./methods";
import { toStruct } from "./property";
import {
  InitializationFailedError,
  ProviderError,
  type ProviderImplementation,
} from "./implementation";

export * from "./implementation";
export * from "./property";

/** A whole kubeconfig, chart values or an inline manifest ride in one message. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** A provider at work on a loopback port. */
export interface ProviderServer {
  /** For `PULUMI_DEBUG_PROVIDERS=<package>:<port>`. */
  port: number;
  /** Aborts running calls and closes all connections. */
  stop(): Promise<void>;
}

/**
 * Serves Pulumi's `ResourceProvider` protocol on a free loopback port.
 * @throws when no loopback port can be had.
 */
export async function serveProvider<TInstance>(
  implementation: ProviderImplementation<TInstance>,
): Promise<ProviderServer> {
  const connections = new Connections(implementation);
  const handlers: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(unaryMethods(implementation))) {
    handlers[name] = (call: ServerUnaryCall<unknown, object>, callback: sendUnaryData<object>) => {
      const connection = connections.of(call.getPeer(), name === "handshake");
      const { signal, release } = connection.startCall();
      call.on("cancelled", () => release("disconnected"));
      method(call.request as never, connection, signal)
        .then(
          (response) => callback(null, response),
          (error: unknown) => callback(serviceError(error)),
        )
        .finally(() => release());
    };
  }
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(ResourceProviderService, handlers);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return {
    port,
    stop: () => {
      connections.closeAll();
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

function serviceError(error: unknown): { code: number; details: string; metadata?: Metadata } {
  const details = error instanceof Error ? error.message : String(error);
  if (error instanceof InitializationFailedError) {
    return { code: status.UNKNOWN, details, metadata: initializationDetails(error) };
  }
  return { code: error instanceof ProviderError ? error.code : status.UNKNOWN, details };
}

function initializationDetails(error: InitializationFailedError): Metadata {
  const { id, properties, inputs, reasons } = error.resource;
  const detail = new ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(toStruct(properties));
  detail.setReasonsList(reasons);
  if (inputs !== undefined) {
    detail.setInputs(toStruct(inputs));
  }
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const rpcStatus = new Status();
  rpcStatus.setCode(status.UNKNOWN);
  rpcStatus.setMessage(error.message);
  rpcStatus.addDetails(any);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(rpcStatus.serializeBinary()));
  return metadata;
}
