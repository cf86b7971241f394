import assert from "node:assert/strict";

import { chartVersionFindings } from "../../../policy/rules/chartVersion";
import { arePatchesKnown, patchDocuments } from "../../../policy/rules/configPatches";
import {
  manifestFileFindings,
  objectImageFindings,
  patchImageFindings,
  valuesImageFindings,
} from "../../../policy/rules/images";
import { UNKNOWN } from "../../../policy/rules/propertyTree";

const DIGEST = `sha256:${"0".repeat(64)}`;
const found = (findings: readonly { propertyPath: string; got: string }[]) =>
  findings.map(({ propertyPath, got }) => `${propertyPath} = ${got}`);

describe("versions and images, where they stand, as pure functions (nothing is pulled)", () => {
  const charts: [props: object, got: string | undefined][] = [
    [{ chart: "cilium", version: "1.20.0" }, undefined],
    [{ chart: "cilium", version: "1.20.0-rc.1" }, undefined],
    [{ chart: "./charts/cilium" }, undefined],
    [{ chart: "https://example.org/cilium-1.20.0.tgz" }, undefined],
    [{ chart: "cilium", version: UNKNOWN }, undefined],
    [{ path: "./charts/cilium" }, undefined],
    [{ chart: UNKNOWN }, undefined],
    [{}, undefined],
    [{ chart: "https://example.org/latest/cilium.tgz" }, "nothing"],
    [{ chart: "cilium" }, "nothing"],
    [{ chart: "oci://quay.io/cilium/charts/cilium" }, "nothing"],
    [{ chart: "cilium", version: "1.20" }, '"1.20"'],
    [{ chart: "cilium", version: "^1.20.0" }, '"^1.20.0"'],
    [{ chart: "./charts/cilium", version: ">=1.20.0" }, '">=1.20.0"'],
  ];
  for (const [props, got] of charts) {
    it(`a chart ${Object.values(props).map(String).join(" ")}: ${got ?? "passes"}`, () =>
      assert.deepEqual(
        chartVersionFindings(props).map((finding) => finding.got),
        got === undefined ? [] : [got],
      ));
  }

  it("finds images in Helm values, and leaves the chart's own alone", () => {
    const values = {
      image: { override: "quay.io/cilium/cilium:latest" },
      operator: { image: { tag: "main", useDigest: false, digest: DIGEST } },
      envoy: { image: { repository: "mirror.example/envoy", tag: "v1.36" } },
      certgen: { image: { repository: "mirror.example/certgen", tag: "v0.3.2" } },
      preflight: { image: { tag: "latest", digest: DIGEST } },
      hubble: { relay: { image: { repository: "mirror.example/relay" } } },
      nodeinit: { image: "" },
      podLabels: { tag: "latest" },
      extraContainers: [{ name: "x", image: "busybox" }],
      sidecar: { image: "mirror.example/sidecar", tag: "v1.2.3" },
      job: { image: { repository: "mirror.example/job", tag: 1.2 } },
    };
    assert.deepEqual(found(valuesImageFindings(values)), [
      "values.image.override = quay.io/cilium/cilium:latest",
      "values.operator.image = :main",
      "values.envoy.image = mirror.example/envoy:v1.36",
      "values.extraContainers[0].image = busybox",
      "values.job.image = mirror.example/job:1.2",
    ]);
  });

  it("finds images of containers in Kubernetes objects, and no other key called so", () => {
    const pod = {
      containers: [{ image: "a:1.0.0" }, { image: "b" }, { image: UNKNOWN }],
      initContainers: [{ image: "c:latest" }],
      volumes: [{ image: { reference: "e" } }, { image: { reference: "f:1.0.0" } }],
    };
    const object = { spec: { template: { spec: pod }, image: "ubuntu" }, data: { image: "d" } };
    assert.deepEqual(found(objectImageFindings(object)), [
      "spec.template.spec.containers[1].image = b",
      "spec.template.spec.initContainers[0].image = c:latest",
      "spec.template.spec.volumes[0].image.reference = e",
    ]);
  });

  it("finds images and manifests in config patches, also in manifests that stand in one as text", () => {
    const manifest = "kind: Pod\nspec: {containers: [{image: busybox}]}\n";
    const patch = JSON.stringify({
      machine: { install: { image: "factory.talos.dev/installer/1a:latest" } },
      cluster: {
        apiServer: { image: "registry.k8s.io/kube-apiserver:v1.36.3" },
        extraManifests: [
          "https://example.org/latest/crd.yaml",
          "https://example.org/v1.0.0/a.yaml",
        ],
        inlineManifests: [{ name: "tool", contents: `kind: Namespace\n---\n${manifest}` }],
      },
    });
    const documents = patchDocuments({ configPatches: ["kind: VolumeConfig\n---\n" + patch] });
    assert.deepEqual(found(patchImageFindings(documents)), [
      "configPatches[0].machine.install.image = factory.talos.dev/installer/1a:latest",
      "configPatches[0].cluster.extraManifests[0] = https://example.org/latest/crd.yaml",
      "configPatches[0].cluster.inlineManifests[0].contents.spec.containers[0].image = busybox",
    ]);
  });

  it("finds them in JSON 6902 patches, static pods and the configuration that is patched", () => {
    const pod = { spec: { volumes: [{ image: { reference: "tools" } }] } };
    const inline = { name: "tool", contents: "spec: {containers: [{image: busybox}]}\n" };
    const url = "https://raw.githubusercontent.com/o/r/develop/a.yaml";
    const operations = [
      { op: "replace", path: "/machine/kubelet/image", value: "kubelet:latest" },
      { op: "add", path: "/machine/pods/-", value: pod },
      { op: "add", path: "/cluster/extraManifests/-", value: url },
      { op: "add", path: "/cluster/externalCloudProvider", value: { manifests: [url] } },
      { op: "add", path: "/cluster/inlineManifests/-", value: inline },
      { op: "test", path: "/machine/install/image", value: "installer:latest" },
      { op: "remove", path: "/machine/install/image" },
    ];
    const documents = patchDocuments({
      machineConfigurationInput: "machine: {install: {image: installer}}\n",
      configPatches: [JSON.stringify(operations)],
    });
    assert.deepEqual(found(patchImageFindings(documents)), [
      "machineConfigurationInput.machine.install.image = installer",
      "configPatches[0].machine.kubelet.image = kubelet:latest",
      "configPatches[0].machine.pods.-.spec.volumes[0].image.reference = tools",
      `configPatches[0].cluster.extraManifests.- = ${url}`,
      `configPatches[0].cluster.externalCloudProvider.manifests[0] = ${url}`,
      "configPatches[0].cluster.inlineManifests.-.contents.spec.containers[0].image = busybox",
    ]);
  });

  it("takes no other URL of a machine for that of a manifest", () => {
    const oidc = { "oidc-issuer-url": "https://sso.example.org/realms/master" };
    const patch = JSON.stringify({ cluster: { apiServer: { extraArgs: oidc } } });
    assert.deepEqual(patchImageFindings(patchDocuments({ configPatches: [patch] })), []);
  });

  it("finds manifests by URL that a program reads", () => {
    const [moving, still] = ["main", "v1.4.0"].map(
      (revision) => `https://raw.githubusercontent.com/o/r/${revision}/a.yaml`,
    );
    assert.deepEqual(found(manifestFileFindings({ files: [moving, still, "./main/a.yaml"] })), [
      `files[0] = ${moving}`,
    ]);
    assert.deepEqual(found(manifestFileFindings({ file: moving })), [`file = ${moving}`]);
  });

  it("judges the config patches that a preview knows", () => {
    const known = patchDocuments({ configPatches: ["a: 1\n", UNKNOWN] });
    assert.deepEqual(known, [{ path: ["configPatches", "0"], content: { a: 1 } }]);
    assert.deepEqual(patchDocuments({ configPatches: UNKNOWN }), []);
    assert.deepEqual(patchDocuments({}), []);
    assert.deepEqual(
      [["a: 1\n", UNKNOWN], UNKNOWN, ["a: 1\n"], undefined].map((configPatches) =>
        arePatchesKnown({ configPatches }),
      ),
      [false, false, true, true],
    );
  });
});
