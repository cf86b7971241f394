import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogSeverity, type LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

export interface EngineMessage {
  severity: string;
  message: string;
  urn: string;
}

/** More of an engine than its log, where a test needs it. */
export interface FakeServices {
  readonly engine?: UntypedServiceImplementation;
  readonly monitor?: UntypedServiceImplementation;
}

/** The part of an engine that a provider logs to. */
export class FakeEngine {
  readonly messages: EngineMessage[] = [];

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async start(more: FakeServices = {}): Promise<FakeEngine> {
    const server = new Server();
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    const engine = new FakeEngine(server, `127.0.0.1:${port}`);
    server.addService(EngineService, {
      log: (call: ServerUnaryCall<LogRequest, Empty>, callback: sendUnaryData<Empty>) => {
        const names = Object.entries(LogSeverity);
        engine.messages.push({
          severity: names.find(([, value]) => value === call.request.getSeverity())?.[0] ?? "",
          message: call.request.getMessage(),
          urn: call.request.getUrn(),
        });
        callback(null, new Empty());
      },
      ...more.engine,
    });
    if (more.monitor) server.addService(ResourceMonitorService, more.monitor);
    return engine;
  }

  stop(): void {
    this.server.forceShutdown();
  }
}
