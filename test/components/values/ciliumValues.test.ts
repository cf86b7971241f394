import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { stringify } from "yaml";

import type { ChartValues, CiliumValuesInput } from "../../../components/values";
import { checkTalosValues, checkValues, ciliumValues } from "../../../components/values";
import { isMap, valueAt } from "../../../components/values/chartValues";
import { assertGolden } from "../../support/golden";
import { requireSharedData, sharedData } from "../../support/sharedData";

const certificateSecrets = {
  ca: "cilium-ca",
  hubbleServer: "hubble-server-certs",
  hubbleRelayClient: "hubble-relay-client-certs",
};

function input(overrides: Partial<CiliumValuesInput> = {}): CiliumValuesInput {
  return {
    version: "1.20.0",
    kubeProxyReplacement: true,
    k8sServiceHost: "127.0.0.1",
    k8sServicePort: 7445,
    operatorReplicas: 2,
    hubble: { enabled: true, relay: false, ui: false },
    certificateSecrets,
    values: {},
    ...overrides,
  };
}

function at(values: ChartValues, path: string): unknown {
  return valueAt(values, path.split("."));
}

describe("ciliumValues (which values, not what the chart makes of them)", () => {
  const golden: Record<string, Partial<CiliumValuesInput>> = {
    default: {},
    "one-node": { operatorReplicas: 1 },
    "kube-proxy": {
      kubeProxyReplacement: false,
      k8sServiceHost: undefined,
      k8sServicePort: undefined,
    },
    "relay-and-ui": { hubble: { enabled: true, relay: true, ui: true } },
    "without-hubble": { hubble: { enabled: false, relay: false, ui: false } },
    "certificates-by-job": { certificateSecrets: undefined },
  };
  for (const [name, overrides] of Object.entries(golden)) {
    it(`has the golden values: ${name}`, () => {
      const values = ciliumValues(input(overrides));
      assertGolden(`values/${name}.yaml`, stringify(values, { sortMapEntries: true }));
    });

    for (const version of ["1.18.12", "1.19.6", "1.20.0"]) {
      it(`is what chart ${version} knows and Talos can live with: ${name}`, () => {
        const values = ciliumValues(input({ ...overrides, version }));
        assert.deepEqual(checkValues(values, version), []);
        assert.deepEqual(checkTalosValues(values), []);
      });
    }
  }

  it("merges the user's values last: maps by key, lists and scalars as a whole", () => {
    const values = ciliumValues(
      input({
        values: {
          ipam: { mode: "cluster-pool", operator: { clusterPoolIPv4PodCIDRList: ["10.1.0.0/16"] } },
          operator: { replicas: 3 },
          hubble: { relay: { enabled: true } },
        },
      }),
    );
    assert.equal(at(values, "ipam.mode"), "cluster-pool");
    assert.deepEqual(at(values, "ipam.operator.clusterPoolIPv4PodCIDRList"), ["10.1.0.0/16"]);
    assert.equal(at(values, "operator.replicas"), 3);
    assert.equal(at(values, "operator.rollOutPods"), true);
    assert.equal(at(values, "hubble.relay.enabled"), true);
    assert.equal(at(values, "hubble.tls.server.existingSecret"), "hubble-server-certs");
  });

  it("keeps what Talos cannot live without, whatever stands above it", () => {
    for (const values of [
      { securityContext: null, cgroup: null },
      { securityContext: { capabilities: null }, cgroup: { autoMount: {} } },
      { securityContext: { privileged: false }, cgroup: "" },
    ]) {
      const merged = ciliumValues(input({ values }));
      const agent = at(merged, "securityContext.capabilities.ciliumAgent") as string[];
      assert.ok(agent.includes("SYS_ADMIN") && !agent.includes("SYS_MODULE"));
      assert.equal(at(merged, "cgroup.autoMount.enabled"), false);
      assert.equal(at(merged, "cgroup.hostRoot"), "/sys/fs/cgroup");
    }
  });

  it("takes a user who gives the very key at their word", () => {
    const ciliumAgent = ["NET_ADMIN", "SYS_ADMIN", "BPF"];
    const values = { securityContext: { capabilities: { ciliumAgent } } };
    const merged = ciliumValues(input({ values }));
    assert.deepEqual(at(merged, "securityContext.capabilities.ciliumAgent"), ciliumAgent);
    assert.deepEqual(checkTalosValues(merged), []);
  });

  it("lets the API server of a mesh run on control planes where there is nothing else", () => {
    const tolerations = (onlyControlPlanes: boolean) => {
      const values = ciliumValues(
        input({ onlyControlPlanes, values: { clustermesh: { useAPIServer: true } } }),
      );
      return ["clustermesh.apiserver", "certgen"].map((path) => at(values, `${path}.tolerations`));
    };
    for (const each of tolerations(true)) {
      assert.match(JSON.stringify(each), /"key":"node-role\.kubernetes\.io\/control-plane"/);
    }
    assert.deepEqual(tolerations(false), [undefined, undefined]);
  });

  it("leaves the certificates of a mesh to a Job, and the values alone without a mesh", () => {
    const method = (clustermesh: ChartValues) =>
      at(ciliumValues(input({ values: { clustermesh } })), "clustermesh.apiserver.tls.auto.method");
    assert.equal(method({ useAPIServer: true }), "cronJob");
    assert.equal(
      method({ useAPIServer: true, apiserver: { tls: { auto: { method: "certmanager" } } } }),
      "certmanager",
    );
    assert.equal(method({ useAPIServer: false }), undefined);
  });

  it("gives empty what the chart leaves without a value, so that Helm 3 and 4 render the same", () => {
    const empty = {
      ...{ debug: { verbose: "" }, k8s: { apiServerURLs: "" }, nodePort: { addresses: [] } },
      policyCIDRMatchMode: [],
    };
    const given = {
      ...{ debug: { verbose: "flow" }, k8s: { apiServerURLs: "https://10.5.0.11:6443" } },
      ...{ nodePort: { addresses: ["10.5.0.0/24"] }, policyCIDRMatchMode: ["nodes"] },
    };
    for (const [values, expected] of [
      [{}, empty],
      [given, given],
    ] as const) {
      const made = ciliumValues(input({ values }));
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(made[key], value);
    }
  });

  it("changes nothing that it was given", () => {
    const values = deepFreeze({ hubble: { relay: { enabled: true } }, tolerations: [] });
    assert.doesNotThrow(() => ciliumValues(deepFreeze(input({ values }))));
  });

  describe("compared with the recorded value sets", () => {
    before(requireSharedData);
    for (const version of ["1.18.12", "1.19.6", "1.20.0"]) {
      it(`says all that Talos' own set for ${version} says`, () => {
        const recorded = JSON.parse(
          readFileSync(sharedData("cilium", version, "rendered.json"), "utf8"),
        ) as Record<string, { values: ChartValues }>;
        const without = { enabled: false, relay: false, ui: false };
        const ours = ciliumValues(input({ version, k8sServiceHost: "localhost", hubble: without }));
        assertContains(ours, recorded["talos-kpr"]?.values as ChartValues, "talos-kpr");
        const proxy = ciliumValues(input({ ...golden["kube-proxy"], version, hubble: without }));
        assertContains(proxy, recorded["talos-kube-proxy"]?.values as ChartValues, "kube-proxy");
        assert.equal(at(proxy, "k8sServiceHost"), undefined);
      });
    }
  });
});

