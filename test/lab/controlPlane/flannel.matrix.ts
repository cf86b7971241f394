import assert from "node:assert/strict";
import { parseDocument } from "yaml";
import { createClusterRuntime, type LabClusterRuntime } from "../../../lab/controlPlane";
import { KubernetesApi } from "../../../lab/controlPlane/kubernetesApi";
import { requireSharedData } from "../../support/sharedData";
import { ciliumObjects, type NodeView, type PodView } from "./ciliumObjects";
import { kubeconfigCredentials } from "./kubeconfigCredentials";
import {
  configuredNode,
  eventually,
  recordedConfiguration,
  requireControlPlane,
  temporaryFolder,
} from "./support";

const ADDRESS = "127.0.1.14";

/** Talos' defaults (flannel, kube-proxy), real control plane. Proves nothing about packets. */
describe("cluster runtime with Talos' own CNI", function () {
  this.timeout(60_000);
  let runtime: LabClusterRuntime;
  let api: KubernetesApi;
  const dir = temporaryFolder();

  before(async function () {
    requireSharedData.call(this);
    const binaries = requireControlPlane(this);
    runtime = createClusterRuntime({ dir: `${dir}/cluster`, binaries });
    const [first = ""] = recordedConfiguration(ADDRESS, "v1.13-certsans").split(/^---$/m);
    const document = parseDocument(first);
    document.setIn(["machine", "kubelet", "extraArgs"], { "rotate-server-certificates": "true" });
    document.setIn(["machine", "features", "kubePrism", "enabled"], false);
    const node = configuredNode(dir, {
      hostname: "cp-1",
      address: ADDRESS,
      machineType: "controlplane",
      machineConfiguration: document.toString(),
    });
    await runtime.start(node, { firstBoot: true });
    await runtime.join(node);
    assert.equal(await runtime.untilReady(), true);
    api = new KubernetesApi(kubeconfigCredentials(runtime.kubeconfig() ?? ""), "test");
  });

  after(async () => {
    api?.close();
    await runtime?.stop();
  });

  it("makes the node Ready by itself", async () => {
    await eventually("Ready", async () => {
      const node = await api.get<NodeView>("/api/v1/nodes/cp-1").catch(() => undefined);
      return node?.status.conditions?.find(
        ({ type, status }) => type === "Ready" && status === "True",
      );
    });
  });

  it("leaves the kubelet's request for a serving certificate pending: nobody approves it", async () => {
    interface Request {
      spec: { username: string; signerName: string; groups: string[] };
      status: { conditions?: unknown[]; certificate?: string };
    }
    const request = await eventually("the request", async () => {
      const { items } = await api.get<{ items: Request[] }>(
        "/apis/certificates.k8s.io/v1/certificatesigningrequests",
      );
      return items.find(({ spec }) => spec.signerName === "kubernetes.io/kubelet-serving");
    });
    assert.equal(request.spec.username, "system:node:cp-1");
    assert.ok(request.spec.groups.includes("system:nodes"));
    assert.equal(request.status.conditions, undefined);
    assert.equal(request.status.certificate, undefined);
  });

  it("crashes a Cilium agent whose configuration points at a KubePrism that is off", async () => {
    for (const { path, object } of ciliumObjects({ name: "cilium" })) {
      await api.create(path, object);
    }
    const pod = await eventually("the crash", async () => {
      const { items } = await api.get<{ items: PodView[] }>(
        "/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dcilium",
      );
      return items.find(
        ({ status }) => status.containerStatuses?.[0]?.lastState.terminated !== undefined,
      );
    });
    assert.match(
      pod.status.containerStatuses?.[0]?.lastState.terminated?.message ?? "",
      /dial tcp localhost:7445: connect: connection refused/,
    );
  });
});
