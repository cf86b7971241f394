import { setTimeout as sleep } from "node:timers/promises";

import { status } from "@grpc/grpc-js";

import { TalosApiError, TalosClient, type ClientCredentials } from "../../../talosApi";
import { isObject, stringOf, type TerraformObject, type TerraformValue } from "./attributes";
import type { TalosContext } from "./definition";
import { TerraformError } from "./diagnostics";
import { parseGoDuration } from "./goDuration";
import { goErrorText } from "./goErrorText";

/** What an operation may take where `timeouts` says nothing, ms. */
const DEFAULT_BUDGET_MS = 10 * 60_000;

/** Wait before the second try, ms; doubled each time up to the longest. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** A machine as a program names it. */
export interface TalosTarget {
  endpoint: string;
  node: string;
  credentials: ClientCredentials;
}

/** Budget of an operation from a resource's `timeouts`, ms. */
export function budgetOf(
  timeouts: TerraformValue | undefined,
  operation: "create" | "read" | "update" | "delete",
): number {
  const given = isObject(timeouts) ? timeouts[operation] : null;
  return typeof given === "string"
    ? (parseGoDuration(given) ?? DEFAULT_BUDGET_MS)
    : DEFAULT_BUDGET_MS;
}

/**
 * The machine and the credentials of a configuration; the endpoint is the node where none is given.
 * @throws TerraformError with this summary where a part is not base64.
 */
export async function targetOf(
  { machinery }: TalosContext,
  attributes: TerraformObject,
  clientConfiguration: TerraformValue | undefined,
  summary: string,
): Promise<TalosTarget> {
  const given = isObject(clientConfiguration) ? clientConfiguration : {};
  const parts = {
    caCertificate: stringOf(given["caCertificate"]),
    clientCertificate: stringOf(given["clientCertificate"]),
    clientKey: stringOf(given["clientKey"]),
  };
  try {
    await machinery.talosconfig({ clusterName: "dynamic", clientConfiguration: parts });
  } catch (error) {
    throw new TerraformError(summary, (error as { detail?: string }).detail ?? String(error));
  }
  const node = stringOf(attributes["node"]);
  return {
    endpoint: stringOf(attributes["endpoint"]) || node,
    node,
    credentials: {
      ca: parts.caCertificate,
      cert: parts.clientCertificate,
      key: parts.clientKey,
    },
  };
}

/** Which credentials a machine takes now, and a client that uses them. */
export interface TalosConnection {
  client: TalosClient;
  /** Undefined in maintenance mode. */
  credentials: ClientCredentials | undefined;
}

/**
 * One operation on a machine. A machine that shows its disks without credentials is taken to be in maintenance mode
 * and called without them; any other answer means mTLS. An aborted `signal` breaks off what is under way.
 */
export async function withTalosClient<T>(
  target: TalosTarget,
  timeoutMs: number,
  signal: AbortSignal,
  operation: (connection: TalosConnection) => Promise<T>,
): Promise<T> {
  const address = { endpoint: target.endpoint, node: target.node };
  let client = new TalosClient(address);
  const close = (): void => client.close();
  signal.addEventListener("abort", close, { once: true });
  let credentials: ClientCredentials | undefined;
  try {
    try {
      await client.disks(timeoutMs);
    } catch {
      client.close();
      signal.throwIfAborted();
      credentials = target.credentials;
      client = new TalosClient({ ...address, credentials });
    }
    return await operation({ client, credentials });
  } finally {
    signal.removeEventListener("abort", close);
    client.close();
  }
}

/**
 * Repeats an operation on a machine until it succeeds, for as long as the budget lasts: waits of 0.5, 1, 2, 4, 8, 10,
 * 10 … s. InvalidArgument is final. A machine that takes a call and never answers costs the whole budget.
 * @throws TerraformError with the last error of a call.
 */
export async function retryTalosCall<T>(
  context: TalosContext,
  target: TalosTarget,
  budgetMs: number,
  summary: string,
  operation: (client: TalosClient, timeoutMs: number) => Promise<T>,
): Promise<T> {
  // The end of the budget breaks off a call; its own limit must not come first.
  const callTimeoutMs = budgetMs + DEFAULT_BUDGET_MS;
  let lastError: string | undefined;
  const attempts = async (signal: AbortSignal): Promise<T> => {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        return await withTalosClient(target, callTimeoutMs, signal, ({ client }) =>
          operation(client, callTimeoutMs),
        );
      } catch (error) {
        // An attempt that the end of the budget cut off has said nothing.
        if (!signal.aborted) {
          lastError = goErrorText(error);
        }
        if (error instanceof TalosApiError && error.code === status.INVALID_ARGUMENT) {
          throw new TerraformError(summary, goErrorText(error));
        }
      }
      await sleep(wait, undefined, { signal });
    }
  };
  const end = new AbortController();
  const cancelled = new Promise<never>((_resolve, reject) => {
    const give = (text: string): void => {
      end.abort();
      reject(new TerraformError(summary, lastError ?? text));
    };
    const timer = setTimeout(() => give("context deadline exceeded"), budgetMs);
    const cancel = (): void => give("context canceled");
    context.signal.addEventListener("abort", cancel, { once: true });
    end.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      context.signal.removeEventListener("abort", cancel);
    });
    if (context.signal.aborted) {
      cancel();
    }
  });
  try {
    return await Promise.race([attempts(end.signal), cancelled]);
  } finally {
    cancelled.catch(() => undefined);
    end.abort();
  }
}
