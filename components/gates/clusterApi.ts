import { Agent, type RequestOptions, request } from "node:https";
import { createSecureContext } from "node:tls";

import type { V1ObjectMeta } from "@kubernetes/client-node";

import { type PlainAccess, plainAccess } from "./plainAccess";

/** An answer of the API server that is no success. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    path: string,
    reason: string,
  ) {
    super(`${path}: ${status} ${reason}`);
  }
}

const TIMEOUT_MS = 10_000;
const MERGE_PATCH = "application/merge-patch+json";
const APPLY_PATCH = "application/apply-patch+yaml";

/** Those of this run, by kubeconfig: gates and hooks of one cluster share its TLS sessions. */
const connected = new Map<string, Promise<ClusterApi>>();

/** Puts credentials into the options of a call. */
type Authorize = (options: RequestOptions) => Promise<void> | void;

/** The few calls of the Kubernetes API that gates and steps need. */
export class ClusterApi {
  private constructor(
    private readonly server: string,
    private readonly authorize: Authorize,
  ) {}

  static async connect(kubeconfig: string): Promise<ClusterApi> {
    const known = connected.get(kubeconfig) ?? ClusterApi.to(kubeconfig);
    connected.set(kubeconfig, known);
    return known;
  }

  private static async to(kubeconfig: string): Promise<ClusterApi> {
    const plain = plainAccess(kubeconfig);
    if (plain) return new ClusterApi(plain.server, byPlainAccess(plain));
    const [server, authorize] = await byLibrary(kubeconfig);
    return new ClusterApi(server, authorize);
  }

  /** The text at `path`. @throws {ApiError} for every status but 2xx; the network's own errors. */
  async text(
    path: string,
    method: "GET" | "DELETE" | "PATCH" | "POST" = "GET",
    accept = "application/json",
    body?: unknown,
    contentType = method === "PATCH" ? MERGE_PATCH : accept,
  ): Promise<string> {
    const url = new URL(this.server.replace(/\/$/, "") + path);
    const options: RequestOptions = {
      ...{ method, timeout: TIMEOUT_MS },
      headers: { accept, ...(body !== undefined && { "content-type": contentType }) },
    };
    await this.authorize(options);
    return new Promise((resolve, reject) => {
      const call = request(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(Buffer.concat(chunks).toString("utf8"));
          else reject(new ApiError(status, path, response.statusMessage ?? ""));
        });
        response.on("error", reject);
      });
      call.on("timeout", () => call.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      call.on("error", reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The object at `path`, or undefined where there is none. */
  async get<T>(path: string, accept?: string): Promise<T | undefined> {
    try {
      return JSON.parse(await this.text(path, "GET", accept)) as T;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** What every object has, of that at `path`: some are a thousand times as large. */
  async metadata(path: string): Promise<V1ObjectMeta | undefined> {
    const accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    return (await this.get<{ metadata?: V1ObjectMeta }>(path, accept))?.metadata;
  }

  /** The items of the list at `path`; none where the API does not know the kind. */
  async list<T>(path: string): Promise<T[]> {
    return (await this.get<{ items: T[] }>(path))?.items ?? [];
  }

  async delete(path: string): Promise<void> {
    await this.text(path, "DELETE");
  }

  /** A JSON merge patch: null takes a key away. */
  async patch(path: string, body: unknown): Promise<void> {
    await this.text(path, "PATCH", undefined, body);
  }

  /** What the object at `path` would be if this manager applied it, whoever else set fields; nothing is changed. */
  async tryApply<T>(path: string, object: unknown, fieldManager: string): Promise<T> {
    const query = `?dryRun=All&force=true&fieldManager=${fieldManager}`;
    return JSON.parse(await this.text(path + query, "PATCH", undefined, object, APPLY_PATCH)) as T;
  }

  async create(path: string, body: unknown): Promise<void> {
    await this.text(path, "POST", undefined, body);
  }
}

/** One agent, which knows the TLS session, and one reading of the certificates for all calls. */
function byPlainAccess({ ca, cert, key, token }: PlainAccess): Authorize {
  const agent = new Agent({ secureContext: createSecureContext({ ca, cert, key }) });
  return (options) => {
    options.agent = agent;
    if (token !== undefined)
      options.headers = { ...options.headers, authorization: `Bearer ${token}` };
  };
}

/** Credentials of every other kind. The library takes a second to load, so few runs load it. */
async function byLibrary(kubeconfig: string): Promise<[server: string, Authorize]> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const server = config.getCurrentCluster()?.server;
  if (!server) throw new Error("the kubeconfig's current context names no server");
  let known: { agent: RequestOptions["agent"]; credentials: string } | undefined;
  return [
    server,
    async (options) => {
      await config.applyToHTTPSOptions(options);
      // It makes an agent for each call; the first one knows the TLS session, until credentials change.
      const { agent, ca, cert, key, pfx } = options;
      const credentials = [ca, cert, key, pfx].map(String).join("\n");
      if (known?.credentials !== credentials) known = { agent, credentials };
      options.agent = known.agent;
    },
  ];
}

/** The status of an answer that is fine all the same; every other one is thrown. */
export async function unless(
  statuses: readonly number[],
  call: Promise<unknown>,
): Promise<number | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && statuses.includes(error.status)) return error.status;
    throw error;
  }
}
