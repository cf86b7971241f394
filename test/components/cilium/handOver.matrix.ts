import assert from "node:assert/strict";
import path from "node:path";

import { argoCDApplication } from "../../../components/cilium/handOver/argoCD";
import { fluxObjects } from "../../../components/cilium/handOver/flux";
import { otherManager } from "../../../components/cilium/handOver/otherManagers";
import { type Manifest, pathOf } from "../../../components/cilium/objects";
import { releaseValues } from "../../../components/cilium/releaseValues";
import { parseCiliumSpec } from "../../../components/spec";
import { makeNamespace, useApiServerWith } from "../../support/realCRDs";

const AGENTS: Manifest = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: {
    name: "cilium",
    namespace: "kube-system",
    labels: { "k8s-app": "cilium" },
    annotations: {
      "meta.helm.sh/release-name": "cilium",
      "meta.helm.sh/release-namespace": "kube-system",
    },
  },
  spec: {
    selector: { matchLabels: { "k8s-app": "cilium" } },
    template: {
      metadata: { labels: { "k8s-app": "cilium" } },
      spec: { containers: [{ name: "cilium-agent", image: "example.org/cilium" }] },
    },
  },
};

describe("hand-over on an API server with the CRDs of Flux and Argo CD (neither of them runs)", function () {
  this.timeout(120_000);
  const api = useApiServerWith(() => [
    "flux/helmreleases.yaml",
    "flux/helmrepositories.yaml",
    "flux/ocirepositories.yaml",
    "argocd/application.yaml",
    "argocd/appproject.yaml",
  ]);
  before(async () => {
    for (const name of ["kube-system", "argocd"]) await makeNamespace(api(), name);
  });

  async function post(manifest: Manifest, query = ""): Promise<{ body: unknown }> {
    const answer = await api().request(
      "POST",
      `${path.dirname(pathOf(manifest))}?fieldValidation=Strict${query}`,
      manifest,
    );
    assert.equal(answer.status, 201, `${manifest.kind}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  const charts = { repository: "cilium", registry: "oci://registry.example.org/charts/cilium" };
  for (const [name, chart] of Object.entries(charts)) {
    it(`takes every object, field by field, with the very values: chart of a ${name}`, async () => {
      const { spec } = parseCiliumSpec({
        version: "1.20.0",
        chart,
        hubble: { relay: true, ui: true },
      });
      const { values } = releaseValues(spec!, {
        k8sServiceHost: "127.0.0.1",
        k8sServicePort: 7445,
      });
      const [source, release] = fluxObjects(spec!, values, true, 900);
      await post(source!, "&dryRun=All");
      const flux = await post(release!, "&dryRun=All");
      assert.deepEqual((flux.body as { spec: { values: unknown } }).spec.values, values);
      const argoCD = await post(argoCDApplication(spec!, values), "&dryRun=All");
      const { source: taken } = (
        argoCD.body as { spec: { source: { helm: { valuesObject: unknown } } } }
      ).spec;
      assert.deepEqual(taken.helm.valuesObject, values);
    });
  }

  it("refuses to take over what Flux or Argo CD still manages, and nothing else", async () => {
    const { spec } = parseCiliumSpec({ version: "1.20.0" });
    assert.equal(await otherManager(api().kubeconfig, "release"), undefined);
    await post(AGENTS);
    assert.equal(await otherManager(api().kubeconfig, "release"), undefined);
    const application = argoCDApplication(spec!, {});
    await post(application);
    assert.match(
      (await otherManager(api().kubeconfig, "release")) ?? "",
      /Application argocd\/cilium/,
    );
    await api().request("DELETE", pathOf(application));
    const [, release] = fluxObjects(spec!, {}, false, 900);
    await post(release!);
    assert.match(
      (await otherManager(api().kubeconfig, "release")) ?? "",
      /HelmRelease kube-system\/cilium/,
    );
    await api().request("DELETE", pathOf(release!));
    assert.equal(await otherManager(api().kubeconfig, "release"), undefined);
  });
});
