import { status } from "@grpc/grpc-js";
import type { V1Node, V1Pod } from "@kubernetes/client-node";

import { messageType, TalosApiError } from "../../../talosApi";
import { SkipCheck, type HealthCheck, type HealthContext } from "./health";

const CONTROL_PLANE_APPS = ["kube-apiserver", "kube-scheduler", "kube-controller-manager"];
const STATIC_PODS = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map(
  (name) => `kube-system/${name}`,
);

/** What the cluster's API must show. Without a CNI of Talos' own nodes may be NotReady. */
export const KUBERNETES_CHECKS: readonly HealthCheck[] = [
  { ...check("all k8s nodes to report", allNodesReported), intervalMs: 30_000 },
  check("all control plane static pods to be running", staticPods),
  check("all control plane components to be ready", controlPlaneReady),
  check("all k8s nodes to report ready", async (context, timeoutMs) => {
    await skipWithoutCNI(context, timeoutMs);
    const notReady = (await nodesOf(context, timeoutMs)).filter((node) => !isReady(node));
    throwIfAny(notReady, "some nodes are not ready");
  }),
  check("kube-proxy to report ready", async (context, timeoutMs) => {
    const { apps } = await context.kubernetes(timeoutMs);
    const found = await apps.listNamespacedDaemonSet({
      namespace: "kube-system",
      labelSelector: "k8s-app=kube-proxy",
    });
    const wanted = found.items[0]?.status?.desiredNumberScheduled;
    await podsReady(context, wanted, "k8s-app=kube-proxy", timeoutMs);
  }),
  check("coredns to report ready", async (context, timeoutMs) => {
    await skipWithoutCNI(context, timeoutMs);
    const { apps } = await context.kubernetes(timeoutMs);
    const found = await apps.listNamespacedDeployment({
      namespace: "kube-system",
      labelSelector: "k8s-app=kube-dns",
    });
    await podsReady(context, found.items[0]?.spec?.replicas, "k8s-app=kube-dns", timeoutMs);
  }),
  check("all k8s nodes to report schedulable", async (context, timeoutMs) => {
    const cordoned = (await nodesOf(context, timeoutMs)).filter((node) => node.spec?.unschedulable);
    throwIfAny(cordoned.slice(0, 1), "some nodes are not schedulable");
  }),
];

function check(description: string, assert: HealthCheck["assert"]): HealthCheck {
  return { description, intervalMs: 5000, assert };
}

async function allNodesReported(context: HealthContext, timeoutMs: number): Promise<void> {
  nodesMatch(context.nodes, await nodesOf(context, timeoutMs));
}

async function staticPods(
  { talos, controlPlaneNodes }: HealthContext,
  timeoutMs: number,
): Promise<void> {
  for (const node of controlPlaneNodes) {
    const ids = await talos
      .withClient(node, (client) =>
        client.listResources("k8s", "StaticPodStatuses.kubernetes.talos.dev", timeoutMs),
      )
      .then((found) => found.map(({ metadata }) => metadata.id))
      .catch((error: unknown) => {
        if (error instanceof TalosApiError && error.code === status.UNIMPLEMENTED) {
          throw new SkipCheck();
        }
        throw error;
      });
    const missing = STATIC_PODS.filter((pod) => !ids.some((id) => id.startsWith(pod)));
    if (missing.length > 0) {
      throw new Error(`missing static pods on node ${node}: [${missing.join(" ")}]`);
    }
  }
}

async function controlPlaneReady(context: HealthContext, timeoutMs: number): Promise<void> {
  const nodes = (await nodesOf(context, timeoutMs)).filter(
    ({ metadata }) => metadata?.labels?.["node-role.kubernetes.io/control-plane"] !== undefined,
  );
  nodesMatch(context.controlPlaneNodes, nodes);
  const { core } = await context.kubernetes(timeoutMs);
  for (const app of CONTROL_PLANE_APPS) {
    const { items } = await core.listNamespacedPod({
      namespace: "kube-system",
      labelSelector: `k8s-app = ${app}`,
    });
    if (items.length !== nodes.length) {
      throw new Error(
        `expected number of pods for ${app} to be ${nodes.length}, got ${items.length}`,
      );
    }
    throwIfAny(
      items.filter((pod) => !isReady(pod)),
      `some pods are not ready for ${app}`,
    );
  }
}

async function podsReady(
  context: HealthContext,
  wanted: number | undefined,
  labelSelector: string,
  timeoutMs: number,
): Promise<void> {
  if (wanted === undefined) {
    throw new SkipCheck();
  }
  const { core } = await context.kubernetes(timeoutMs);
  const { items } = await core.listNamespacedPod({ namespace: "kube-system", labelSelector });
  const alive = items.filter(
    ({ metadata, status: found }) =>
      metadata?.deletionTimestamp === undefined &&
      found?.phase !== "Failed" &&
      (found?.containerStatuses ?? []).some(({ state }) => state?.terminated === undefined),
  );
  const place = `namespace "kube-system" and label selector "${labelSelector}"`;
  const ready = alive.filter((pod) => condition(pod, "Ready") === "True");
  if (ready.length === 0) {
    throw new Error(`no ready pods found for ${place}`);
  }
  throwIfAny(
    alive.filter((pod) => !ready.includes(pod)),
    "some pods are not ready",
  );
  if (ready.length !== wanted) {
    throw new Error(`expected ${wanted} ready pods, got ${ready.length}`);
  }
}

/** With `cni: none` Talos waits for neither nodes nor DNS. */
async function skipWithoutCNI({ talos }: HealthContext, timeoutMs: number): Promise<void> {
  const resource = await talos.withClient(undefined, (client) =>
    client.getResource(
      "controlplane",
      "BootstrapManifestsConfigs.kubernetes.talos.dev",
      "manifests",
      timeoutMs,
    ),
  );
  const { cniName } = messageType<{ cniName: string }>(
    "talos.resource.definitions.BootstrapManifestsConfigSpec",
  ).deserialize(Buffer.from(resource.spec.protoSpec));
  if (cniName === "none") {
    throw new SkipCheck();
  }
}

async function nodesOf(context: HealthContext, timeoutMs: number): Promise<V1Node[]> {
  const { core } = await context.kubernetes(timeoutMs);
  return (await core.listNode()).items;
}

function nodesMatch(expected: readonly string[], nodes: readonly V1Node[]): void {
  const actual = nodes.map((node) =>
    (node.status?.addresses ?? [])
      .filter(({ type }) => type === "InternalIP" || type === "ExternalIP")
      .map(({ address }) => address),
  );
  for (const address of expected) {
    const index = actual.findIndex((addresses) => addresses.includes(address));
    if (index < 0) {
      throw new Error(`can't find expected node with IPs ["${address}"]`);
    }
    actual.splice(index, 1);
  }
  if (actual.length > 0) {
    const addresses = actual.flat().sort();
    throw new Error(`unexpected nodes with IPs [${addresses.map((ip) => `"${ip}"`).join(" ")}]`);
  }
}

function condition(object: V1Node | V1Pod, type: string): string | undefined {
  return object.status?.conditions?.find((found) => found.type === type)?.status;
}

/** What has no such condition counts as ready. */
function isReady(object: V1Node | V1Pod): boolean {
  return (condition(object, "Ready") ?? "True") === "True";
}

function throwIfAny(objects: readonly (V1Node | V1Pod)[], text: string): void {
  if (objects.length > 0) {
    throw new Error(`${text}: [${objects.map(({ metadata }) => metadata?.name).join(" ")}]`);
  }
}
