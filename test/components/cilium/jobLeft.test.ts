import assert from "node:assert/strict";

import { takeJobAway } from "../../../components/cilium/job/jobLeft";
import { jobManifests } from "../../../components/cilium/job/jobManifests";
import { parseCiliumSpec } from "../../../components/spec";
import { type AnsweringAPI, answeringAPI } from "../../support/answeringAPI";

const PATHS: Readonly<Record<string, string>> = {
  ClusterRoleBinding: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/cilium-install",
  Job: "/apis/batch/v1/namespaces/kube-system/jobs/cilium-install",
  ServiceAccount: "/api/v1/namespaces/kube-system/serviceaccounts/cilium-install",
  ConfigMap: "/api/v1/namespaces/kube-system/configmaps/cilium-install",
};

describe("takeJobAway (by answers of the test; on the lab it is proved that the gate asks for it)", () => {
  const cilium = { version: "1.20.0", installMethod: "job", cli: { version: "0.19.7" } };
  const applied = jobManifests(parseCiliumSpec(cilium).spec!, {});
  let api: AnsweringAPI;

  beforeEach(async () => {
    api = await answeringAPI();
  });
  afterEach(() => api.stop());

  it("removes all that Talos applied for it, the rights first and its pods too", async () => {
    for (const object of applied) api.objects.set(PATHS[object.kind]!, object);
    assert.equal(api.objects.size, applied.length);
    await takeJobAway(api.kubeconfig, 1);
    const everything = Object.values(PATHS).map((path) => `${path}?propagationPolicy=Background`);
    assert.deepEqual(api.deleted, everything);
  });

  it("leaves what somebody else has called so, and misses nothing that is not there", async () => {
    const metadata = { name: "cilium-install" };
    for (const path of Object.values(PATHS)) api.objects.set(path, { metadata });
    api.objects.delete(PATHS["Job"]!);
    await takeJobAway(api.kubeconfig, 1);
    assert.deepEqual(api.deleted, []);
  });
});
