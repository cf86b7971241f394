import assert from "node:assert/strict";

import { textOf } from "../support/assertFailed";
import type { ExampleStack } from "../support/exampleStack";
import { InstalledExamples } from "../support/installedExamples";
import { loadBalancer } from "../support/loadBalancer";
import { requireBinaries, TestLab } from "../support/testLab";

/** Asks who the agents' pods are: a replaced release would make new ones. */
const AGENTS = [
  ...["-n", "kube-system", "get", "pods", "-l", "k8s-app=cilium"],
  ...["-o", "jsonpath={.items[*].metadata.uid}"],
];

describe("access to a cluster that changes under its stack (machines are simulated)", function () {
  this.timeout(420_000);
  this.slow(60_000);
  let examples: InstalledExamples;
  let lab: TestLab;
  let stack: ExampleStack;

  before(requireBinaries);
  before(async () => {
    examples = await InstalledExamples.install();
    lab = await TestLab.start({ controlPlanes: 1 });
    const machine = lab.spec.nodes[0]!.ipAddress;
    // The provider renews what ends within a month.
    await lab.setFaults(machine, { kubeconfigCertLifetimeSeconds: 3600 });
    stack = await examples.bringUp(lab, "wholeCluster", "home");
    await lab.setFaults(machine, { kubeconfigCertLifetimeSeconds: undefined });
  });
  after(async () => {
    await lab?.stop();
    examples?.remove();
  });

  const kubeconfig = async () => (await stack.outputs<{ kubeconfig: string }>()).kubeconfig;
  const agents = (access: string) => lab.kubectl(AGENTS, undefined, access);

  it("is there after one run, with a namespace behind the gate", async () => {
    assert.ok(await stack.allReady());
    const { namespace } = await stack.outputs<{ namespace: string }>();
    assert.equal(namespace, "apps");
    assert.match(
      await lab.kubectl(["get", "namespace", namespace], undefined, await kubeconfig()),
      /Active/,
    );
  });

  it("renews a kubeconfig that ends soon in place", async () => {
    const before = await kubeconfig();
    const pods = await agents(before);
    await stack.previewReplacesNothing();
    const up = textOf(await stack.run("up"));
    assert.match(up, /home-kubeconfig updated/);
    assert.doesNotMatch(up, /replaced|deleted|home-release updated/);
    assert.notEqual(await kubeconfig(), before);
    assert.equal(await agents(before), pods);
    await stack.run("up", "--expect-no-changes");
  });

  it("takes a moved endpoint to kubeconfig and provider, and replaces nothing", async () => {
    // Not through the balancer: kubectl runs while this process, and so the balancer, stands still.
    const direct = await kubeconfig();
    const pods = await agents(direct);
    const balancer = await loadBalancer(lab.spec.clusterEndpoint);
    try {
      await stack.change({ clusterEndpoint: balancer.url });
      await stack.previewReplacesNothing();
      const up = textOf(await stack.run("up"));
      assert.match(up, /home-kubernetes updated/);
      assert.doesNotMatch(up, /replaced|deleted|home-release updated/);
      assert.ok(balancer.connections() > 0, "nothing went through the new endpoint");
      assert.ok((await kubeconfig()).includes(`server: ${balancer.url}`));
      assert.equal(await agents(direct), pods);
      await stack.run("up", "--expect-no-changes");
    } finally {
      balancer.stop();
    }
  });
});
