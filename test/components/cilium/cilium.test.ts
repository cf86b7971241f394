import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { gatewayAPIVersions } from "../../../components/spec/compatibility";

import type { Recorder } from "../../support/mocks";
import { isSecret, promiseOf, recordResources, revealed } from "../../support/mocks";
import { ciliumCLI } from "../../support/ciliumCLI";
import { useLabHelm } from "../../support/labHelm";

const KUBECONFIG = JSON.stringify({
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
  contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  users: [{ name: "u", user: {} }],
  "current-context": "x",
});
const CHART = path.resolve(__dirname, "../../../lab/charts/cilium");
const RELEASE = "kubernetes:helm.sh/v3:Release";

/** The least that the operator of Cilium 1.20 asks for. */
const CRDS = Object.entries(gatewayAPIVersions(20))
  .map(([plural, name]) =>
    stringify({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.gateway.networking.k8s.io` },
      spec: {
        group: "gateway.networking.k8s.io",
        names: { plural },
        versions: [{ name, served: true }],
      },
    }),
  )
  .join("---\n");

async function build(cilium: Record<string, unknown>, args: object = {}) {
  const { Cilium } = await import("../../../components");
  const component = new Cilium("net", {
    kubeconfig: KUBECONFIG,
    clusterIdentifier: "a-cluster-of-somebody",
    cilium: { version: "1.20.0", ...cilium },
    k8sServiceHost: "127.0.0.1",
    k8sServicePort: 7445,
    kubernetesVersion: "1.36.3",
    ...args,
  });
  await promiseOf(component.times);
  return component;
}

describe("Cilium alone, on a cluster that another tool made (under mocks)", function () {
  this.timeout(20_000);
  let recorder: Recorder;

  beforeEach(async () => {
    recorder = await recordResources();
  });

  it("brings its own provider, certificates, release and gate, and nothing of Talos", async () => {
    await build({});
    assert.equal(recorder.ofType(RELEASE).length, 1);
    const [provider] = recorder.ofType("pulumi:providers:kubernetes");
    assert.equal(revealed(provider?.inputs["clusterIdentifier"]), "a-cluster-of-somebody");
    assert.equal(recorder.ofType("kubernetes:core/v1:Secret").length, 3);
    const types = recorder.registrations.map(({ type }) => type);
    assert.deepEqual(
      types.filter((type) => type.startsWith("talos:")),
      [],
    );
  });

  it("makes what is in the cluster with that provider, and leaves the engine's own to the engine", async () => {
    await build({});
    const made = (type: string) => recorder.ofType(type).map(({ provider }) => provider !== "");
    assert.deepEqual([...made(RELEASE), ...made("kubernetes:core/v1:Secret")], Array(4).fill(true));
    assert.deepEqual(made("pulumi:index:Stash"), Array(3).fill(false));
  });

  it("takes the chart from Cilium's repository unless told otherwise", async () => {
    await build({});
    const { inputs } = recorder.find(RELEASE, "net-release");
    assert.deepEqual(inputs["repositoryOpts"], { repo: "https://helm.cilium.io/" });
    assert.equal(inputs["chart"], "cilium");
    assert.equal(inputs["version"], "1.20.0");
  });

  it("lets Cilium's CLI install it, as a resource that stays, or says that there is none", async () => {
    const { version } = ciliumCLI();
    await build({ installMethod: "cli", cli: { version } });
    assert.equal(recorder.ofType(RELEASE).length, 0);
    const made = recorder.find("pulumi:index:Stash", "net-cli");
    assert.equal(made.retainOnDelete, true);
    assert.deepEqual(made.hooks.beforeCreate, ["net-cli-before-create"]);
    assert.equal((made.inputs["input"] as { version: string }).version, "1.20.0");
    // Its id is what an upgrade that failed leaves in the state: to take that back is a change too.
    const attempt = recorder.find("pulumi:index:Stash", "net-cli-attempt");
    assert.deepEqual(attempt.replaceOnChanges, ["input"]);
    assert.equal((made.inputs["input"] as { attempt: string }).attempt, "net-cli-attempt-id");
    const ready = recorder.find("pulumi:index:Stash", "net-ready");
    assert.ok(ready.dependencies.some((urn) => urn.endsWith("::net-cli")));
    const { PATH } = process.env;
    process.env["PATH"] = "/nowhere";
    try {
      await assert.rejects(build({ installMethod: "cli", cli: { version } }), /cli-missing/);
    } finally {
      process.env["PATH"] = PATH;
    }
  });

  it("hands the reference of a chart in a registry to Helm as it stands", async () => {
    await build({ chart: "oci://registry.example.org/charts/cilium" });
    const { inputs } = recorder.find(RELEASE, "net-release");
    assert.equal(inputs["chart"], "oci://registry.example.org/charts/cilium");
    assert.deepEqual(inputs["repositoryOpts"] ?? {}, {});
  });

  it("makes no certificates where Hubble is off", async () => {
    await build({ hubble: { enabled: false } });
    assert.equal(recorder.ofType("kubernetes:core/v1:Secret").length, 0);
    assert.equal(
      recorder.ofType("pulumi:index:Stash").some(({ name }) => name === "net-certificates"),
      false,
    );
  });

  it("makes the objects of features behind the gate, to be forgotten with the provider", async () => {
    await build({ lbIPAM: { pools: { home: { blocks: [{ cidr: "10.5.0.128/26" }] } } } });
    const pool = recorder.find("kubernetes:cilium.io/v2:CiliumLoadBalancerIPPool", "net-home");
    assert.deepEqual(pool.inputs["spec"], { blocks: [{ cidr: "10.5.0.128/26" }] });
    assert.ok(pool.dependencies.some((urn) => urn.endsWith("::net-ready")));
    assert.match(pool.deletedWith, /pulumi:providers:kubernetes::net-kubernetes$/);
    assert.notEqual(pool.provider, "");
    const { inputs } = recorder.find("pulumi:index:Stash", "net-ready");
    assert.deepEqual((inputs["input"] as { crds: string[] }).crds, [
      "ciliumloadbalancerippools.cilium.io",
    ]);
  });

  it("makes Secrets of what the program gives, and says which one it does not", async () => {
    const tls = { certificateFrom: "webCertificate", privateKeyFrom: "webKey" };
    const listeners = { https: { port: 443, protocol: "HTTPS", tls } };
    const gatewayAPI = { crds: "external", gateways: { web: { listeners } } };
    await build({ gatewayAPI }, { secrets: { webCertificate: "a certificate", webKey: "a key" } });
    const { inputs } = recorder.find("kubernetes:core/v1:Secret", "net-default/web-https-tls");
    assert.ok(isSecret(inputs["stringData"]));
    assert.deepEqual(revealed(inputs["stringData"]), {
      "tls.crt": "a certificate",
      "tls.key": "a key",
    });
    recorder.find("kubernetes:gateway.networking.k8s.io/v1:Gateway", "net-default/web");
    await assert.rejects(
      build({ gatewayAPI }, { secrets: { webKey: "a key" } }),
      /secret webCertificate has no/,
    );
  });

  it("installs CRDs of Gateway API before the release, to stay in the cluster", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "crds-"));
    const file = path.join(folder, "gateway-api.yaml");
    writeFileSync(file, CRDS);
    await build({ gatewayAPI: { crds: file, hostNetwork: {} } });
    rmSync(folder, { recursive: true });
    const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
    const crds = recorder.ofType(type);
    assert.equal(crds.length, 7);
    assert.ok(crds.every(({ retainOnDelete, deletedWith }) => retainOnDelete && !deletedWith));
    const release = recorder.find(RELEASE, "net-release");
    const before = release.dependencies.filter((urn) => urn.includes(type));
    assert.equal(before.length, 7);
    const values = release.inputs["values"] as { operator: { podAnnotations: object } };
    assert.match(Object.values(values.operator.podAnnotations)[0] as string, /^[0-9a-f]{12}$/);
    const { inputs } = recorder.find("pulumi:index:Stash", "net-ready");
    assert.equal((inputs["input"] as { gatewayClass: string }).gatewayClass, "cilium");
  });

  it("makes with `none` all but the release, and awaits nodes without a CNI", async () => {
    const component = await build({ installMethod: "none" });
    assert.equal(recorder.ofType(RELEASE).length, 0);
    assert.equal(component.resources.release, undefined);
    assert.equal(recorder.ofType("kubernetes:core/v1:Secret").length, 3);
    const ready = recorder.find("pulumi:index:Stash", "net-ready");
    assert.equal((ready.inputs["input"] as { installMethod: string }).installMethod, "none");
    assert.ok(ready.dependencies.some((urn) => urn.endsWith("::net-cilium-ca")));
  });

  describe("with `manifests` (the stand-in chart by the real Helm)", () => {
    useLabHelm();

    it("makes each object apart, kept on deletion, applied over what is there, behind its namespace", async () => {
      await build({ installMethod: "manifests", chart: CHART });
      assert.equal(recorder.ofType(RELEASE).length, 0);
      const agents = recorder.find(
        "kubernetes:apps/v1:DaemonSet",
        "net-DaemonSet-kube-system/cilium",
      );
      assert.equal(agents.retainOnDelete, true);
      assert.match(agents.provider, /::net-manifests-kubernetes::/);
      assert.ok(agents.dependencies.some((urn) => urn.endsWith("::net-Namespace-cilium-secrets")));
      assert.ok(agents.dependencies.some((urn) => urn.endsWith("::net-cilium-ca")));
      const provider = recorder.find("pulumi:providers:kubernetes", "net-manifests-kubernetes");
      for (const option of ["upsertExistingObjects", "enablePatchForce"]) {
        assert.equal(String(revealed(provider.inputs[option])), "true", option);
      }
      const ready = recorder.find("pulumi:index:Stash", "net-ready");
      assert.ok(ready.dependencies.some((urn) => urn.endsWith(`::${agents.name}`)));
    });
  });

  describe("handed over", () => {
    const extraEnv = [{ name: "PROXY_PASSWORD", value: "hunter2" }];
    const resolved = async (output: pulumi.Output<string>) => ({
      text: await promiseOf(output),
      isSecret: await pulumi.isSecret(output),
    });

    it("makes nothing of the chart, and says what Flux goes on with", async () => {
      const component = await build({ managedBy: "flux" });
      assert.equal(recorder.ofType(RELEASE).length, 0);
      assert.equal(recorder.ofType("kubernetes:core/v1:Secret").length, 3);
      const { text, isSecret } = await resolved(component.handOver!.manifests);
      assert.deepEqual(text.match(/^kind: \w+/gm), ["kind: HelmRepository", "kind: HelmRelease"]);
      assert.equal(isSecret, false);
      const ready = recorder.find("pulumi:index:Stash", "net-ready");
      assert.equal((ready.inputs["input"] as { managedBy: string }).managedBy, "flux");
      assert.ok(ready.dependencies.some((urn) => urn.endsWith("::net-cilium-ca")));
    });

    it("awaits no GatewayClass, which only what it says now brings", async () => {
      const component = await build({ managedBy: "flux", gatewayAPI: { crds: "external" } });
      const { text } = await resolved(component.handOver!.manifests);
      assert.match(text, /gatewayClass:\n\s+create: "true"/);
      const { inputs } = recorder.find("pulumi:index:Stash", "net-ready");
      assert.equal("gatewayClass" in (inputs["input"] as object), false);
    });

    it("keeps values that are secret in a Secret for Flux, and the whole secret for Argo CD", async () => {
      const flux = await build({ managedBy: "flux", values: { extraEnv } });
      const { inputs } = recorder.find("kubernetes:core/v1:Secret", "net-cilium-values");
      assert.ok(isSecret(inputs["stringData"]));
      assert.match(JSON.stringify(revealed(inputs["stringData"])), /hunter2/);
      const ofFlux = await resolved(flux.handOver!.manifests);
      assert.match(ofFlux.text, /valuesFrom:\n\s+- kind: Secret\n\s+name: cilium-values/);
      assert.doesNotMatch(ofFlux.text, /hunter2/);

      await recordResources();
      const argoCD = await build({ managedBy: "argocd", values: { extraEnv } });
      const ofArgoCD = await resolved(argoCD.handOver!.manifests);
      assert.match(ofArgoCD.text, /hunter2/);
      assert.equal(ofArgoCD.isSecret, true);
      assert.match(argoCD.handOver!.resourceExclusions!, /CiliumIdentity/);
    });

    it("is nothing where the program manages Cilium", async () => {
      assert.equal((await build({})).handOver, undefined);
    });
  });

  it("refuses `inline`, which needs machines to carry the chart", async () => {
    await assert.rejects(build({ installMethod: "inline" }), /use TalosCluster, or another method/);
  });

  it("asks nothing new of the gate behind a release", async () => {
    await build({});
    const { inputs } = recorder.find("pulumi:index:Stash", "net-ready");
    assert.equal("installMethod" in (inputs["input"] as object), false);
  });

  it("says the rules of features as a whole cluster does", async () => {
    const lbIPAM = { pools: { home: { blocks: [{ cidr: "10.5.0.300/26" }] } } };
    await assert.rejects(
      build({ lbIPAM }),
      /cilium\.lbIPAM\.pools\.home\.blocks\[0\] \[pool-block\]/,
    );
  });

  it("makes what needs CRDs of others behind a gate of its own", async () => {
    await build({ hubble: { enabled: false }, monitoring: { serviceMonitors: true } });
    const { inputs } = recorder.find("pulumi:index:Stash", "net-crds");
    assert.deepEqual((inputs["input"] as { crds: string[] }).crds, [
      "servicemonitors.monitoring.coreos.com",
    ]);
    const monitors = recorder.ofType("kubernetes:monitoring.coreos.com/v1:ServiceMonitor");
    assert.deepEqual(monitors.map(({ name }) => name).sort(), [
      "net-kube-system/cilium-agent",
      "net-kube-system/cilium-envoy",
      "net-kube-system/cilium-operator",
    ]);
  });

  it("keeps Talos' ports open as long as any other policy of nodes is there", async () => {
    const policies = { web: { ingress: [{ fromEntities: ["world"] }] } };
    await build({ hubble: { enabled: false }, hostFirewall: { policies } });
    const type = "kubernetes:cilium.io/v2:CiliumClusterwideNetworkPolicy";
    const behind = (name: string) =>
      recorder.find(type, name).dependencies.map((urn) => urn.split("::").at(-1));
    assert.deepEqual(behind("net-talos-ports"), ["net-ready"]);
    assert.deepEqual(behind("net-web").sort(), ["net-ready", "net-talos-ports"]);
  });

  it("notes in the gate what it is in a mesh, and judges a change of it in the preview", async () => {
    await build({ clusterMesh: { name: "home", id: 1 } });
    const { inputs } = recorder.find("pulumi:index:Stash", "net-ready");
    const meshMember = { name: "home", id: 1, maxConnectedClusters: 255 };
    assert.deepEqual((inputs["input"] as { meshMember: unknown }).meshMember, meshMember);
    assert.deepEqual(recorder.previewHooks, ["net-ready-judge-update"]);
  });

  it("leaves the gate of a cluster without a mesh as it is", async () => {
    await build({});
    const { inputs } = recorder.find("pulumi:index:Stash", "net-ready");
    assert.ok(!("meshMember" in (inputs["input"] as object)));
  });

  it("refuses a mesh whose pods share addresses with its own", async () => {
    const clusters = { two: { id: 2, ips: ["10.6.0.11"], podSubnets: ["10.244.128.0/17"] } };
    const clusterMesh = { name: "one", id: 1, clusters };
    await assert.rejects(build({ clusterMesh }, { podSubnets: ["10.244.0.0/16"] }), /mesh-subnets/);
  });

  it("refuses a key that it does not know, and a value that the chart does not", async () => {
    await assert.rejects(build({ kubeProxyReplacment: true }), /kubeProxyReplacement/);
    await assert.rejects(build({ values: { hubbel: {} } }), /hubble/);
  });

  it("refuses values that do not go together, unless their rule is silenced", async () => {
    const values = { egressGateway: { enabled: true } };
    const rule = "egress-gateway-without-masquerade";
    await assert.rejects(build({ values }), new RegExp(rule));
    await build({ values }, { silencedRules: [rule] });
    assert.equal(recorder.ofType(RELEASE).length, 1);
    await assert.rejects(build({}, { silencedRules: ["unknown-chart-key"] }), /silenced-rule/);
  });
});
