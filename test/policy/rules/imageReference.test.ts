import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

import { parse } from "yaml";

import { isPinnedImage } from "../../../policy/rules/imageReference";
import { valuesImageFindings } from "../../../policy/rules/images";
import { isMovingURL } from "../../../policy/rules/manifestURL";
import { requireSharedData, sharedData } from "../../support/sharedData";

const DIGEST = `sha256:${"0".repeat(64)}`;

describe("pinned images and URLs, as pure functions (no registry is asked whether a tag moves)", () => {
  const references: [reference: string, pinned: boolean][] = [
    ["quay.io/cilium/cilium:v1.20.0", true],
    [`quay.io/cilium/cilium:latest@${DIGEST}`, true],
    [`quay.io/cilium/cilium@${DIGEST}`, true],
    ["factory.talos.dev/installer/376567988ad370138ad8b2698212367b8edcb69b5fd68c80:v1.13.0", true],
    ["registry:5000/etcd:3.6.8-0", true],
    ["quay.io/cilium/startup-script:1755531540-60ee83e", true],
    ["quay.io/cilium/cilium-envoy:v1.37.1-1234-abc", true],
    ["quay.io/cilium/certgen:v0.3.1", true],
    ["ghcr.io/siderolabs/installer:v1.14.0-alpha.1", true],
    ["registry.k8s.io/ingress-nginx/controller:controller-v1.9.0", true],
    ["registry.k8s.io/pause:3.10", true],
    ["nginx:1.27.3-alpine3.20", true],
    ["python:3.13.0rc1-slim-bookworm", true],
    ["app:1f3c9ab", true],
    ["app:sha-1f3c9ab", true],
    ["app:main-1f3c9ab", true],
    ["app:v2.40-13-g2ca1698", true],
    ["app:20260102", true],
    ["app:nightly-2026-01-02", true],
    ["minio:RELEASE.2026-01-02T03-04-05Z", true],
    ["quay.io/cilium/cilium", false],
    ["registry:5000/app", false],
    ["app:latest", false],
    ["app:latest-arm64", false],
    ["app:main", false],
    ["app:v1", false],
    ["app:1.20", false],
    ["node:22-alpine", false],
    ["node:22-alpine3.20.1", false],
    ["nginx:1.27-alpine3", false],
    ["debian:1-bookworm20", false],
    ["alpine:3.20", false],
    ["registry:5000/1.2.3/app", false],
    ["app:pr-12", false],
    ["app:build-12345", false],
    ["app:develop2", false],
    ["app:feedbeef", false],
    ["app:1.20.0-dev", false],
    ["app:1.20.x", false],
    ["app@sha256:1f3c9ab", false],
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
    ["https://raw.githubusercontent.com/o/r/develop/crd.yaml", true],
    ["https://raw.githubusercontent.com/o/r/release-1.4/crd.yaml", true],
    ["https://raw.githubusercontent.com/o/r/main/v1.4.0/crd.yaml", true],
    ["https://raw.githubusercontent.com/o/r/v1.4.0/main/crd.yaml", false],
    [
      "https://raw.githubusercontent.com/o/r/2ca16981c7eb98df0ba9c9d18896bb9ca628b5cb/a.yaml",
      false,
    ],
    ["https://raw.githubusercontent.com/o/r/refs/tags/api/v1.4.0/crd.yaml", false],
    ["https://github.com/o/r/raw/develop/crd.yaml", true],
    ["https://github.com/o/r/raw/v1.4.0/crd.yaml", false],
    ["https://gist.githubusercontent.com/o/2ca16981c7eb98df/raw/a.yaml", true],
    ["https://gitlab.com/g/s/r/-/raw/work/crd.yaml", true],
    ["https://gitlab.com/g/s/r/-/raw/v1.4.0/crd.yaml", false],
    ["https://cdn.jsdelivr.net/gh/o/r@main/crd.yaml", true],
    ["https://cdn.jsdelivr.net/gh/o/r@v1.4.0/crd.yaml", false],
    ["https://files.example.org/cilium.yaml", false],
    ["https://files.example.org/nightly/cilium.yaml?x=/v1.4.0/", true],
    ["/var/main/x", false],
  ];
  for (const [url, moving] of urls) {
    it(`${url} ${moving ? "moves" : "stays the same"}`, () =>
      assert.equal(isMovingURL(url), moving));
  }
});

describe("images of the real charts, without their digests", () => {
  before(requireSharedData);

  it("are pinned by their tags", () => {
    const versions = readdirSync(sharedData("cilium"));
    for (const version of versions) {
      const values = readFileSync(sharedData("cilium", version, "values.yaml"), "utf8");
      const withoutDigests = JSON.parse(
        JSON.stringify(parse(values), (key, value: unknown) =>
          key === "digest" ? undefined : value,
        ),
      ) as unknown;
      assert.match(JSON.stringify(withoutDigests), /startup-script/);
      assert.deepEqual(valuesImageFindings(withoutDigests), [], version);
    }
    assert(versions.length > 0);
  });
});
