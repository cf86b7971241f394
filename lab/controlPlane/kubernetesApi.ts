import { Agent, request, type RequestOptions } from "node:https";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { ClientCredentials } from "./pki";

/** An object of the API server, as far as every object is alike. */
export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    deletionGracePeriodSeconds?: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string; uid: string; controller?: boolean }[];
  };
}

/** What the API server refuses with. `status` 0: it could not be reached. */
export class KubernetesApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly reason: string,
  ) {
    super(message);
    this.name = "KubernetesApiError";
  }
}

export interface WatchEvent<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: T;
}

export type PatchType = "merge" | "strategic" | "apply";
const CONTENT_TYPES: Record<PatchType, string> = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

const REQUEST_TIMEOUT_MS = 30_000;

/** A small client of the lab's API server: JSON over one pool of connections. */
export class KubernetesApi {
  private readonly agent: Agent;
  private readonly base: URL;

  constructor(
    credentials: ClientCredentials,
    private readonly userAgent: string,
  ) {
    this.base = new URL(credentials.server);
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: 24,
      ca: credentials.ca,
      cert: credentials.client.cert,
      key: credentials.client.key,
    });
  }

  get<T>(path: string): Promise<T> {
    return this.send<T>("GET", path);
  }

  /** @param headers such as those for impersonation. */
  create<T>(path: string, object: object, headers: OutgoingHttpHeaders = {}): Promise<T> {
    return this.send<T>("POST", path, object, undefined, headers);
  }

  put<T>(path: string, object: object): Promise<T> {
    return this.send<T>("PUT", path, object);
  }

  patch<T>(
    path: string,
    patch: object,
    type: PatchType = "merge",
    headers: OutgoingHttpHeaders = {},
  ): Promise<T> {
    return this.send<T>("PATCH", path, patch, CONTENT_TYPES[type], headers);
  }

  delete<T>(path: string, options: object = {}): Promise<T> {
    return this.send<T>("DELETE", path, options);
  }

  /** Server-side apply. */
  apply<T>(path: string, object: object, fieldManager: string): Promise<T> {
    return this.patch<T>(`${path}?fieldManager=${fieldManager}`, object, "apply");
  }

  /** The body of a path that answers in plain text, such as `/readyz`. @throws when it is not 200. */
  async text(path: string, timeoutMs = REQUEST_TIMEOUT_MS): Promise<string> {
    const response = await this.open("GET", path, undefined, undefined, timeoutMs);
    const body = await bodyOf(response);
    if (response.statusCode !== 200) {
      throw new KubernetesApiError(body, response.statusCode ?? 0, "");
    }
    return body;
  }

  /** Events of a watch until the server ends it or `signal` does. */
  async watch<T>(
    path: string,
    onEvent: (event: WatchEvent<T>) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await this.open("GET", path, undefined, undefined, undefined, {
      signal,
    });
    if (response.statusCode !== 200) {
      throw errorOf(response.statusCode ?? 0, await bodyOf(response), "GET", path);
    }
    response.setEncoding("utf8");
    let rest = "";
    for await (const chunk of response as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line !== "") {
          onEvent(JSON.parse(line) as WatchEvent<T>);
        }
      }
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private async send<T>(
    method: string,
    path: string,
    body?: object,
    contentType = "application/json",
    headers: OutgoingHttpHeaders = {},
  ): Promise<T> {
    const response = await this.open(method, path, body, contentType, REQUEST_TIMEOUT_MS, {
      headers,
    });
    const content = await bodyOf(response);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) {
      throw errorOf(status, content, method, path);
    }
    return JSON.parse(content) as T;
  }

  private open(
    method: string,
    path: string,
    body: object | undefined,
    contentType: string | undefined,
    timeoutMs: number | undefined,
    { signal, headers }: { signal?: AbortSignal; headers?: OutgoingHttpHeaders } = {},
  ): Promise<IncomingMessage> {
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const options: RequestOptions = {
      method,
      agent: this.agent,
      hostname: this.base.hostname.replace(/^\[|\]$/g, ""),
      port: this.base.port,
      path,
      // An address is no TLS server name; without one the certificate is checked by address.
      servername: "",
      headers: {
        accept: "application/json",
        "user-agent": this.userAgent,
        ...headers,
        ...(content === undefined
          ? {}
          : { "content-type": contentType, "content-length": content.length }),
      },
      ...(signal === undefined ? {} : { signal }),
    };
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(
          new KubernetesApiError(
            `${method} ${path} of ${this.base.host}: ${error.message}`,
            0,
            "Unreachable",
          ),
        );
      const call = request(options, resolve);
      call.on("error", fail);
      if (timeoutMs !== undefined) {
        call.setTimeout(timeoutMs, () => call.destroy(new Error("no answer in time")));
      }
      call.end(content);
    });
  }
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
  } catch (error) {
    throw new KubernetesApiError((error as Error).message, 0, "Unreachable");
  }
  return Buffer.concat(chunks).toString("utf8");
}

function errorOf(status: number, body: string, method: string, path: string): KubernetesApiError {
  try {
    const { message, reason } = JSON.parse(body) as { message?: string; reason?: string };
    return new KubernetesApiError(message ?? `${method} ${path}: ${status}`, status, reason ?? "");
  } catch {
    return new KubernetesApiError(`${method} ${path}: ${status} ${body.slice(0, 200)}`, status, "");
  }
}

/** Whether the error says that there is no such object or kind. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubernetesApiError && error.status === 404;
}

/** Whether the error says that the caller may not do it. */
export function isForbidden(error: unknown): boolean {
  return error instanceof KubernetesApiError && error.status === 403;
}

/** Whether the error says that somebody else was faster. */
export function isConflict(error: unknown): boolean {
  return error instanceof KubernetesApiError && error.status === 409;
}

/** Headers of a request that is judged as the kubelet of this node. */
export function asKubelet(hostname: string): OutgoingHttpHeaders {
  return {
    "impersonate-user": `system:node:${hostname}`,
    "impersonate-group": ["system:nodes", "system:authenticated"],
  };
}
