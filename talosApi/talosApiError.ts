import { status, type ServiceError } from "@grpc/grpc-js";

/** Name of a gRPC code as Go prints it: `InvalidArgument`, `Unavailable`. */
export function codeName(code: number): string {
  const name = status[code] ?? "UNKNOWN";
  return name === "OK"
    ? name
    : name
        .toLowerCase()
        .split("_")
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join("");
}

/** A Talos call that failed. Its message names call, place, code and the node's own words. */
export class TalosApiError extends Error {
  override readonly name = "TalosApiError";
  constructor(
    /** Method name, for instance `Bootstrap`. */
    readonly rpc: string,
    /** `host:port` that was called. */
    readonly endpoint: string,
    /** gRPC status code, {@link status}. */
    readonly code: number,
    /** What the server, or the transport, said. */
    readonly details: string,
  ) {
    super(`${rpc} at ${endpoint} failed: ${codeName(code)}: ${details}`);
  }

  /** The text of a Go client for the same failure. */
  get goMessage(): string {
    return `rpc error: code = ${codeName(this.code)} desc = ${this.details}`;
  }

  /** Wraps what grpc-js gave. */
  static from(error: ServiceError, rpc: string, endpoint: string): TalosApiError {
    return new TalosApiError(rpc, endpoint, error.code ?? status.UNKNOWN, error.details ?? "");
  }
}
