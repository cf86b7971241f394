import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import type { ClusterSpecInput } from "../../components";
import { NetworkSampler } from "../support/networkSampler";
import { requireBinaries, TestLab } from "../support/testLab";

const FILE = path.resolve(__dirname, "../../examples/goldentooth/Pulumi.goldentooth.yaml");
const stack = parse(readFileSync(FILE, "utf8")) as { config: Record<string, ClusterSpecInput> };
const goldentooth = stack.config["talos-cilium:cluster"]!;
const HOSTNAMES = goldentooth.nodes.map(({ hostname }) => hostname);
const POOL = "10.245.0.0/16";

/** The lab runs in this very process: nothing may wait for it and hold the process up. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 500));

type Migration = NonNullable<ClusterSpecInput["cilium"]["migration"]>;

/** A Deployment with a budget, and a DaemonSet with a network of its own, as people have them. */
const WORKLOAD = [
  workload("Deployment", "web", { replicas: 20 }),
  workload("DaemonSet", "exporter", {}),
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "web" },
    spec: { minAvailable: 16, selector: { matchLabels: { app: "web" } } },
  },
];

function workload(kind: string, app: string, more: object) {
  const labels = { app };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: "main", image: "registry.example.org/main:1" }] },
  };
  const spec = { ...more, selector: { matchLabels: labels }, template };
  return { apiVersion: "apps/v1", kind, metadata: { name: app }, spec };
}

