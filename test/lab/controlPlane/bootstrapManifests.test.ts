import assert from "node:assert/strict";
import {
  defaultManifests,
  inApplyOrder,
  type Manifest,
} from "../../../lab/controlPlane/bootstrapManifests";
import { type ClusterSettings, clusterSettings } from "../../../lab/controlPlane/clusterSettings";
import { inventoryKey } from "../../../lab/controlPlane/inventory";
import { displayName } from "../../../lab/controlPlane/manifestApply";
import {
  inlineManifests,
  manifestSources,
  objectsOf,
} from "../../../lab/controlPlane/userManifests";
import { requireSharedData } from "../../support/sharedData";
import { recordedConfiguration } from "./support";

/** Pure: what would be applied and in which order. Applying it is the runtime test's. */
describe("Talos' bootstrap manifests", () => {
  let settings: ClusterSettings;

  before(function () {
    requireSharedData.call(this);
    settings = clusterSettings({
      hostname: "cp-1",
      address: "127.0.1.12",
      machineType: "controlplane",
      machineConfiguration: recordedConfiguration("127.0.1.12"),
      dir: "/nowhere",
    });
  });

  const ids = (changes: Partial<ClusterSettings>) =>
    defaultManifests({ ...settings, ...changes })
      .map(({ id }) => id)
      .sort();

  it("are Talos' own set; CNI none and a disabled proxy leave theirs out", () => {
    const always = [
      "00-kubelet-bootstrapping-token",
      "01-csr-approver-role-binding",
      "01-csr-node-bootstrap",
      "01-csr-renewal-role-binding",
      "11-core-dns",
      "11-core-dns-svc",
      "11-kube-config-in-cluster",
      "11-talos-node-rbac-template",
    ];
    assert.deepEqual(ids({}), always);
    assert.deepEqual(
      ids({
        cni: { name: "flannel", urls: [], flannelExtraArgs: [] },
        proxy: { ...settings.proxy, enabled: true },
        kubernetesTalosAPIAccess: true,
        coreDNS: { ...settings.coreDNS, enabled: false },
      }),
      [
        ...always.filter((id) => !id.includes("dns")),
        "05-flannel",
        "10-kube-proxy",
        "13-talos-service-account-crd",
      ].sort(),
    );
  });

  it("give the DNS service the tenth address of every service network", () => {
    const service = defaultManifests({
      ...settings,
      serviceSubnets: ["10.96.0.0/12", "fd00:1::/112"],
    }).find(({ id }) => id === "11-core-dns-svc")?.objects[0]?.spec as Record<string, unknown>;
    assert.deepEqual(service.clusterIPs, ["10.96.0.10", "fd00:1::a"]);
    assert.equal(service.ipFamilyPolicy, "RequireDualStack");
  });

  it("apply Namespaces and CRDs first, each by name, and the rest by ID", () => {
    const manifest = (id: string, ...kinds: [string, string, string][]): Manifest => ({
      id,
      objects: kinds.map(([apiVersion, kind, name]) => ({ apiVersion, kind, metadata: { name } })),
    });
    const order = inApplyOrder([
      manifest("99-z", ["v1", "Namespace", "b"], ["v1", "Secret", "last"]),
      manifest("99-a", ["v1", "ConfigMap", "middle"], ["v1", "Namespace", "a"]),
      manifest("05-x", ["v1", "ConfigMap", "first"]),
      manifest("11-c", ["apiextensions.k8s.io/v1", "CustomResourceDefinition", "crd"]),
    ]);
    assert.deepEqual(
      order.map(({ metadata }) => (metadata as { name: string }).name),
      ["a", "b", "crd", "first", "middle", "last"],
    );
  });

  it("are noted in the inventory by namespace, name, group and kind", () => {
    const key = (apiVersion: string, kind: string, metadata: object) =>
      inventoryKey({ apiVersion, kind, metadata });
    assert.equal(
      key("apps/v1", "Deployment", { name: "coredns", namespace: "kube-system" }),
      "kube-system_coredns_apps_Deployment",
    );
    assert.equal(
      key("rbac.authorization.k8s.io/v1", "ClusterRole", { name: "system:coredns" }),
      "_system__coredns_rbac.authorization.k8s.io_ClusterRole",
    );
    assert.equal(key("v1", "Service", { name: "x", namespace: "n" }), "n_x__Service");
    assert.equal(
      displayName({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" } }),
      "/v1/Secret/s",
    );
  });

  it("of the user are ordered by their kind of source, and a bad one spoils no other", () => {
    assert.deepEqual(
      manifestSources({
        cni: { name: "custom", urls: ["http://127.0.0.1/cni"], flannelExtraArgs: [] },
        externalCloudProviderManifests: ["http://127.0.0.1/ccm"],
        extraManifests: ["http://127.0.0.1/x"],
        extraManifestHeaders: { Token: "t" },
      }).map(({ id }) => id),
      ["05-http://127.0.0.1/cni", "30-http://127.0.0.1/ccm", "99-http://127.0.0.1/x"],
    );
    const { manifests, problems } = inlineManifests({
      inlineManifests: [
        { name: "bad", contents: "a: b: c" },
        { name: "good", contents: "kind: A\n---\n# nothing\n---\nkind: B\n" },
      ],
    });
    assert.deepEqual(
      manifests.map(({ id, objects }) => [id, objects.length]),
      [["99-good", 2]],
    );
    assert.match(problems.join(), /^inline manifest "bad": line 1: /);
  });

  it("take lists apart", () => {
    assert.deepEqual(
      objectsOf("kind: List\nitems: [{kind: A}, {kind: B}]").map(({ kind }) => kind),
      ["A", "B"],
    );
  });
});
