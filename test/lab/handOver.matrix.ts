import assert from "node:assert/strict";

import { parseAllDocuments } from "yaml";

import type { ClusterSpecInput } from "../../components";
import { ciliumCLI } from "../support/ciliumCLI";
import { requireSharedData, sharedData } from "../support/sharedData";
import { TestLab, requireBinaries } from "../support/testLab";

interface HelmRelease {
  readonly kind: string;
  readonly spec: { readonly values: Record<string, unknown> };
}

/** As Flux has it that installed the release. */
const HELM_RELEASE = {
  apiVersion: "helm.toolkit.fluxcd.io/v2",
  kind: "HelmRelease",
  metadata: { name: "cilium", namespace: "kube-system" },
  spec: {
    interval: "10m",
    releaseName: "cilium",
    chartRef: { kind: "OCIRepository", name: "cilium" },
  },
};

/** Agents of Cilium: each is replaced where its template changes. */
async function agents(lab: TestLab): Promise<string> {
  const uids = "jsonpath={range .items[*]}{.metadata.uid} {end}";
  return lab.kubectl(["get", "pods", "-n", "kube-system", "-l", "k8s-app=cilium", `-o=${uids}`]);
}

async function revisions(lab: TestLab): Promise<string> {
  return lab.kubectl(["get", "secrets", "-n", "kube-system", "-l", "owner=helm", "-o=name"]);
}

describe("a Cilium that is handed over and taken back (neither Flux nor Argo CD runs)", function () {
  this.timeout(300_000);
  let lab: TestLab;

  before(requireBinaries);
  afterEach(async () => lab?.stop());

  function write(cilium: Partial<ClusterSpecInput["cilium"]>): void {
    lab.writeStack({ ...lab.spec, cilium: { ...lab.spec.cilium, ...cilium } });
  }

  for (const installMethod of ["release", "manifests"] as const) {
    it(`leaves every agent as it is, on the way out and back: ${installMethod}`, async () => {
      lab = await TestLab.start({
        workers: 1,
        spec: (spec) => ({ ...spec, cilium: { ...spec.cilium, installMethod } }),
      });
      await lab.up();
      const before = await agents(lab);
      assert.equal(before.trim().split(" ").length, 2);
      const revision = await revisions(lab);

      write({ managedBy: "flux" });
      await lab.up();
      assert.equal(await agents(lab), before);
      assert.equal(await revisions(lab), revision);
      const { handOver } = (await lab.outputs()) as { handOver: string };
      const [repository, release] = parseAllDocuments(handOver).map(
        (each) => each.toJS() as HelmRelease,
      );
      assert.deepEqual([repository?.kind, release?.kind], ["HelmRepository", "HelmRelease"]);
      assert.equal(release!.spec.values["kubeProxyReplacement"], true);
      await lab.up(["--expect-no-changes"]);

      write({ managedBy: "argocd" });
      await lab.up();
      assert.equal(await agents(lab), before);

      write({ installMethod });
      await lab.up();
      assert.equal(await agents(lab), before);
      assert.equal("handOver" in (await lab.outputs()), false);
    });
  }

  it("says what a feature asks for that is switched on later, and awaits none of it", async function () {
    requireSharedData.call(this);
    lab = await TestLab.start({
      spec: (spec) => ({ ...spec, bootstrapWindow: "30s", readyTimeout: "60s" }),
    });
    await lab.up();
    write({ managedBy: "flux" });
    await lab.up();
    const crds = sharedData("crds", "gateway-api", "standard-v1.6.1.yaml");
    const listeners = { http: { port: 80, protocol: "HTTP" } } as const;
    write({ managedBy: "flux", gatewayAPI: { crds, gateways: { web: { listeners } } } });
    await lab.up();
    const { handOver } = (await lab.outputs()) as { handOver: string };
    const [, release] = parseAllDocuments(handOver).map((each) => each.toJS() as HelmRelease);
    assert.equal((release!.spec.values["gatewayAPI"] as { enabled: boolean }).enabled, true);
    assert.equal(await lab.kubectl(["get", "gatewayclasses", "--output=name"]), "");
    assert.match(await lab.kubectl(["get", "gateways", "--output=name"]), /\/web/);
  });

  it("is not taken over as manifests or by the CLI while Flux is at it, and nothing is touched", async function () {
    requireSharedData.call(this);
    const cli = ciliumCLI();
    console.log(`      ${cli.says}`);
    lab = await TestLab.start();
    await lab.up();
    const before = await agents(lab);
    await lab.kubectl(["apply", "-f", sharedData("crds", "flux", "helmreleases.yaml")]);
    await lab.kubectl([
      "wait",
      "--for=condition=Established",
      "crd/helmreleases.helm.toolkit.fluxcd.io",
    ]);
    await lab.kubectl(["apply", "-f", "-"], JSON.stringify(HELM_RELEASE));

    write({ installMethod: "cli", cli: { version: cli.version } });
    const byCLI = await lab.run("up");
    assert.notEqual(byCLI.exitCode, 0);
    assert.match(byCLI.stdout, /Flux manages this Cilium/);

    write({ installMethod: "manifests" });
    const { exitCode, stdout } = await lab.run("up");
    assert.notEqual(exitCode, 0);
    assert.match(stdout, /Flux manages this Cilium/);
    assert.equal(stdout.match(/\*\*creating failed\*\*/g)?.length, 1, stdout);
    // The provider, which is Pulumi's own affair.
    assert.match(stdout, /\+ 1 created\n/);
    assert.equal(await agents(lab), before);

    const suspended = JSON.stringify({ spec: { suspend: true } });
    await lab.kubectl([
      ...["-n", "kube-system", "patch", "helmrelease", "cilium", "--type=merge"],
      ...["-p", suspended],
    ]);
    await lab.up();
    assert.equal(await agents(lab), before);
  });

  it("says of a new cluster that there is nothing to hand over", async () => {
    lab = await TestLab.start({
      spec: (spec) => ({
        ...spec,
        bootstrapWindow: "20s",
        readyTimeout: "40s",
        cilium: { ...spec.cilium, managedBy: "flux" },
      }),
    });
    const { exitCode } = await lab.run("up");
    assert.notEqual(exitCode, 0);
    assert.match(lab.printed.join("\n"), /with managedBy nothing here installs Cilium/);
  });
});
