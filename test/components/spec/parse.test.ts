import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { relative, resolve } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";

import { parseCiliumSpec, parseClusterSpec } from "../../../components/spec";
import * as defaults from "../../../components/spec/defaults";
import { deepCopy } from "../../../components/spec/plainData";
import { parseShape } from "../../../components/spec/shape";
import { minimalCluster } from "./minimalCluster";

const root = resolve(__dirname, "../../..");

describe("parseClusterSpec (messages are asserted by the fixtures)", () => {
  it("fills in every default from its constant", () => {
    const { spec } = parseClusterSpec(minimalCluster());
    assert.ok(spec);
    const { nodes, ...rest } = spec;
    assert.deepEqual(rest, {
      clusterName: "demo",
      clusterEndpoint: "https://10.5.0.11:6443",
      talosVersion: "v1.13.0",
      configContract: "v1.13",
      kubernetesVersion: "1.36.3",
      podSubnets: defaults.DEFAULT_POD_SUBNETS,
      serviceSubnets: defaults.DEFAULT_SERVICE_SUBNETS,
      dnsDomain: defaults.DEFAULT_DNS_DOMAIN,
      configPatches: [],
      controlPlaneConfigPatches: [],
      workerConfigPatches: [],
      configPatchesFrom: [],
      certSANs: [],
      allowSchedulingOnControlPlanes: defaults.DEFAULT_ALLOW_SCHEDULING_ON_CONTROL_PLANES,
      kubePrism: {
        enabled: defaults.DEFAULT_KUBE_PRISM_ENABLED,
        port: defaults.DEFAULT_KUBE_PRISM_PORT,
      },
      hostDNS: {
        enabled: defaults.DEFAULT_HOST_DNS_ENABLED,
      },
      registryMirrors: {},
      kubelet: { extraArgs: {}, nodeIPSubnets: [] },
      servingCertApprover: defaults.DEFAULT_SERVING_CERT_APPROVER,
      kubeProxy: defaults.DEFAULT_KUBE_PROXY,
      bootstrapWindow: defaults.DEFAULT_BOOTSTRAP_WINDOW,
      readyTimeout: defaults.DEFAULT_READY_TIMEOUT,
      applyMode: defaults.DEFAULT_APPLY_MODE,
      protect: defaults.DEFAULT_PROTECT,
      silencedRules: [],
      cilium: {
        version: "1.20.0",
        installMethod: defaults.DEFAULT_INSTALL_METHOD,
        chart: defaults.DEFAULT_CHART,
        repositoryOpts: {},
        kubeProxyReplacement: defaults.DEFAULT_KUBE_PROXY_REPLACEMENT,
        hubble: {
          enabled: defaults.DEFAULT_HUBBLE_ENABLED,
          relay: defaults.DEFAULT_HUBBLE_RELAY,
          ui: defaults.DEFAULT_HUBBLE_UI,
        },
        values: {},
      },
    });
    assert.deepEqual(nodes[0], {
      hostname: "cp-1",
      ipAddress: "10.5.0.11",
      machineType: "controlplane",
      installDisk: "/dev/sda",
      labels: {},
      taints: {},
      networkInterfaces: [],
      configPatches: [],
      configPatchesFrom: [],
    });
  });

  it("freezes everything and leaves its input as it was", () => {
    const raw = minimalCluster({ cilium: { version: "1.20.0", values: { bpf: { a: [1] } } } });
    const before = structuredClone(raw);
    const { spec } = parseClusterSpec(raw);
    assert.ok(spec);
    const open: string[] = [];
    const look = (value: unknown, path: string) => {
      if (typeof value !== "object" || value === null) return;
      if (!Object.isFrozen(value)) open.push(path);
      for (const [key, inner] of Object.entries(value)) look(inner, `${path}.${key}`);
    };
    look(spec, "spec");
    assert.deepEqual(open, []);
    assert.deepEqual(raw, before);
    raw.cilium.values!["bpf"] = {};
    assert.deepEqual(spec.cilium.values, { bpf: { a: [1] } });
  });

  it("takes what it gave", () => {
    const { spec } = parseClusterSpec(minimalCluster());
    assert.deepEqual(parseClusterSpec(spec).spec, spec);
  });

  it("reports faults of shape, rules and patches together", () => {
    const ids = parseClusterSpec({
      ...minimalCluster({ podSubnets: ["nope"], configPatches: ["machine: ["] }),
      kubernetesVersion: undefined,
      nodez: [],
    }).problems.map(({ id }) => id);
    assert.deepEqual(ids.sort(), ["bad-cidr", "missing", "patch-syntax", "unknown-key"]);
  });

  it("needs no context, and looks at its own namespace only", () => {
    assert.ok(parseClusterSpec(minimalCluster(), {}).spec);
    const { problems } = parseClusterSpec(minimalCluster(), {
      projectName: "other",
      configKeys: ["other:cluster", "kubernetes:context", "talos-cilium:x", "other:nodes"],
      secretKeys: [],
    });
    assert.deepEqual(
      problems.map(({ id, propertyPath }) => [id, propertyPath]),
      [["unknown-config-key", "other:nodes"]],
    );
  });

  it("refuses a cluster in which something is encrypted", () => {
    const { problems } = parseClusterSpec(minimalCluster(), {
      configKeys: ["talos-cilium:cluster"],
      secretKeys: ["talos-cilium:cluster"],
    });
    assert.deepEqual(
      problems.map(({ id }) => id),
      ["nested-secret"],
    );
  });

  it("leaves a word that no chart knows to those who look at values", () => {
    const replaced = (kubeProxyReplacement: string) => {
      const cluster = minimalCluster();
      const features = { gatewayAPI: {}, ingressController: {}, l2Announcements: { policies: {} } };
      const cilium = { ...cluster.cilium, ...features, values: { kubeProxyReplacement } };
      const { problems } = parseClusterSpec({ ...cluster, cilium });
      return problems.map(({ id }) => id).sort();
    };
    assert.deepEqual(replaced("strict"), []);
    assert.deepEqual(replaced("false"), [
      "gateway-kube-proxy",
      "ingress-kube-proxy",
      "l2-kube-proxy",
      "no-kube-proxy",
    ]);
  });

  it("names a key that a copy would lose, also where only Cilium is installed", () => {
    const values = parse("{ hubble: { __proto__: { enabled: false } } }") as object;
    const { problems } = parseCiliumSpec({ version: "1.20.0", values });
    assert.deepEqual(
      problems.map(({ propertyPath }) => propertyPath),
      ["cilium.values.hubble.__proto__"],
    );
  });

  it("throws nothing and leaves nothing unsaid, whatever stands anywhere", () => {
    const anything = fc.oneof(
      fc.constantFrom<unknown>(null, true, 5, -1.5, "", "x", [], {}, [5], { a: 1 }, [null], [[]]),
      fc.anything(),
    );
    const places = [...paths(minimalCluster({ podSubnets: ["10.244.0.0/16"], kubePrism: {} }))];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...places), anything), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const raw = structuredClone(
            minimalCluster({ podSubnets: ["10.244.0.0/16"], kubePrism: {} }),
          );
          for (const [path, value] of changes) put(raw, path, deepCopy(value));
          const { spec, problems } = parseClusterSpec(raw);
          assert.equal(spec === undefined, problems.length > 0);
          // Rules must have something to look at, or the first fault hides the others.
          assert.notEqual(parseShape(raw).spec, undefined);
        },
      ),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.anything(), (raw) => parseClusterSpec(raw).problems.length > 0));
  });

  for (const file of stackFiles()) {
    it(`takes ${relative(root, file)} without a word`, () => {
      const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
      const { problems, warnings } = parseClusterSpec(config["talos-cilium:cluster"], {
        projectName: "talos-cilium",
        configKeys: Object.keys(config),
        secretKeys: Object.keys(config).filter((key) => !key.endsWith(":cluster")),
      });
      assert.deepEqual([problems, warnings], [[], []]);
    });
  }

  it("reads 500 machines in less than 200 ms of processor time", () => {
    const raw = minimalCluster({
      podSubnets: ["10.128.0.0/10"],
      nodes: Array.from({ length: 500 }, (_, index) => ({
        hostname: `node-${index}`,
        ipAddress: `10.5.${index >> 8}.${index & 255}`,
        machineType: index < 3 ? ("controlplane" as const) : ("worker" as const),
        installDisk: "/dev/sda",
        labels: { "example.org/zone": "a" },
      })),
      clusterEndpoint: "https://api.example.org:6443",
      configPatches: ["machine: {sysctls: {vm.max_map_count: '262144'}}"],
    });
    // The best of a few: other work on the machine is not ours.
    const times = Array.from({ length: 5 }, () => {
      const start = process.cpuUsage();
      assert.deepEqual(parseClusterSpec(raw).problems, []);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    assert.ok(Math.min(...times) < 200, `${times.join(", ")} ms`);
  });
});

/** The stack files of this program: the lab's, and those of the examples without a program of their own. */
function stackFiles(): string[] {
  const examples = resolve(root, "examples");
  const folders = [".", ...readdirSync(examples), "fleet/environments"].map((name) =>
    name === "." ? root : resolve(examples, name),
  );
  return folders
    .filter((folder) => folder === root || !existsSync(resolve(folder, "Pulumi.yaml")))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /^Pulumi\..+\.yaml$/.test(name))
        .map((name) => resolve(folder, name)),
    );
}

type Path = readonly (string | number)[];

function* paths(value: unknown, path: Path = []): Iterable<Path> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* paths(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function put(root: unknown, path: Path, value: unknown): void {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)?.[key], root);
  if (typeof parent === "object" && parent !== null) {
    (parent as Record<string | number, unknown>)[path.at(-1)!] = value;
  }
}
