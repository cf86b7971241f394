import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

import type { KubernetesApi } from "./kubernetesApi";
import type { Container, Pod } from "./pod";

/** What a container that ends by itself ended with. */
export interface ContainerEnd {
  exitCode: number;
  /** Its last lines. */
  message: string;
}

export interface CiliumCLIOptions {
  /** What makes tokens and reads ConfigMaps for the pods. */
  api: KubernetesApi;
  /** Of the API server, `https://…`, and its CA in PEM. */
  server: string;
  ca: string;
  /** Helm's path, which the stand-in works with. */
  helm: string | undefined;
  onEvent: (message: string) => void;
}

const STAND_IN = path.join(__dirname, "..", "ciliumCLI", "bin", "cilium");
const TIMEOUT_MS = 60_000;

/** The container of a pod that runs Cilium's CLI; undefined in every other pod. Pure. */
export function cliContainer(pod: Pod): Container | undefined {
  return pod.spec.containers.find(({ image }) => /\/cilium-cli[:@]/.test(image));
}

/**
 * Pods of Cilium's CLI, the only ones whose command runs: `cilium` where it is on PATH, else the
 * stand-in beside the lab. It has no more rights than the account of its pod.
 */
export class CiliumCLIPods {
  constructor(private readonly options: CiliumCLIOptions) {}

  async run(pod: Pod): Promise<ContainerEnd | undefined> {
    const container = cliContainer(pod);
    if (container === undefined) {
      return undefined;
    }
    const folder = await mkdtemp(path.join(tmpdir(), "cilium-cli-"));
    try {
      const kubeconfig = path.join(folder, "kubeconfig");
      await writeFile(kubeconfig, await this.kubeconfigOf(pod), { mode: 0o600 });
      const args = await this.mounted(pod, container, folder);
      const cli = cliPath(process.env);
      const { stdout } = await promisify(execFile)(cli, args, {
        env: {
          ...{ ...process.env, HELM_BIN: this.options.helm, KUBECONFIG: kubeconfig },
          // A new container has no charts of another one.
          XDG_CACHE_HOME: folder,
        },
        timeout: TIMEOUT_MS,
      });
      const says = cli === STAND_IN ? stdout.split("\n")[0] : cli;
      this.options.onEvent(`${pod.metadata.name} installed Cilium by ${says}`);
      return { exitCode: 0, message: "" };
    } catch (error) {
      const { code, stderr, message } = error as { code?: unknown; stderr?: string } & Error;
      const last = (stderr ?? message).trim().split("\n").at(-1) ?? message;
      this.options.onEvent(`${pod.metadata.name} failed: ${last}`);
      return { exitCode: typeof code === "number" ? code : 1, message: last };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async kubeconfigOf(pod: Pod): Promise<string> {
    const namespace = pod.metadata.namespace ?? "default";
    const account = pod.spec.serviceAccountName ?? "default";
    const { status } = await this.options.api.create<{ status: { token: string } }>(
      `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
      { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
    );
    const { server, ca } = this.options;
    const name = "in-cluster";
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name,
          cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") },
        },
      ],
      users: [{ name, user: { token: status.token } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    });
  }

  /** The arguments, with what is mounted from ConfigMaps in files of `folder`. */
  private async mounted(pod: Pod, container: Container, folder: string): Promise<string[]> {
    let args = container.args ?? [];
    for (const { name, mountPath } of container.volumeMounts ?? []) {
      const source = pod.spec.volumes?.find((volume) => volume.name === name)?.configMap;
      if (source?.name === undefined) {
        continue;
      }
      const { data = {} } = await this.options.api.get<{ data?: Record<string, string> }>(
        `/api/v1/namespaces/${pod.metadata.namespace ?? "default"}/configmaps/${source.name}`,
      );
      for (const [file, text] of Object.entries(data)) {
        await writeFile(path.join(folder, file), text);
        args = args.map((arg) => (arg === `${mountPath}/${file}` ? path.join(folder, file) : arg));
      }
    }
    return args;
  }
}

/** The real CLI where PATH has one. */
function cliPath(env: NodeJS.ProcessEnv): string {
  const found = (env["PATH"] ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, "cilium"))
    .find((file) => existsSync(file));
  return found ?? STAND_IN;
}
