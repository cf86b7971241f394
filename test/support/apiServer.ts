import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync, randomBytes, randomInt } from "node:crypto";
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import net from "node:net";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A loopback address of this process's own: suites run side by side, and no lab comes here. */
const ADDRESS = `127.1.${randomInt(1, 255)}.${randomInt(1, 255)}`;
const CONTROLLERS = [
  "garbage-collector-controller",
  "namespace-controller",
  "deployment-controller",
  "replicaset-controller",
  "daemonset-controller",
];

/** A Kubernetes API with its controllers, without nodes. */
export interface ApiServer {
  server: string;
  kubeconfig: string;
  /** A request as administrator, for what the tests do behind the provider's back. */
  request(method: string, url: string, body?: unknown): Promise<{ status: number; body: Json }>;
  stop(): Promise<void>;
}

type Json = Record<string, unknown>;

/** Where the lab finds its programs: `LAB_BIN`, then its cache folder. */
export function labBinary(name: string): string | undefined {
  const folders = [
    process.env.LAB_BIN,
    path.join(
      process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"),
      "pulumi-talos-cilium-lab",
      "bin",
    ),
  ];
  return folders
    .filter((folder): folder is string => Boolean(folder))
    .map((folder) => path.join(folder, name))
    .find(existsSync);
}

/** In a `before` hook: skips the suite, with a line that says why, where a program is missing. */
export function requireLabBinaries(this: Mocha.Context, ...names: string[]): void {
  const missing = names.filter((name) => !labBinary(name));
  if (missing.length === 0) return;
  console.log(`      skipped: no ${missing.join(", ")} in LAB_BIN or the lab's cache folder`);
  this.skip();
}

/** Starts etcd, kube-apiserver and kube-controller-manager; about four seconds. */
export async function startApiServer(): Promise<ApiServer> {
  const dir = mkdtempSync(path.join(tmpdir(), "lab-api-"));
  const [client, peer, api, manager] = await freePorts(4);
  const token = randomBytes(16).toString("hex");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const file = (name: string, text: string): string => {
    const where = path.join(dir, name);
    writeFileSync(where, text, { mode: 0o600 });
    return where;
  };
  const key = file("sa.key", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  const server = `https://${ADDRESS}:${api}`;
  const kubeconfig = JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
    clusters: [{ name: "test", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "admin", user: { token } }],
  });
  const children: ChildProcess[] = [];
  const start = (name: string, ...args: string[]): void => {
    const log = openSync(path.join(dir, `${name}.log`), "a");
    children.push(spawn(labBinary(name) ?? name, args, { stdio: ["ignore", log, log] }));
  };
  const etcd = `http://${ADDRESS}:${client}`;
  const peers = `http://${ADDRESS}:${peer}`;
  start(
    "etcd",
    `--data-dir=${dir}/etcd`,
    `--listen-client-urls=${etcd}`,
    `--advertise-client-urls=${etcd}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    "--unsafe-no-fsync",
  );
  start(
    "kube-apiserver",
    `--etcd-servers=${etcd}`,
    `--bind-address=${ADDRESS}`,
    `--advertise-address=${ADDRESS}`,
    `--secure-port=${api}`,
    `--cert-dir=${dir}`,
    `--token-auth-file=${file("tokens.csv", `${token},admin,admin,system:masters\n`)}`,
    "--authorization-mode=AlwaysAllow",
    "--allow-privileged=true",
    "--service-cluster-ip-range=10.96.0.0/24",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    "--disable-admission-plugins=ServiceAccount",
  );
  const request: ApiServer["request"] = (method, url, body) =>
    send(server, token, method, url, body);
  const stop = async (): Promise<void> => {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(
      children.map(
        (child) =>
          new Promise((done) =>
            child.exitCode === null && child.signalCode === null
              ? child.once("exit", done)
              : done(undefined),
          ),
      ),
    );
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await until("the API server", async () => (await request("GET", "/readyz")).status === 200);
    start(
      "kube-controller-manager",
      `--kubeconfig=${file("kubeconfig", kubeconfig)}`,
      `--bind-address=${ADDRESS}`,
      `--secure-port=${manager}`,
      `--cert-dir=${dir}`,
      `--controllers=${CONTROLLERS.join(",")}`,
      "--leader-elect=false",
    );
    await until("the default namespace", async () => {
      return (await request("GET", "/api/v1/namespaces/default")).status === 200;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { server, kubeconfig, request, stop };
}

async function until(what: string, ready: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await ready().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`${what} did not come up within 30 s`);
    await sleep(50);
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer().listen(0, ADDRESS);
      await new Promise((done) => server.once("listening", done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

function send(
  server: string,
  token: string,
  method: string,
  url: string,
  body?: unknown,
): Promise<{ status: number; body: Json }> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const type = method === "PATCH" ? "application/apply-patch+yaml" : "application/json";
  return new Promise((resolve, reject) => {
    const request = https.request(
      new URL(url, server),
      {
        method,
        rejectUnauthorized: false,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": type },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString("utf8");
          const json = answer.startsWith("{") ? (JSON.parse(answer) as Json) : { text: answer };
          resolve({ status: response.statusCode ?? 0, body: json });
        });
      },
    );
    request.once("error", reject);
    request.end(text);
  });
}
