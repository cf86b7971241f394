import assert from "node:assert/strict";

import { chartVersionFindings } from "../../../policy/rules/chartVersion";
import { patchDocuments } from "../../../policy/rules/configPatches";
import { isMovingURL, isPinnedImage } from "../../../policy/rules/imageReference";
import {
  objectImageFindings,
  patchImageFindings,
  valuesImageFindings,
} from "../../../policy/rules/images";
import { UNKNOWN } from "../../../policy/rules/propertyTree";

const DIGEST = `sha256:${"0".repeat(64)}`;
const found = (findings: readonly { propertyPath: string; got: string }[]) =>
  findings.map(({ propertyPath, got }) => `${propertyPath} = ${got}`);

describe("pinned versions and images, as pure functions (no registry is asked whether a tag moves)", () => {
  const references: [reference: string, pinned: boolean][] = [
    ["quay.io/cilium/cilium:v1.20.0", true],
    [`quay.io/cilium/cilium:latest@${DIGEST}`, true],
    [`quay.io/cilium/cilium@${DIGEST}`, true],
    ["factory.talos.dev/installer/376567988ad370138ad8b2698212367b8edcb69b5fd68c80:v1.13.0", true],
    ["registry:5000/etcd:3.6.8-0", true],
    ["app:1f3c9ab", true],
    ["app:20260102", true],
    ["quay.io/cilium/cilium", false],
    ["registry:5000/app", false],
    ["app:latest", false],
    ["app:latest-arm64", false],
    ["app:main", false],
    ["app:v1", false],
    ["app:1.20", false],
    ["node:22-alpine", false],
  ];
  for (const [reference, pinned] of references) {
    it(`${reference} ${pinned ? "stays the same" : "moves"}`, () =>
      assert.equal(isPinnedImage(reference), pinned));
  }

  const urls: [url: string, moving: boolean][] = [
    ["https://raw.githubusercontent.com/o/r/main/crd.yaml", true],
    ["https://raw.githubusercontent.com/o/r/refs/heads/x/crd.yaml", true],
    ["https://github.com/o/r/releases/latest/download/crd.yaml", true],
    ["https://github.com/o/r/releases/download/v1.4.0/crd.yaml", false],
    ["https://mainframe.example/v1.4.0/crd.yaml", false],
    ["/var/main/x", false],
  ];
  for (const [url, moving] of urls) {
    it(`${url} ${moving ? "moves" : "stays the same"}`, () =>
      assert.equal(isMovingURL(url), moving));
  }

  const charts: [props: object, got: string | undefined][] = [
    [{ chart: "cilium", version: "1.20.0" }, undefined],
    [{ chart: "cilium", version: "1.20.0-rc.1" }, undefined],
    [{ chart: "./charts/cilium" }, undefined],
    [{ chart: "https://example.org/cilium-1.20.0.tgz" }, undefined],
    [{ chart: "cilium", version: UNKNOWN }, undefined],
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
    };
    assert.deepEqual(found(valuesImageFindings(values)), [
      "values.image.override = quay.io/cilium/cilium:latest",
      "values.operator.image = :main",
      "values.envoy.image = mirror.example/envoy:v1.36",
      "values.extraContainers[0].image = busybox",
    ]);
  });

  it("finds images of containers in Kubernetes objects, and no other key called so", () => {
    const pod = {
      containers: [{ image: "a:1.0.0" }, { image: "b" }, { image: UNKNOWN }],
      initContainers: [{ image: "c:latest" }],
    };
    const object = { spec: { template: { spec: pod }, image: "ubuntu" }, data: { image: "d" } };
    assert.deepEqual(found(objectImageFindings(object)), [
      "spec.template.spec.containers[1].image = b",
      "spec.template.spec.initContainers[0].image = c:latest",
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
    assert.deepEqual(found(patchImageFindings(documents ?? [])), [
      "configPatches[0].machine.install.image = factory.talos.dev/installer/1a:latest",
      "configPatches[0].cluster.extraManifests[0] = https://example.org/latest/crd.yaml",
      "configPatches[0].cluster.inlineManifests[0].contents.spec.containers[0].image = busybox",
    ]);
  });

  it("does not judge config patches that a preview does not know", () => {
    assert.equal(patchDocuments({ configPatches: ["a: 1\n", UNKNOWN] }), undefined);
    assert.equal(patchDocuments({ configPatches: UNKNOWN }), undefined);
    assert.deepEqual(patchDocuments({}), []);
  });
});