describe("from Flannel to Cilium on seventeen nodes (simulated nodes and agents; no packet is sent)", function () {
  this.timeout(1_200_000);
  let lab: TestLab;
  let sampler: NetworkSampler;

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start({ controlPlanes: 3, workers: 14, spec: (spec) => at(spec, {}) });
  });
  after(async () => {
    sampler?.stop();
    await lab?.stop();
  });

  /** The example on the lab's addresses, at a stage. */
  function at(spec: ClusterSpecInput, migration: Partial<Migration>): ClusterSpecInput {
    return {
      ...goldentooth,
      clusterEndpoint: spec.clusterEndpoint,
      nodes: goldentooth.nodes.map((node, index) => ({
        ...node,
        ipAddress: spec.nodes[index]!.ipAddress,
      })),
      cilium: {
        ...goldentooth.cilium,
        migration: { from: "flannel", podSubnets: [POOL], ...migration },
      },
    };
  }

  function write(migration: Partial<Migration>): void {
    lab.writeStack(at(lab.spec, migration));
  }

  async function preview(migration: Partial<Migration>) {
    write(migration);
    const { exitCode, stdout, stderr } = await lab.run("preview");
    return { passes: exitCode === 0, said: stdout + stderr };
  }

  async function pods(selector: string) {
    const got = await lab.kubectl(["get", "pods", "-A", "-l", selector, "-o=json"]);
    const { items } = JSON.parse(got) as {
      items: { status: { podIP?: string; phase: string }; spec: { nodeName?: string } }[];
    };
    return items.map(({ status, spec }) => ({ ...status, node: spec.nodeName }));
  }

  async function untilRunning(selector: string, count: number): Promise<string[]> {
    for (let tries = 0; ; tries++) {
      const seen = await pods(selector);
      const ips = seen.flatMap(({ phase, podIP }) => (phase === "Running" && podIP ? [podIP] : []));
      if (ips.length === count && seen.length === count) return ips;
      assert.ok(tries < 120, `${ips.length} of ${count} pods of ${selector} run`);
      await pause();
    }
  }

  it("begins with Talos' own: Flannel and kube-proxy on every node, and pods on Flannel", async () => {
    await lab.up();
    await untilRunning("k8s-app=flannel", 17);
    await untilRunning("k8s-app=kube-proxy", 17);
    assert.deepEqual(await pods("k8s-app=cilium"), []);
    const probe = new NetworkSampler(lab.running);
    const [first] = await pods("k8s-app=flannel");
    const flannel = ["-l", "k8s-app=flannel", `--field-selector=spec.nodeName=${first!.node}`];
    await lab.kubectl(["delete", "pods", "-n", "kube-system", "--wait=false", ...flannel]);
    for (let tries = 0; tries < 100 && probe.report().without.length === 0; tries++) await pause();
    probe.stop();
    // What watches all the time sees even the moment until the DaemonSet has another pod there.
    assert.ok(probe.report().without.some((line) => line.startsWith(`${first!.node}: flannel`)));
    await untilRunning("k8s-app=flannel", 17);
    while (!lab.running.networks().every(({ serves }) => serves)) await pause();
    sampler = new NetworkSampler(lab.running);
    await lab.kubectl(
      ["apply", "-f", "-"],
      JSON.stringify({ apiVersion: "v1", kind: "List", items: WORKLOAD }),
    );
    const ips = [
      ...(await untilRunning("app=web", 20)),
      ...(await untilRunning("app=exporter", 14)),
    ];
    assert.ok(
      ips.every((ip) => ip.startsWith("10.244.")),
      ips.join(),
    );
  });

  it("refuses what cannot be, in the preview, and touches nothing", async () => {
    const before = await lab.mutatingCalls();
    const early = await preview({ stage: "done" });
    assert.equal(early.passes, false);
    assert.match(
      early.said,
      /migration-too-early[^]*aspen.* still on Flannel[^]*fix: write beside/,
    );
    assert.deepEqual(await lab.mutatingCalls(), before);
  });

  it("shows the whole plan, then brings Cilium beside Flannel with every pod left as it is", async () => {
    const { passes, said } = await preview({ stage: "beside" });
    assert.ok(passes, said);
    assert.match(said, /→ +1\. Cilium beside Flannel/);
    assert.match(said, /· +3\. move alder[^]*· 19\. move cedar[^]*· 22\. remove kube-proxy/);
    const before = await untilRunning("app=web", 20);
    await lab.up();
    await untilRunning("k8s-app=cilium", 17);
    assert.deepEqual((await untilRunning("app=web", 20)).sort(), before.sort());
    assert.ok(sampler.now().every(({ cni, serves }) => cni === "flannel" && serves));
  });

  it("moves one node that is named, and no other", async () => {
    const { said } = await preview({ stage: "nodes", nodes: ["pine"] });
    assert.match(said, /→ +3\. move pine[^]*· +4\. move alder/);
    await lab.up();
    assert.deepEqual(sampler.on("cilium-agent"), ["pine"]);
    await lab.up(["--expect-no-changes"]);
  });

  it("goes on from a run that was killed, and from one that a pod stopped", async () => {
    write({ stage: "nodes" });
    assert.ok(await lab.upKilledAt(/talos-move-beech/), "the run ended before it could be killed");
    const killed = sampler.on("cilium-agent");
    assert.ok(killed.length < 17, killed.join());
    // A pod that nobody would make again, on a node that comes later.
    await lab.kubectl([
      "run",
      "alone",
      "--image=registry.example.org/a:1",
      '--overrides={"spec":{"nodeName":"oak"}}',
    ]);
    const { exitCode, stdout, stderr } = await lab.run("up");
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, /oak cannot be moved: nothing would make default\/alone again/);
    assert.ok(!sampler.on("cilium-agent").includes("oak"));
    const early = await preview({ stage: "done" });
    assert.match(early.said, /migration-too-early[^]*oak, rowan/);
    await lab.kubectl(["delete", "pod", "alone", "--wait=false"]);
    assert.doesNotMatch(await lab.kubectl(["get", "node", "oak"]), /SchedulingDisabled/);
    const { said } = await preview({ stage: "nodes" });
    assert.match(said, /✓ +\d+\. move maple[^]*→ +\d+\. move oak: cordon, evict/);
  });

  it("moves the rest, with every pod on Cilium and no node left cordoned", async () => {
    await lab.up();
    assert.deepEqual(sampler.on("cilium-agent"), [...HOSTNAMES].sort());
    const ips = [
      ...(await untilRunning("app=web", 20)),
      ...(await untilRunning("app=exporter", 14)),
    ];
    assert.ok(
      ips.every((ip) => ip.startsWith("10.245.")),
      ips.join(),
    );
    assert.equal(new Set(ips).size, ips.length);
    const nodes = await lab.kubectl(["get", "nodes", "--no-headers"]);
    assert.doesNotMatch(nodes, /SchedulingDisabled|NotReady/);
    assert.equal(sampler.kubeProxies(), 17);
    await lab.up(["--expect-no-changes"]);
  });

  it("brings all of the spec, and removes Flannel and, last, kube-proxy with all that was theirs", async () => {
    write({ stage: "done" });
    await lab.up();
    assert.equal(sampler.kubeProxies(), 0);
    const left = await lab.kubectl([
      "get",
      "daemonsets,configmaps,serviceaccounts,clusterroles,clusterrolebindings",
      "-A",
      "-o=name",
    ]);
    assert.doesNotMatch(left, /flannel|kube-proxy/);
    const config = await lab.kubectl([
      "get",
      "configmap",
      "cilium-config",
      "-n",
      "kube-system",
      "-o=yaml",
    ]);
    assert.match(config, /kube-proxy-replacement: "true"/);
    assert.match(config, /enable-host-firewall: "true"/);
    const nodes = await lab.kubectl(["get", "nodes", "-o=yaml"]);
    assert.doesNotMatch(nodes, /io\.cilium\.migration|flannel\.alpha|talos-cilium\//);
    assert.match(await lab.kubectl(["get", "ciliumnodeconfigs", "-A"]), /^$/);
    const removed = lab.printed.flatMap(
      (line) => /talos-(\S+)-removed created/.exec(line)?.[1] ?? [],
    );
    assert.deepEqual(removed, ["flannel", "kube-proxy"]);
    await lab.up(["--expect-no-changes"]);
  });

  it("refuses to forget the networks that pods have addresses of", async () => {
    lab.writeStack({ ...at(lab.spec, {}), cilium: goldentooth.cilium });
    const { exitCode, stdout, stderr } = await lab.run("preview");
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, /migration-forgotten/);
  });

  it("had no moment at which a Ready node had no CNI (an agent that its DaemonSet replaces counts as one)", () => {
    const { samples, without, restarts } = sampler.report();
    console.log(
      `      ${samples} samples; ${restarts.count} restarts of agents that are the CNI, the longest ${restarts.longest} ms`,
    );
    assert.ok(samples > 1000);
    assert.deepEqual(without, []);
  });
});
