import assert from "node:assert/strict";

import { cliValues } from "../../../components/cilium/cli/cliArguments";
import { jobNotDone, jobState, untilJobDone } from "../../../components/cilium/job/jobDone";
import { jobManifests } from "../../../components/cilium/job/jobManifests";
import { staleReleaseFaults } from "../../../components/cilium/job/staleReleaseFaults";
import { LastingFaults, untilClusterReady } from "../../../components/gates/clusterReady";
import { parseCiliumSpec } from "../../../components/spec";
import { type AnsweringAPI, answeringAPI } from "../../support/answeringAPI";

function manifests(cli: object = {}) {
  const cilium = { version: "1.20.0", installMethod: "job", cli: { version: "0.19.7", ...cli } };
  return jobManifests(parseCiliumSpec(cilium).spec!, { ipam: { mode: "kubernetes" } });
}

const podOf = (objects: ReturnType<typeof manifests>) =>
  (objects.at(-1) as unknown as { spec: { template: { spec: Record<string, unknown> } } }).spec
    .template.spec;

describe("jobManifests (what Talos gets, not that an image runs)", () => {
  it("are an account, its rights, the values and a Job that starts on a node without a network", () => {
    const objects = manifests();
    assert.deepEqual(
      objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`),
      [
        "ServiceAccount kube-system/cilium-install",
        "ClusterRoleBinding /cilium-install",
        "ConfigMap kube-system/cilium-install",
        "Job kube-system/cilium-install",
      ],
    );
    const pod = podOf(objects);
    assert.equal(pod["hostNetwork"], true);
    // With a policy for host networks it would ask the cluster's DNS, which has no network yet.
    assert.ok(!("dnsPolicy" in pod));
    assert.deepEqual(pod["tolerations"], [{ operator: "Exists" }]);
    const [{ image, args }] = pod["containers"] as [{ image: string; args: string[] }];
    assert.equal(image, "quay.io/cilium/cilium-cli:v0.19.7");
    assert.deepEqual(args.slice(0, 5), [
      ...["install", "--namespace", "kube-system", "--version", "1.20.0"],
    ]);
  });

  it("take an image with its digest", () => {
    const image = `registry.example.org/cilium-cli@sha256:${"0".repeat(64)}`;
    const [container] = podOf(manifests({ image }))["containers"] as [{ image: string }];
    assert.equal(container.image, image);
  });
});

describe("what is waited for behind a Job", () => {
  for (const [what, status, state] of [
    ["nothing yet", undefined, "it has no pod yet"],
    ["a pod that runs", { active: 1 }, "its pod runs"],
    ["pods that failed", { active: 1, failed: 2 }, "2 pods failed"],
    ["its success, pods that failed before included", { succeeded: 1, failed: 2 }, undefined],
    [
      "its failure",
      { failed: 11, conditions: [{ type: "Failed", status: "True", message: "too often" }] },
      "it failed: too often",
    ],
  ] as const) {
    it(what, () => assert.equal(jobState({ status: status as never }), state));
  }

  it("is also that Talos makes it, and a failure tells of the rights that are left", () => {
    assert.match(jobState(undefined)!, /Talos has not made it/);
    assert.match(jobNotDone("2 pods failed"), /2 pods failed\. See why with .*cluster-admin/s);
  });

  it("is a release as the stack has it", () => {
    const wanted = { version: "v1.20.0", values: { a: 1 } };
    const release = (version: string, config: Record<string, unknown>) => ({
      ...{ secretName: "s", revision: 1, status: "deployed", ageSeconds: 1 },
      release: { chart: { metadata: { version } }, config },
    });
    assert.deepEqual(staleReleaseFaults(release("1.20.0", cliValues({ a: 1 })), wanted), []);
    const withRemoved = release("1.20.0", { ...cliValues({ a: 1 }), b: 2 });
    assert.match(staleReleaseFaults(withRemoved, wanted)[0]!, /other values/);
    assert.match(staleReleaseFaults(release("1.19.6", { a: 1 }), wanted)[0]!, /1\.19\.6, not v1/);
    assert.match(staleReleaseFaults(release("1.20.0", { a: 2 }), wanted)[0]!, /other values/);
    assert.match(staleReleaseFaults(undefined, wanted)[0]!, /is not there/);
  });
});

describe("a Job that has ended (by answers of the test; no Job runs)", () => {
  const job = "/apis/batch/v1/namespaces/kube-system/jobs/cilium-install";
  const binding = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/cilium-install";
  let api: AnsweringAPI;

  beforeEach(async () => {
    api = await answeringAPI();
    api.objects.set(binding, {});
  });
  afterEach(() => api.stop());

  it("loses its rights once it has succeeded", async () => {
    api.objects.set(job, { status: { succeeded: 1 } });
    await untilJobDone(api.kubeconfig, 900);
    assert.deepEqual(api.deleted, [binding]);
  });

  it("is not waited for once it has failed for good", async () => {
    const conditions = [{ type: "Failed", status: "True", message: "too often" }];
    api.objects.set(job, { status: { failed: 11, conditions } });
    const atOnce = /it failed: too often(?!.*gave up)/s;
    await assert.rejects(untilJobDone(api.kubeconfig, 1), atOnce);
    assert.deepEqual(api.deleted, []);
  });

  it("leaves faults that no waiting cures, and the gate gives up at them", async () => {
    const stale = () => Promise.reject(new LastingFaults(["release cilium has other values"]));
    await assert.rejects(
      untilClusterReady(api.kubeconfig, {}, 1, stale),
      /not ready:\n  - release cilium has other values\nCure(?!.*gave up)/s,
    );
  });
});
