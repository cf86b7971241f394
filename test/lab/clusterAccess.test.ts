import assert from "node:assert/strict";

import { textOf } from "../support/assertFailed";
import { loadBalancer } from "../support/loadBalancer";
import { requireBinaries, TestLab } from "../support/testLab";

describe("a renewed kubeconfig and a moved endpoint (machines are simulated)", function () {
  this.timeout(180_000);
  this.slow(60_000);
  let lab: TestLab;

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start();
    // The provider renews what ends within a month.
    await lab.setFaults(lab.spec.nodes[0]!.ipAddress, { kubeconfigCertLifetimeSeconds: 3600 });
    await lab.up();
    await lab.setFaults(lab.spec.nodes[0]!.ipAddress, { kubeconfigCertLifetimeSeconds: undefined });
  });
  after(async () => lab?.stop());

  it("a kubeconfig that ends soon is renewed in place", async () => {
    const [before, agents] = [await lab.kubeconfig(), await agentUIDs(lab)];
    await previewReplacesNothing(lab);
    const up = await lab.up();
    assert.match(textOf(up), /talos-kubeconfig updated/);
    assert.doesNotMatch(textOf(up), /replaced|deleted|talos-release updated/);
    assert.notEqual(await lab.kubeconfig(), before);
    assert.equal(await agentUIDs(lab), agents);
    await lab.up(["--expect-no-changes"]);
  });

  it("a moved endpoint reaches kubeconfig and provider, and replaces nothing", async () => {
    const agents = await agentUIDs(lab);
    const balancer = await loadBalancer(lab.spec.clusterEndpoint);
    try {
      lab.writeStack({ ...lab.spec, clusterEndpoint: balancer.url });
      await previewReplacesNothing(lab);

      const up = await lab.up();
      assert.match(textOf(up), /talos-kubernetes updated/);
      assert.doesNotMatch(textOf(up), /replaced|deleted|talos-release updated/);
      assert.ok(balancer.connections() > 0, "nothing went through the new endpoint");
      const { kubeconfig } = (await lab.outputs()) as { kubeconfig: string };
      assert.ok(kubeconfig.includes(`server: ${balancer.url}`));
      assert.equal(await agentUIDs(lab), agents);
      await lab.up(["--expect-no-changes"]);
    } finally {
      balancer.stop();
    }
  });
});

async function previewReplacesNothing(lab: TestLab): Promise<void> {
  const preview = await lab.run("preview", ["--diff"]);
  assert.equal(preview.exitCode, 0, textOf(preview));
  assert.doesNotMatch(textOf(preview), /\d to (replace|delete)|(replaced?|deleted?) \[/);
}

/** Who the agents' pods are: a replaced release would make new ones. */
function agentUIDs(lab: TestLab): Promise<string> {
  return lab.kubectl([
    ...["-n", "kube-system", "get", "pods", "-l", "k8s-app=cilium"],
    ...["-o", "jsonpath={.items[*].metadata.uid}"],
  ]);
}
