import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { ControlPlaneBinaries } from "../../../lab/controlPlane";
import type { ConfiguredNode } from "../../../lab/nodes/clusterRuntime";
import { sharedData } from "../../support/sharedData";

/** A folder of this test alone. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "control-plane-test-"));
}

/** A recorded control-plane configuration whose endpoint is this loopback address. */
export function recordedConfiguration(address: string, file = "v1.13-cni"): string {
  return readFileSync(
    sharedData("talos", "machine-config", `machine-config-controlplane-${file}.yaml`),
    "utf8",
  ).replace(/https:\/\/10\.5\.0\.2:6443/g, `https://${address}:6443`);
}

/** A node for the runtime with a folder of its own under `dir`. */
export function configuredNode(dir: string, node: Omit<ConfiguredNode, "dir">): ConfiguredNode {
  const folder = join(dir, node.hostname);
  mkdirSync(folder, { recursive: true });
  return { ...node, dir: folder };
}

/** The binary's path in LAB_BIN or the lab's cache; undefined where it was not built. */
export function labBinary(name: string): string | undefined {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return [process.env.LAB_BIN, join(cache, "pulumi-talos-cilium-lab", "bin")]
    .flatMap((folder) => (folder === undefined ? [] : [join(folder, name)]))
    .find((file) => existsSync(file));
}

/** The control plane's binaries; skips the suite with a line that says why where one is missing. */
export function requireControlPlane(context: Mocha.Context): ControlPlaneBinaries {
  const [etcd, kubeApiserver, kubeControllerManager, kubeScheduler] = [
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
  ].map(labBinary);
  if (
    etcd === undefined ||
    kubeApiserver === undefined ||
    kubeControllerManager === undefined ||
    kubeScheduler === undefined
  ) {
    console.log(
      "      skipped: the control plane's binaries are not built; `npm test` builds them",
    );
    return context.skip();
  }
  return { etcd, kubeApiserver, kubeControllerManager, kubeScheduler };
}

/** Polls until the function gives something other than undefined. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) {
      return found;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what} did not happen within ${timeoutMs} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whether a process with this id runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    return state.trim() !== "" && !state.startsWith("Z");
  } catch {
    return false;
  }
}
