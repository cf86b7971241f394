import assert from "node:assert/strict";

import { patchDocuments } from "../../../policy/rules/configPatches";
import { diskFindings, trafficFindings } from "../../../policy/rules/encryption";
import { chartHubbleUIFindings, objectHubbleUIFindings } from "../../../policy/rules/hubbleUI";
import { UNKNOWN } from "../../../policy/rules/propertyTree";
import { isCilium, kindOf } from "../../../policy/rules/resourceTypes";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const AUTH = { "nginx.ingress.kubernetes.io/auth-url": "https://sso.example.org" };
const TLS = { "cert-manager.io/cluster-issuer": "letsencrypt" };

describe("Hubble UI and encryption, as pure functions (nothing is connected to or encrypted)", () => {
  const interfaces: [what: string, ui: unknown, at: string[]][] = [
    ["off", { enabled: false, service: { type: "LoadBalancer" } }, []],
    ["inside the cluster", { enabled: true, service: { type: "ClusterIP" } }, []],
    ["on, nothing else said", { enabled: true }, []],
    ["LoadBalancer", { enabled: true, service: { type: "LoadBalancer" } }, ["service.type"]],
    ["NodePort", { enabled: true, service: { type: "NodePort" } }, ["service.type"]],
    ["ingress", { enabled: true, ingress: { enabled: true, annotations: TLS } }, ["ingress"]],
    [
      "ingress whose authentication is none",
      { enabled: true, ingress: { enabled: true, annotations: { "alb/auth-type": "none" } } },
      ["ingress"],
    ],
    ["ingress with it", { enabled: true, ingress: { enabled: true, annotations: AUTH } }, []],
    ["route", { enabled: true, httpRoute: { enabled: true } }, ["httpRoute"]],
  ];
  for (const [what, ui, at] of interfaces) {
    it(`Hubble UI ${what}: ${at.length === 0 ? "passes" : "does not pass"}`, () =>
      assert.deepEqual(
        chartHubbleUIFindings({ hubble: { ui } }).map(({ propertyPath }) => propertyPath),
        at.map((each) => `values.hubble.ui.${each}`),
      ));
  }

  const service = (type: string, name = "hubble-ui") => ({
    metadata: { name },
    spec: { type, selector: { "k8s-app": name } },
  });
  const ingress = (annotations: object, name = "hubble-ui") => ({
    metadata: { annotations },
    spec: { rules: [{ http: { paths: [{ backend: { service: { name } } }] } }] },
  });
  const route = (filters: object[]) => ({
    spec: { rules: [{ filters, backendRefs: [{ name: "hubble-ui", port: 80 }] }] },
  });
  const objects: [what: string, kind: string, object: unknown, at: string[]][] = [
    ["a Service inside", "Service", service("ClusterIP"), []],
    ["a LoadBalancer", "Service", service("LoadBalancer"), ["spec.type"]],
    ["another LoadBalancer", "Service", service("LoadBalancer", "web"), []],
    ["an Ingress", "Ingress", ingress(TLS), ["spec.rules[0].http.paths[0].backend.service.name"]],
    ["an Ingress that authenticates", "Ingress", ingress(AUTH), []],
    ["an Ingress to something else", "Ingress", ingress({}, "web"), []],
    ["an HTTPRoute", "HTTPRoute", route([]), ["spec.rules[0].backendRefs[0].name"]],
    ["an HTTPRoute that authenticates", "HTTPRoute", route([{ type: "ExtensionRef" }]), []],
  ];
  for (const [what, kind, object, at] of objects) {
    it(`${what}: ${at.length === 0 ? "passes" : "does not pass"}`, () =>
      assert.deepEqual(
        objectHubbleUIFindings(kind, object).map(({ propertyPath }) => propertyPath),
        at,
      ));
  }

  const traffic: [encryption: unknown, got: string | undefined][] = [
    [{ enabled: true, type: "wireguard" }, undefined],
    [{ enabled: true, type: "ipsec" }, undefined],
    [{ enabled: true }, undefined],
    [{ enabled: UNKNOWN }, undefined],
    [UNKNOWN, undefined],
    [{ enabled: true, type: "WireGuard" }, 'type "WireGuard"'],
    [{ enabled: true, type: "ztunnel" }, 'type "ztunnel"'],
    [{ enabled: false, type: "wireguard" }, "not enabled"],
    [undefined, "not enabled"],
  ];
  for (const [encryption, got] of traffic) {
    const what = JSON.stringify(encryption, (_, value) => (value === UNKNOWN ? "unknown" : value));
    it(`traffic with ${what}: ${got ?? "passes"}`, () =>
      assert.deepEqual(
        trafficFindings({ encryption }).map((finding) => finding.got),
        got === undefined ? [] : [got],
      ));
  }

  const volume = (name: string, keys = "[{slot: 0, nodeID: {}}]") =>
    `apiVersion: v1alpha1\nkind: VolumeConfig\nname: ${name}\nencryption: {provider: luks2, keys: ${keys}}\n`;
  const older = (part: string) =>
    `machine: {systemDiskEncryption: {${part}: {provider: luks2, keys: [{slot: 0, nodeID: {}}]}}}\n`;
  const disks: [what: string, patches: string[], got: string | undefined][] = [
    ["two documents", [`${volume("STATE")}---\n${volume("EPHEMERAL")}`], undefined],
    ["the older keys", [older("state"), older("ephemeral")], undefined],
    ["one of each", [volume("STATE"), older("ephemeral")], undefined],
    ["STATE alone", [volume("STATE")], "no encryption of EPHEMERAL"],
    ["no keys", [volume("STATE", "[]"), volume("EPHEMERAL")], "no encryption of STATE"],
    ["nothing", ["machine: {}\n"], "no encryption of STATE and EPHEMERAL"],
  ];
  for (const [what, configPatches, got] of disks) {
    it(`disks with ${what}: ${got ?? "pass"}`, () =>
      assert.deepEqual(
        diskFindings(patchDocuments({ configPatches })!).map((finding) => finding.got),
        got === undefined ? [] : [got],
      ));
  }

  const charts: [chart: string, cilium: boolean][] = [
    ["cilium", true],
    ["./lab/charts/cilium", true],
    ["oci://quay.io/cilium/charts/cilium", true],
    ["cilium/cilium", true],
    ["./cilium-1.20.0.tgz", true],
    ["cilium-extras", false],
    ["cilium/tetragon", false],
  ];
  for (const [chart, cilium] of charts) {
    it(`chart ${chart} is ${cilium ? "" : "not "}Cilium`, () =>
      assert.equal(isCilium(RELEASE, { chart }), cilium));
  }

  it("knows kinds of Kubernetes objects, and charts for none", () => {
    assert.equal(kindOf("kubernetes:networking.k8s.io/v1:Ingress"), "Ingress");
    assert.equal(kindOf("kubernetes:core/v1:Service"), "Service");
    assert.equal(kindOf(RELEASE), undefined);
    assert.equal(kindOf("talos:machine/bootstrap:Bootstrap"), undefined);
    assert.equal(kindOf("pulumi:providers:kubernetes"), undefined);
  });
});
