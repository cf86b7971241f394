import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { loadAll } from "js-yaml";
import { parse } from "yaml";

import { ciliumValues } from "../../../components/values";
import { requireSharedData, sharedData } from "../../support/sharedData";

const chart = path.resolve(__dirname, "../../../lab/charts/cilium");

interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  data?: Record<string, string>;
  spec?: Record<string, unknown>;
}

interface RecordedCase {
  values: Record<string, unknown>;
  objects?: string[];
  ciliumConfig?: Record<string, string>;
  error?: string;
}

function helm(): string | undefined {
  const folders = [process.env["LAB_BIN"], ...(process.env["PATH"] ?? "").split(path.delimiter)];
  return folders
    .filter((folder) => folder)
    .map((folder) => path.join(folder as string, "helm"))
    .find((file) => existsSync(file));
}

function render(values: object): { text: string; objects: KubernetesObject[] } {
  const text = template(chart, values);
  return { text, objects: objectsIn(text) };
}

function template(folder: string, values: object): string {
  return execFileSync(
    helm() as string,
    [
      ...["template", "cilium", folder, "--namespace", "kube-system", "--kube-version", "1.36.0"],
      ...["--api-versions", "gateway.networking.k8s.io/v1/GatewayClass", "--values", "-"],
    ],
    { input: JSON.stringify(values), encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] },
  );
}

