import { type RequestOptions, request } from "node:https";

import type { KubeConfig, V1ObjectMeta } from "@kubernetes/client-node";

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

/** Those of this run, by kubeconfig: gates and hooks of one cluster share its TLS sessions. */
const connected = new Map<string, Promise<ClusterApi>>();

/** The few calls of the Kubernetes API that gates and steps need. */
export class ClusterApi {
  private agent: RequestOptions["agent"];
  private credentials = "";

  private constructor(
    private readonly config: KubeConfig,
    private readonly server: string,
  ) {}

  static async connect(kubeconfig: string): Promise<ClusterApi> {
    const known = connected.get(kubeconfig) ?? ClusterApi.to(kubeconfig);
    connected.set(kubeconfig, known);
    return known;
  }

  /** Credentials of every kind that a kubeconfig can hold. The library is loaded only in a hook. */
  private static async to(kubeconfig: string): Promise<ClusterApi> {
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromString(kubeconfig);
    const server = config.getCurrentCluster()?.server;
    if (!server) throw new Error("the kubeconfig's current context names no server");
    return new ClusterApi(config, server);
  }

  /** The text at `path`. @throws {ApiError} for every status but 2xx; the network's own errors. */
  async text(
    path: string,
    method: "GET" | "DELETE" | "PATCH" | "POST" = "GET",
    accept = "application/json",
    body?: unknown,
  ): Promise<string> {
    const url = new URL(this.server.replace(/\/$/, "") + path);
    const options: RequestOptions = {
      ...{ method, timeout: TIMEOUT_MS },
      headers: {
        accept,
        ...(body !== undefined && {
          "content-type": method === "PATCH" ? "application/merge-patch+json" : accept,
        }),
      },
    };
    await this.config.applyToHTTPSOptions(options);
    options.agent = this.agentFor(options);
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

  /** The library makes an agent for each call; the first one knows the TLS session, until credentials change. */
  private agentFor({ agent, ca, cert, key, pfx }: RequestOptions): RequestOptions["agent"] {
    const credentials = [ca, cert, key, pfx].map(String).join("\n");
    if (credentials !== this.credentials) Object.assign(this, { agent, credentials });
    return this.agent;
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

  async create(path: string, body: unknown): Promise<void> {
    await this.text(path, "POST", undefined, body);
  }
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
