import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import type { ClusterSpecInput } from "../../../components";
import { clusterMocks } from "../../support/clusterMocks";
import { promiseOf, recordResources } from "../../support/mocks";
import { POOL } from "./clusterOnFlannel";

const FILE = path.resolve(__dirname, "../../../Pulumi.dev.yaml");
const stack = parse(readFileSync(FILE, "utf8")) as { config: Record<string, ClusterSpecInput> };
const dev = stack.config["talos-cilium:cluster"]!;

/** What of Cilium and of its migration a stage makes, in the order in which it is registered. */
async function made(migration: object): Promise<string[]> {
  const recorder = await recordResources(clusterMocks);
  const { TalosCluster } = await import("../../../components");
  const spec = {
    ...dev,
    cilium: { ...dev.cilium, migration: { from: "flannel", podSubnets: POOL, ...migration } },
  } as ClusterSpecInput;
  const cluster = new TalosCluster("talos", { spec });
  await promiseOf(cluster.bootstrapTimeline);
  await promiseOf(cluster.cilium.ready.urn);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return recorder.registrations
    .map(({ name }) => name.replace(/^talos-/, ""))
    .filter((name) => /^(migration|release|ready|move-|.*-removed|.*moved-from-)/.test(name))
    .filter((name) => name !== "ready-times");
}

describe("what a stage of a migration makes (under mocks; its order is proved on the lab)", function () {
  this.timeout(30_000);

  const moves = ["worker-1", "worker-2", "cp-1", "cp-2", "cp-3"].map((host) => `move-${host}`);
  const config = "kube-system/moved-from-flannel";
  const cases: [stage: object, made: string[]][] = [
    [{}, ["migration", "ready"]],
    [{ stage: "beside" }, ["migration", "release", "ready"]],
    [{ stage: "nodes" }, ["migration", "release", "ready", config, ...moves]],
    [{ stage: "nodes", nodes: ["cp-2"] }, ["migration", "release", "ready", config, "move-cp-2"]],
    [{ stage: "done" }, ["migration", "release", "ready", "flannel-removed", "kube-proxy-removed"]],
  ];
  for (const [stage, expected] of cases) {
    it(`is ${expected.length} resources for ${JSON.stringify(stage)}`, async () => {
      assert.deepEqual((await made(stage)).sort(), [...expected].sort());
    });
  }
});