/** One render for each of the values, all by one Helm: the chart stands in another one under as many names. */
function renderEach(cases: readonly object[]): KubernetesObject[][] {
  const folder = mkdtempSync(path.join(tmpdir(), "charts-"));
  try {
    const dependencies = cases.map((_, index) => ({
      ...{ name: "cilium", version: "1.20.0", alias: `case${index}` },
    }));
    const about = { apiVersion: "v2", name: "cases", version: "1.0.0", dependencies };
    writeFileSync(path.join(folder, "Chart.yaml"), JSON.stringify(about));
    mkdirSync(path.join(folder, "charts"));
    symlinkSync(chart, path.join(folder, "charts", "cilium"));
    const values = Object.fromEntries(cases.map((each, index) => [`case${index}`, each]));
    const documents = template(folder, values).split(/^---\n/m);
    return cases.map((_, index) => {
      const isOfCase = (text: string) => text.startsWith(`# Source: cases/charts/case${index}/`);
      return objectsIn(documents.filter(isOfCase).join("---\n"));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function objectsIn(text: string): KubernetesObject[] {
  return (loadAll(text) as (KubernetesObject | null)[]).filter((object) => object !== null);
}

function identity({ apiVersion, kind, metadata }: KubernetesObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

function find(objects: KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  assert.ok(found, `${kind} ${name} is rendered`);
  return found;
}

describe("stand-in chart (objects and configuration; not what the images of the real one do)", function () {
  before(function () {
    if (!helm()) {
      console.log("      skipped: no helm in LAB_BIN or PATH");
      this.skip();
    }
  });

  it("calls itself a stand-in", () => {
    const metadata = parse(readFileSync(path.join(chart, "Chart.yaml"), "utf8")) as {
      name: string;
      version: string;
      description: string;
    };
    assert.equal(metadata.name, "cilium");
    assert.equal(metadata.version, "1.20.0");
    assert.match(metadata.description, /stand-in/);
    assert.match(readFileSync(path.join(chart, "README.md"), "utf8"), /^# A stand-in/);
  });

  describe("with the program's values", () => {
    const values = ciliumValues({
      version: "1.20.0",
      kubeProxyReplacement: true,
      k8sServiceHost: "127.0.0.1",
      k8sServicePort: 7445,
      operatorReplicas: 1,
      hubble: { enabled: true, relay: true, ui: true },
      certificateSecrets: {
        ca: "cilium-ca",
        hubbleServer: "hubble-server-certs",
        hubbleRelayClient: "hubble-relay-client-certs",
      },
      values: {},
    });
    let rendered: ReturnType<typeof render>;
    before(() => {
      rendered = render(values);
    });

    it("has the size of the real one", () => {
      const kibibytes = Buffer.byteLength(rendered.text) / 1024;
      assert.ok(kibibytes > 50 && kibibytes < 80, `${kibibytes.toFixed(1)} KiB`);
    });

    it("makes no key and no Job", () => {
      const kinds = rendered.objects.map((object) => object.kind);
      assert.deepEqual(
        kinds.filter((kind) => ["Secret", "Job", "CronJob"].includes(kind)),
        [],
      );
    });

    it("gives the agent what Talos allows and nothing more", () => {
      const agent = find(rendered.objects, "DaemonSet", "cilium");
      const text = JSON.stringify(agent);
      assert.doesNotMatch(text, /SYS_MODULE|mount-cgroup/);
      assert.match(text, /"name":"KUBERNETES_SERVICE_HOST","value":"127\.0\.0\.1"/);
      assert.match(text, /"name":"KUBERNETES_SERVICE_PORT","value":"7445"/);
      assert.match(text, /"hostNetwork":true/);
      assert.match(text, /"tolerations":\[\{"operator":"Exists"\}\]/);
    });

    it("lets a single operator be replaced on its node", () => {
      const operator = find(rendered.objects, "Deployment", "cilium-operator");
      assert.equal(operator.spec?.["replicas"], 1);
      assert.match(JSON.stringify(operator.spec?.["strategy"]), /"maxUnavailable":"100%"/);
      assert.match(JSON.stringify(operator), /requiredDuringSchedulingIgnoredDuringExecution/);
    });

    it("renders the same twice", () => {
      assert.equal(render(values).text, rendered.text);
    });
  });

  it("has the entries of the data path as the real one writes them", () => {
    const { objects } = render({
      kubeProxyReplacement: true,
      routingMode: "native",
      ipv6NativeRoutingCIDR: "fd00:10:244::/56",
      directRoutingSkipUnreachable: true,
      MTU: 1420,
      enableIPv4BIGTCP: true,
      bpf: { masquerade: true, hostLegacyRouting: false },
      loadBalancer: { mode: "dsr", dsrDispatch: "geneve", algorithm: "maglev" },
      maglev: { tableSize: 65521 },
      policyAuditMode: true,
      localRedirectPolicies: { enabled: true, addressMatcherCIDRs: ["169.254.0.0/16"] },
      encryption: {
        enabled: true,
        type: "wireguard",
        strictMode: {
          egress: { enabled: true, cidr: "10.244.0.0/16", allowRemoteNodeIdentities: true },
          ingress: { enabled: true },
        },
      },
    });
    const { data = {} } = find(objects, "ConfigMap", "cilium-config");
    const expected = {
      "ipv6-native-routing-cidr": "fd00:10:244::/56",
      "direct-routing-skip-unreachable": "true",
      mtu: "1420",
      "enable-ipv4-big-tcp": "true",
      "enable-ipv6-big-tcp": "false",
      "enable-host-legacy-routing": "false",
      "bpf-lb-mode": "dsr",
      "bpf-lb-dsr-dispatch": "geneve",
      "bpf-lb-algorithm": "maglev",
      "bpf-lb-maglev-table-size": "65521",
      "policy-audit-mode": "true",
      "enable-local-redirect-policy": "true",
      "lrp-address-matcher-cidrs": "169.254.0.0/16",
      "enable-encryption-strict-mode-egress": "true",
      "encryption-strict-egress-cidr": "10.244.0.0/16",
      "encryption-strict-egress-allow-remote-node-identities": "true",
      "enable-encryption-strict-mode-ingress": "true",
    };
    const entries = Object.keys(expected).map((key) => [key, data[key]]);
    assert.deepEqual(Object.fromEntries(entries), expected);
  });

  describe("compared with the recorded renders of the real chart", () => {
    before(requireSharedData);
    // Features that the stand-in leaves out have objects or entries of their own.
    const leftOut = new Set(["prometheus"]);
    const notRendered =
      /ValidatingAdmissionPolicy|\/(hubble|clustermesh-apiserver)-generate-certs-[0-9a-f]{10}$/;

    function recorded(): [string, RecordedCase][] {
      const text = readFileSync(sharedData("cilium", "1.20.0", "rendered.json"), "utf8");
      return Object.entries(JSON.parse(text) as Record<string, RecordedCase>);
    }

    it("has the same objects and the same cilium-config", () => {
      const cases = recorded().filter(([name, { error }]) => !leftOut.has(name) && !error);
      const rendered = renderEach(cases.map(([, { values }]) => values));
      assert(cases.length > 10);
      for (const [index, [name, { objects, ciliumConfig }]] of cases.entries()) {
        const identities = (list: string[]) => list.filter((id) => !notRendered.test(id)).sort();
        assert.deepEqual(
          identities(rendered[index]!.map(identity)),
          identities(objects as string[]),
          name,
        );
        const config = find(rendered[index]!, "ConfigMap", "cilium-config");
        assert.deepEqual(config.data, ciliumConfig, name);
      }
    });

    it("ends its render where the real one does", () => {
      for (const [name, { values, error }] of recorded()) {
        if (error !== undefined) assert.throws(() => render(values), /Error: /, name);
      }
    });

    it("knows every value key of the real chart", () => {
      const keys = (file: string) => parse(readFileSync(file, "utf8")) as object;
      assert.deepEqual(
        keyPaths(keys(path.join(chart, "values.yaml"))),
        keyPaths(keys(sharedData("cilium", "1.20.0", "values.yaml"))),
      );
    });
  });
});

function keyPaths(value: unknown, prefix = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [prefix];
  const entries = Object.entries(value);
  return entries.length === 0
    ? [prefix]
    : entries.flatMap(([key, inner]) => keyPaths(inner, `${prefix}.${key}`)).sort();
}
