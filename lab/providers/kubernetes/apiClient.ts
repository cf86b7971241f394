import https from "node:https";
import http from "node:http";
import { readFileSync } from "node:fs";
import { goNetworkError } from "./goErrors";
import { isRecord } from "./plain";
import type { Connection } from "./kubeconfig";

/** The API server said no. `message` is its own; `reason` and `details` are those of the `Status` object. */
export class StatusError extends Error {
  constructor(
    message: string,
    readonly code: number,
    readonly reason: string,
    readonly details: Record<string, unknown>,
  ) {
    super(message);
  }
}

/** No answer came: the server cannot be reached or does not speak TLS as expected. */
export class UnreachableError extends Error {}

class StaleConnection extends Error {}

export interface RequestOptions {
  body?: unknown;
  contentType?: string;
  accept?: string;
  /** Milliseconds until the request is given up. */
  timeout?: number;
  signal?: AbortSignal;
}

const TLS_HANDSHAKE_TIMEOUT = 10_000;
const RESPONSE_TIMEOUT = 32_000;

/** Plain HTTPS requests to one API server over kept-alive connections. */
export class ApiClient {
  readonly server: URL;
  private readonly agent: https.Agent | http.Agent;
  private readonly headers: Record<string, string> = { "User-Agent": "pulumi-kubernetes/lab" };
  private readonly ready: Promise<void>;

  constructor(connection: Connection) {
    this.server = new URL(connection.server);
    const { cluster, user } = connection;
    const tls: https.AgentOptions = {
      keepAlive: true,
      ca: dataOrFile(cluster, "certificate-authority"),
      cert: dataOrFile(user, "client-certificate"),
      key: dataOrFile(user, "client-key"),
      rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
      ...(typeof cluster["tls-server-name"] === "string"
        ? { servername: cluster["tls-server-name"] }
        : {}),
    };
    this.agent =
      this.server.protocol === "http:" ? new http.Agent({ keepAlive: true }) : new https.Agent(tls);
    const token =
      user.token ?? (typeof user.tokenFile === "string" ? fileText(user.tokenFile) : "");
    if (token) this.headers.Authorization = `Bearer ${String(token).trim()}`;
    else if (user.username) {
      const basic = Buffer.from(`${String(user.username)}:${String(user.password ?? "")}`);
      this.headers.Authorization = `Basic ${basic.toString("base64")}`;
    }
    this.ready = user.exec ? this.execCredentials(connection) : Promise.resolve();
    this.ready.catch(() => undefined);
  }

  /** Credentials of an exec plugin; the only thing that the (slow to load) Kubernetes client library is used for. */
  private async execCredentials({ cluster, user }: Connection): Promise<void> {
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: "c", server: String(cluster.server), skipTLSVerify: true }],
      users: [{ name: "u", exec: user.exec }],
      contexts: [{ name: "x", cluster: "c", user: "u" }],
      currentContext: "x",
    });
    const options: https.RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const authorization = (options.headers as Record<string, string> | undefined)?.Authorization;
    if (authorization) this.headers.Authorization = authorization;
    if (this.agent instanceof https.Agent && options.cert) {
      this.agent.options.cert = options.cert;
      this.agent.options.key = options.key;
    }
  }

  url(path: string): URL {
    return new URL(this.server.pathname.replace(/\/$/, "") + path, this.server);
  }

  /**
   * Sends a request and parses the JSON answer.
   * @throws StatusError for an answer of 400 or above, UnreachableError where there is none
   */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    const response = await this.open(method, path, options);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const status = response.statusCode ?? 0;
    if (status >= 400) throw statusError(status, text);
    return text === "" ? {} : (JSON.parse(text) as unknown);
  }

  /** Sends a request and gives the response as a stream, for watches. */
  async open(
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<http.IncomingMessage> {
    await this.ready;
    const url = this.url(path);
    try {
      return await this.once(method, url, options);
    } catch (error) {
      // The server may have closed a kept connection just when it was used again.
      const stale = error instanceof StaleConnection && method === "GET";
      const cause = error instanceof StaleConnection ? error.cause : error;
      if (!stale) throw new UnreachableError(goNetworkError(cause, method, url));
      return this.open(method, path, options);
    }
  }

  private once(method: string, url: URL, options: RequestOptions): Promise<http.IncomingMessage> {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    return new Promise((resolve, reject) => {
      const request = (url.protocol === "http:" ? http : https).request(url, {
        method,
        agent: this.agent,
        signal: options.signal,
        headers: {
          ...this.headers,
          Accept: options.accept ?? "application/json",
          ...(body === undefined
            ? {}
            : {
                "Content-Type": options.contentType ?? "application/json",
                "Content-Length": Buffer.byteLength(body),
              }),
        },
      });
      const patience = setTimeout(() => {
        request.destroy(coded("RESPONSE_TIMEOUT"));
      }, options.timeout ?? RESPONSE_TIMEOUT);
      request.once("socket", (socket) => {
        if (!socket.connecting) return;
        const handshake = setTimeout(() => {
          request.destroy(coded("TLS_HANDSHAKE_TIMEOUT"));
        }, TLS_HANDSHAKE_TIMEOUT);
        const stop = (): void => clearTimeout(handshake);
        socket.once(url.protocol === "http:" ? "connect" : "secureConnect", stop);
        socket.once("close", stop);
      });
      request.once("error", (error) => {
        clearTimeout(patience);
        const reset = "code" in error && error.code === "ECONNRESET";
        reject(request.reusedSocket && reset ? new StaleConnection("", { cause: error }) : error);
      });
      request.once("response", (response) => {
        clearTimeout(patience);
        resolve(response);
      });
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function statusError(status: number, text: string): StatusError {
  const body = parsed(text);
  const details = isRecord(body.details) ? body.details : {};
  const message = typeof body.message === "string" ? body.message : text.trim();
  const known = body.kind === "Status" && message !== "";
  return new StatusError(
    known ? message : "the server could not find the requested resource",
    status,
    typeof body.reason === "string" ? body.reason : status === 404 ? "NotFound" : "",
    details,
  );
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function dataOrFile(source: Record<string, unknown>, name: string): Buffer | undefined {
  const data = source[`${name}-data`];
  if (typeof data === "string" && data !== "") return Buffer.from(data, "base64");
  const file = source[name];
  return typeof file === "string" && file !== "" ? readFileSync(file) : undefined;
}

function fileText(file: string): string {
  return readFileSync(file, "utf8").trim();
}