describe("checkTalosValues (values of the chart only; not the machine configuration)", () => {
  const refused: [string, ChartValues][] = [
    [
      "securityContext.capabilities.ciliumAgent",
      { securityContext: { capabilities: { ciliumAgent: ["NET_ADMIN", "SYS_MODULE"] } } },
    ],
    [
      "securityContext.capabilities.cleanCiliumState",
      { securityContext: { capabilities: { cleanCiliumState: ["SYS_BOOT"] } } },
    ],
    ["cgroup.autoMount.enabled", { cgroup: { autoMount: { enabled: true } } }],
    ["nodeinit.enabled", { nodeinit: { enabled: true } }],
    ["hubble.tls.auto.method", { hubble: { tls: { auto: { enabled: true } } } }],
    [
      "clustermesh.apiserver.tls.auto.method",
      { clustermesh: { useAPIServer: true, apiserver: { tls: { auto: { method: "helm" } } } } },
    ],
  ];
  for (const [path, values] of refused) {
    it(`refuses ${JSON.stringify(values)}`, () => {
      const problems = checkTalosValues(ciliumValues(input({ values })));
      assert.deepEqual(
        problems.map(({ propertyPath }) => propertyPath),
        [`cilium.values.${path}`],
      );
    });
  }

  it("lets other methods make the certificates", () => {
    for (const method of ["cronJob", "certmanager"]) {
      const values = { hubble: { tls: { auto: { enabled: true, method } } } };
      assert.deepEqual(checkTalosValues(ciliumValues(input({ values }))), []);
    }
  });
});

function assertContains(values: unknown, part: unknown, path: string): void {
  if (isMap(part)) {
    for (const [key, inner] of Object.entries(part)) {
      assertContains(isMap(values) ? values[key] : undefined, inner, `${path}.${key}`);
    }
  } else {
    assert.deepEqual(values, part, path);
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null) deepFreeze(inner as object);
  }
  return Object.freeze(value);
}
