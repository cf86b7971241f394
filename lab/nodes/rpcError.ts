import { status } from "@grpc/grpc-js";
import { codeName } from "../../talosApi";

/** An answer that refuses a call. `details` is Talos' own text. */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    readonly details: string,
  ) {
    super(`rpc error: code = ${codeName(code)} desc = ${details}`);
  }

  /** What a thrown value becomes on the wire; anything unforeseen is Unknown, as in Go. */
  static of(error: unknown): RpcError {
    if (error instanceof RpcError) {
      return error;
    }
    const { code, details } = error as { code?: unknown; details?: unknown };
    return typeof code === "number" && typeof details === "string"
      ? new RpcError(code, details)
      : new RpcError(status.UNKNOWN, error instanceof Error ? error.message : String(error));
  }
}

/** Talos' `authz.ErrNotAuthorized`. */
export function notAuthorized(): RpcError {
  return new RpcError(status.PERMISSION_DENIED, "not authorized");
}
