import assert from "node:assert/strict";

import type { BootstrapTimeline, ClusterSpecInput } from "../../components";
import { TestLab, requireBinaries } from "../support/testLab";

const KINDS =
  "namespaces,serviceaccounts,configmaps,secrets,services,daemonsets,deployments,roles,rolebindings,clusterroles,clusterrolebindings";
/** What belongs to the method itself, to Talos or to the objects' controllers. */
const FOREIGN =
  /sh\.helm\.release|talos-bootstrap-manifests-inventory|kube-root-ca\.crt|bootstrap-token/;

/** Agents of Cilium: each is replaced where its template changes. */
async function agents(lab: TestLab): Promise<string> {
  const uids = "jsonpath={range .items[*]}{.metadata.uid} {end}";
  return lab.kubectl(["get", "pods", "-n", "kube-system", "-l", "k8s-app=cilium", `-o=${uids}`]);
}

/** Kind, namespace and name of all that is called after Cilium or Hubble, and `cilium-config`. */
async function installed(lab: TestLab) {
  const list = JSON.parse(
    await lab.kubectl(["get", KINDS, "--all-namespaces", "--output=json"]),
  ) as { items: { kind: string; metadata: { namespace?: string; name: string } }[] };
  const objects = list.items
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`)
    .filter((object) => /cilium|hubble/.test(object) && !FOREIGN.test(object))
    .sort();
  const config = JSON.parse(
    await lab.kubectl(["get", "configmap", "cilium-config", "-n", "kube-system", "-o=json"]),
  ) as { data: Record<string, string> };
  return { objects, config: config.data };
}

describe("the methods that install Cilium (same objects; no agent or data path runs)", function () {
  this.timeout(300_000);
  let labs: TestLab[] = [];

  before(requireBinaries);
  afterEach(async () => {
    for (const lab of labs) await lab.stop();
    labs = [];
  });

  async function up(installMethod: "release" | "inline" | "manifests") {
    const lab = await TestLab.start({
      workers: 1,
      spec: (spec): ClusterSpecInput => ({
        ...spec,
        cilium: { ...spec.cilium, installMethod, hubble: { relay: true, ui: true } },
      }),
    });
    labs.push(lab);
    await lab.up();
    return lab;
  }

  it("end with the same objects, and a second run changes none", async () => {
    const release = await installed(await up("release"));
    assert.ok(release.objects.length > 20, release.objects.join("\n"));
    for (const method of ["manifests", "inline"] as const) {
      const lab = await up(method);
      assert.deepEqual(await installed(lab), release, method);
      const before = await lab.mutatingCalls();
      await lab.up(["--expect-no-changes"]);
      assert.deepEqual(await lab.mutatingCalls(), before, method);
    }
  });

  it("have Cilium applied 2 s after the API server serves, with inline (on an idle computer)", async () => {
    const lab = await up("inline");
    const { bootstrapTimeline } = (await lab.outputs()) as { bootstrapTimeline: BootstrapTimeline };
    const { apiServing, ciliumApplied } = bootstrapTimeline;
    const after = Date.parse(ciliumApplied!) - Date.parse(apiServing!);
    assert.ok(after <= 2000, `${after} ms after the API server`);
  });

  it("hand Cilium over from manifests to a release with every agent left as it is", async () => {
    const lab = await up("manifests");
    const before = await agents(lab);
    assert.equal(before.trim().split(" ").length, 2);
    await lab.up(["--expect-no-changes"]);
    lab.writeStack({ ...lab.spec, cilium: { ...lab.spec.cilium, installMethod: "release" } });
    await lab.up();
    assert.equal(await agents(lab), before);
  });
});
