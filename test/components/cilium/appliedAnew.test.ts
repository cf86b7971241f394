import assert from "node:assert/strict";

import { appliedAnew, inventoryKey } from "../../../components/cilium/appliedAnew";
import type { Manifest } from "../../../components/cilium/objects";
import {
  MANAGED_BY_HELM,
  renderedObjects,
} from "../../../components/cilium/rendering/manifestText";
import { ApiError, type ClusterApi } from "../../../components/gates/clusterApi";

const NAMESPACE = "kube-system";
const [config, role, job, relay] = renderedObjects(
  [
    ["v1", "ConfigMap", "cilium-config", NAMESPACE],
    ["rbac.authorization.k8s.io/v1", "ClusterRole", "cilium"],
    ["batch/v1", "Job", "hubble-generate-certs", NAMESPACE],
    ["v1", "ConfigMap", "hubble-relay-config", NAMESPACE],
  ]
    .map(([apiVersion, kind, name, namespace]) =>
      JSON.stringify({ apiVersion, kind, metadata: { name, namespace } }),
    )
    .join("\n---\n"),
) as [Manifest, Manifest, Manifest, Manifest];

/** An API server that has these objects, and takes every object but those. */
function server(live: readonly Manifest[], refusals: Readonly<Record<string, number>> = {}) {
  const asked: string[] = [];
  const api = {
    list: async (path: string) => {
      asked.push(path);
      const isRole = path.includes("clusterroles");
      // Items of a list have no kind.
      return live
        .filter(({ kind }) => (kind === "ClusterRole") === isRole)
        .map(({ metadata }) => ({ metadata: { ...metadata, resourceVersion: "1" } }));
    },
    get: async () => ({ data: Object.fromEntries(live.map((each) => [inventoryKey(each), ""])) }),
    tryApply: async (path: string, object: Manifest) => {
      asked.push(path);
      const status = refusals[object.metadata.name];
      if (status !== undefined) throw new ApiError(status, path, "");
      return object;
    },
  };
  return { api: api as unknown as ClusterApi, asked };
}

describe("appliedAnew (the questions and what is told apart, against no API server)", () => {
  it("asks for each kind and each object once, and for no Job", async () => {
    const { api, asked } = server([config, role]);
    const { objects, left } = await appliedAnew(api, [config, role, job]);
    const selector = `labelSelector=${encodeURIComponent(MANAGED_BY_HELM.join("="))}`;
    assert.deepEqual(asked.sort(), [
      "/api/v1/namespaces/kube-system/configmaps/cilium-config",
      `/api/v1/namespaces/kube-system/configmaps?${selector}`,
      "/apis/rbac.authorization.k8s.io/v1/clusterroles/cilium",
      `/apis/rbac.authorization.k8s.io/v1/clusterroles?${selector}`,
    ]);
    assert.deepEqual(
      objects.map(({ name, live }) => [name, live?.metadata.resourceVersion]),
      [
        ["ConfigMap kube-system/cilium-config", "1"],
        ["ClusterRole cilium", "1"],
      ],
    );
    assert.deepEqual(left, []);
  });

  it("finds what Talos applied and the manifest has no more, and nothing of others", async () => {
    const foreign = { ...relay, metadata: { ...relay.metadata, name: "x", annotations: {} } };
    const { api } = server([config, relay, foreign]);
    assert.deepEqual((await appliedAnew(api, [config])).left, [
      "ConfigMap kube-system/hubble-relay-config",
    ]);
    const unnoted = { ...api, get: async () => undefined } as unknown as ClusterApi;
    assert.deepEqual((await appliedAnew(unnoted, [config])).left, []);
  });

  const answers: [number, "refused" | "unknown" | undefined][] = [
    [422, "refused"],
    [404, "unknown"],
    [400, "unknown"],
    [500, "unknown"],
    [503, undefined],
  ];
  for (const [status, expected] of answers) {
    it(`holds an answer ${status} for ${expected ?? "a failure, to ask again"}`, async () => {
      const { api } = server([config], { "cilium-config": status });
      if (!expected) return assert.rejects(appliedAnew(api, [config]), /503/);
      const { objects } = await appliedAnew(api, [config]);
      assert.equal(objects[0]!.applied, expected);
    });
  }

  it("writes keys as Talos' inventory does", () => {
    assert.equal(inventoryKey(config), "kube-system_cilium-config__ConfigMap");
    const colon = { ...role, metadata: { name: "system:cilium" } };
    assert.equal(inventoryKey(colon), "_system__cilium_rbac.authorization.k8s.io_ClusterRole");
  });
});
