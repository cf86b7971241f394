import assert from "node:assert/strict";

import { requireBinaries, TestLab } from "../support/testLab";
import { secretsOf } from "../support/secrets";

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}
interface State {
  readonly deployment: { readonly resources: Resource[] };
}
interface PreviewStep {
  readonly op: string;
  readonly urn: string;
}

const resources = async (lab: TestLab) => ((await lab.exportState()) as State).deployment.resources;
const withoutDefaults = (urns: string[]) =>
  urns.filter((urn) => !/pulumi:providers:\w+::default/.test(urn)).sort();

describe("a cluster on the lab (no packet is forwarded: the data path is not proved)", function () {
  this.timeout(180_000);
  this.slow(60_000);
  let lab: TestLab;
  let previewed: string[];

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start({ controlPlanes: 3, workers: 1 });
  });
  after(async () => lab?.stop());

  it("previews every resource of a stack that does not exist", async () => {
    const preview = await lab.run("preview", ["--json"]);
    assert.equal(preview.exitCode, 0, preview.stdout + preview.stderr);
    const { steps } = JSON.parse(preview.stdout) as { steps: PreviewStep[] };
    previewed = withoutDefaults(steps.map((step) => step.urn));
    assert.deepEqual([...new Set(steps.map((step) => step.op))], ["create"]);
    assert.deepEqual(await lab.mutatingCalls(), { nodes: 0, apiServer: 0 });
  });

  it("comes up in one run, with the resources that the preview named", async () => {
    await lab.up();
    const urns = withoutDefaults((await resources(lab)).map((resource) => resource.urn));
    assert.deepEqual(urns, previewed);
  });

  it("gives out what a user needs, and the window that it took", async () => {
    const outputs = await lab.outputs();
    assert.match(String(outputs["kubeconfig"]), /current-context/);
    assert.match(String(outputs["talosconfig"]), /context: test/);
    assert.equal(outputs["clusterEndpoint"], lab.spec.clusterEndpoint);
    assert.deepEqual(outputs["versions"], {
      talos: "v1.13.0",
      kubernetes: "1.36.3",
      cilium: "1.20.0",
      configContract: "v1.13",
    });
    const timeline = outputs["bootstrapTimeline"] as Record<string, string | number>;
    const order = [
      "bootstrapAccepted",
      "apiServing",
      "ciliumApplied",
      "firstAgentReady",
      "allReady",
    ];
    const times = order.map((stage) => Date.parse(String(timeline[stage])));
    // Conditions of Kubernetes have whole seconds, the program's own marks milliseconds.
    for (let i = 1; i < times.length; i++) {
      assert.ok(
        times[i]! >= times[i - 1]! - 1000,
        `${order[i]} before ${order[i - 1]}: ${JSON.stringify(timeline)}`,
      );
    }
    assert.ok(Number(timeline["secondsUsed"]) > 0 && Number(timeline["secondsUsed"]) < 60);
    assert.equal(timeline["secondsBudgeted"], 600);
  });

  it("changes nothing in a second run: no call to a node or to the API server changes anything", async () => {
    const before = await lab.mutatingCalls();
    const result = await lab.up(["--expect-no-changes"]);
    assert.match(result.stdout, /unchanged/);
    assert.deepEqual(await lab.mutatingCalls(), before);
    assert.ok(before.nodes >= 5, "four configurations and one bootstrap were counted");
    assert.ok(before.apiServer > 0);
  });

  it("has one Bootstrap in its state", async () => {
    const state = await resources(lab);
    const bootstraps = state.filter((resource) => resource.type.includes("bootstrap:Bootstrap"));
    assert.equal(bootstraps.length, 1);
  });

  it("leaks no secret into output, log or the plain parts of the state", async () => {
    const secrets = secretsOf(await lab.exportState(true));
    assert.ok(secrets.length > 20, `only ${secrets.length} secrets are known`);
    const seen = [...lab.printed, ...lab.log, JSON.stringify(await lab.exportState())].join("\n");
    const leaked = secrets.filter(({ value }) => seen.includes(value));
    assert.deepEqual(
      leaked.map(({ where }) => where),
      [],
    );
  });

  it("refuses a moved node and another contract, both at once, in the preview", async () => {
    const { nodes } = lab.spec;
    const moved = nodes.map((node) =>
      node.hostname === "worker-1" ? { ...node, ipAddress: "127.9.9.9" } : node,
    );
    lab.writeStack({ ...lab.spec, nodes: moved, configContract: "v1.12" });
    try {
      const preview = await lab.run("preview");
      assert.notEqual(preview.exitCode, 0);
      const text = preview.stdout + preview.stderr;
      assert.match(text, /nodes\[3\]\.ipAddress/);
      assert.match(text, /configContract/);
      assert.ok(preview.seconds < 20, `it took ${preview.seconds} s`);
      // It forgets the address of a machine that never had a configuration, and of no other.
      const [line] = text.match(/pulumi state delete .*'/) ?? ["no line"];
      await assert.rejects(lab.shell(line), /can't be safely deleted/);
    } finally {
      lab.writeStack(lab.spec);
    }
  });

  it("refuses other networks and a renamed machine, both at once, in the preview", async () => {
    const { nodes } = lab.spec;
    const renamed = nodes.map((node) =>
      node.hostname === "worker-1" ? { ...node, hostname: "storage-1" } : node,
    );
    lab.writeStack({ ...lab.spec, nodes: renamed, podSubnets: ["10.199.0.0/16"] });
    try {
      const { exitCode, stdout, stderr } = await lab.run("preview");
      assert.notEqual(exitCode, 0);
      const text = stdout + stderr;
      assert.match(text, /podSubnets \[cluster-network-changed\]/);
      assert.match(text, /nodes\[3\]\.hostname \[machine-renamed\][^]*set it back to worker-1/);
    } finally {
      lab.writeStack(lab.spec);
    }
  });

  it("updates Cilium in place when a value changes, and opens the readiness gate again", async () => {
    lab.writeStack({
      ...lab.spec,
      cilium: { ...lab.spec.cilium, values: { debug: { enabled: true } } },
    });
    const result = await lab.up();
    assert.match(result.stdout, /talos-release updated/);
    assert.match(result.stdout, /talos-ready updated/);
    assert.doesNotMatch(result.stdout, /replaced|deleted/);
  });

  it("destroys the stack although the release stays in the cluster", async () => {
    const result = await lab.run("destroy");
    assert.equal(result.exitCode, 0, result.stdout + result.stderr);
  });
});
