import assert from "node:assert/strict";

import { resourceName, typeToken } from "../../../components/cilium/manifests";

const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "a" } };

describe("names of rendered objects (as resources, not in the cluster)", () => {
  it("puts kinds without a group into core, as the provider does", () => {
    assert.equal(typeToken(role), "kubernetes:rbac.authorization.k8s.io/v1:Role");
    assert.equal(typeToken({ ...role, apiVersion: "v1" }), "kubernetes:core/v1:Role");
  });

  it("tells kinds and namespaces apart", () => {
    const inNamespace = { ...role, metadata: { name: "a", namespace: "kube-system" } };
    assert.equal(resourceName(role), "Role-a");
    assert.equal(resourceName(inNamespace), "Role-kube-system/a");
  });
});
