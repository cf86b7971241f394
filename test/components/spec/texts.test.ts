import assert from "node:assert/strict";

import type { ClusterSpecInput, NodeSpecInput } from "../../../components/spec";
import { parseClusterSpec } from "../../../components/spec";
import { minimalCluster } from "./minimalCluster";

function said(overrides: Partial<ClusterSpecInput>): string[] {
  const { problems, warnings } = parseClusterSpec(minimalCluster(overrides));
  return [...problems, ...warnings].map(({ id, fix }) => `${id}: ${fix}`);
}

describe("texts of the spec (what is said of them, not that a machine takes them)", () => {
  for (const [clusterName, fix] of [
    ["home", undefined],
    ["Zuhause an der Straße: 1/2", undefined],
    ["東京", undefined],
    ["", "name it, for example home"],
    [" \t", "name it, for example home"],
    ["\u200b", "name it, for example home"],
    ["ho\nme", "write home"],
    ["home\u200b", "write home"],
    ["\u202ehome", "write home"],
    ["home\0", "write home"],
    ["home\u2028", "write home"],
  ] as const) {
    it(`names a cluster ${JSON.stringify(clusterName)}`, () => {
      assert.deepEqual(said({ clusterName }), fix ? [`cluster-name: ${fix}`] : []);
    });
  }

  const anyRegistry =
    "write the host of a registry, such as docker.io or registry.example.org:5000, or * for all";
  for (const [registry, fix] of [
    ["docker.io", undefined],
    ["*", undefined],
    ["localhost", undefined],
    ["registry:5000", undefined],
    ["10.5.0.1:5000", undefined],
    ["[fd00::1]:5000", undefined],
    ["my_registry.example.org", undefined],
    ["https://docker.io", "write docker.io"],
    ["docker.io/library", "write docker.io"],
    ["docker.io/", "write docker.io"],
    [" docker.io", "write docker.io"],
    ["docker", anyRegistry],
    ["", anyRegistry],
    ["*.example.org", anyRegistry],
    ["fd00::1", anyRegistry],
    ["10.5.0", anyRegistry],
  ] as const) {
    it(`mirrors the registry ${JSON.stringify(registry)}`, () => {
      const registryMirrors = { [registry]: { endpoints: ["https://mirror.example.org"] } };
      assert.deepEqual(said({ registryMirrors }), fix ? [`registry-mirror-name: ${fix}`] : []);
    });
  }

  const anyMirror = "write a URL such as https://mirror.example.org";
  for (const [endpoint, fix] of [
    ["https://mirror.example.org", undefined],
    ["HTTP://my_mirror:5000/v2", undefined],
    ["http://[fd00::1]:5000", undefined],
    ["https://mirror.example.org.", undefined],
    ["https://mirror.example.org ", anyMirror],
    [" https://mirror.example.org", anyMirror],
    ["https:mirror.example.org", anyMirror],
    ["https://mirror.example.org:99999", anyMirror],
    ["https://a b.org", anyMirror],
    ["https://10.5.0", anyMirror],
    ["mirror.example.org", "write https://mirror.example.org"],
  ] as const) {
    it(`pulls from ${JSON.stringify(endpoint)}`, () => {
      const registryMirrors = { "docker.io": { endpoints: [endpoint] } };
      assert.deepEqual(said({ registryMirrors }), fix ? [`registry-mirror: ${fix}`] : []);
    });
  }

  for (const [size, fix] of [
    [">= 100GB", undefined],
    ["100", undefined],
    [" == 1.5 TiB ", undefined],
    ["> 1,000MB", undefined],
    [">= 100GBs", "write >= 100GB"],
    ["=> 100 gigs", "write >= 100GB"],
    ["= 5TiB", "write == 5TiB"],
    ["", "write for example >= 100GB"],
    [">=", "write for example >= 100GB"],
    ["!= 5GB", "write for example >= 100GB"],
    [">= -5GB", "write for example >= 100GB"],
    ["99999999EB", "write for example >= 100GB"],
  ] as const) {
    it(`picks a disk of size ${JSON.stringify(size)}`, () => {
      const nodes: NodeSpecInput[] = minimalCluster().nodes.map(
        ({ installDisk: _, ...node }) => node,
      );
      nodes[0]!.diskSelector = { size };
      nodes[1]!.installDisk = "/dev/sda";
      assert.deepEqual(said({ nodes }), fix ? [`disk-selector-size: ${fix}`] : []);
    });
  }
});
