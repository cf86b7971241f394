import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

import type { Severity } from "./implementation";

const SEVERITIES: Record<Severity, LogSeverity> = {
  debug: LogSeverity.DEBUG,
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
};

/** The engine's display, at the address that it gave when it attached. */
export class EngineLog {
  private client: EngineClient | undefined;

  attach(address: string): void {
    this.close();
    this.client = new EngineClient(address, credentials.createInsecure());
  }

  /** Never rejects: a message that cannot be delivered is lost. */
  log(severity: Severity, message: string, urn = "", ephemeral = false): Promise<void> {
    const client = this.client;
    if (client === undefined) {
      return Promise.resolve();
    }
    const request = new LogRequest();
    request.setSeverity(SEVERITIES[severity]);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    return new Promise((resolve) => client.log(request, () => resolve()));
  }

  close(): void {
    this.client?.close();
    this.client = undefined;
  }
}
