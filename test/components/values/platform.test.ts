import assert from "node:assert/strict";

import { stringify } from "yaml";

import { platformNotes } from "../../../components/cilium/platform";
import { type ReleaseSurroundings, releaseValues } from "../../../components/cilium/releaseValues";
import { parseCiliumSpec } from "../../../components/spec";
import { type Platform, valueAt } from "../../../components/values";
import { assertGolden } from "../../support/golden";

function valuesOf(platform: Platform, surroundings: ReleaseSurroundings = {}, cilium = {}) {
  const { spec } = parseCiliumSpec({ version: "1.20.0", hubble: { enabled: false }, ...cilium });
  return releaseValues(spec!, { platform, ...surroundings });
}

describe("platforms (values and words, not that Cilium runs there)", () => {
  const golden: Record<string, [Platform, ReleaseSurroundings?]> = {
    talos: ["talos", { k8sServiceHost: "127.0.0.1", k8sServicePort: 7445 }],
    k3s: ["k3s"],
    "k3s-dual-stack": ["k3s", { podSubnets: ["10.52.0.0/16", "fd00:10:52::/56"] }],
    generic: ["generic", { k8sServiceHost: "api.example.org", k8sServicePort: 6443 }],
    "generic-pool": ["generic", { podSubnets: ["10.60.0.0/16"] }],
  };
  for (const [name, [platform, surroundings]] of Object.entries(golden)) {
    it(`has the golden values: ${name}`, () => {
      const { values, problems } = valuesOf(platform, surroundings);
      assert.deepEqual(problems, []);
      assertGolden(`values/platforms/${name}.yaml`, stringify(values, { sortMapEntries: true }));
    });
  }

  it("is Talos where nothing is said", () => {
    const { spec } = parseCiliumSpec({ version: "1.20.0" });
    assert.deepEqual(
      releaseValues(spec!, {}).values,
      releaseValues(spec!, { platform: "talos" }).values,
    );
  });

  it("takes another address of the API server whole", () => {
    const { values } = valuesOf("k3s", { k8sServiceHost: "10.0.0.11", k8sServicePort: 6443 });
    assert.deepEqual([values["k8sServiceHost"], values["k8sServicePort"]], ["10.0.0.11", 6443]);
  });

  it("goes by the pods of K3s for native routing", () => {
    const { values } = valuesOf("k3s", {}, { routing: { mode: "native" } });
    assert.equal(values["ipv4NativeRoutingCIDR"], "10.42.0.0/16");
  });

  it("leaves Talos' limits to Talos", () => {
    const values = {
      securityContext: { capabilities: { ciliumAgent: ["SYS_MODULE", "NET_ADMIN"] } },
      nodeinit: { enabled: true },
      namespaceOverride: "cilium",
    };
    const ids = (platform: Platform) => {
      const { problems, warnings } = valuesOf(platform, {}, { values });
      return [...problems, ...warnings].map(({ id }) => id);
    };
    const theirs = [
      "talos-capability",
      "talos-value",
      "agent-capability-missing",
      "namespace-override",
    ];
    for (const id of theirs) assert.ok(ids("talos").includes(id), id);
    assert.deepEqual(ids("k3s"), []);
    assert.deepEqual(ids("generic"), ["no-api-server", "pool-unset"]);
  });

  it("finds the API server by itself where there is a cluster-info", () => {
    const values = { k8sServiceHost: "auto", k8sServicePort: "" };
    const refused = (platform: Platform) =>
      valuesOf(platform, {}, { values }).problems.some(({ id }) => id === "chart-value-refused");
    assert.deepEqual([refused("talos"), refused("generic")], [true, false]);
  });

  it("still refuses keys that every render makes anew", () => {
    const hubble = { enabled: true, tls: { auto: { enabled: true, method: "helm" } } };
    const { problems } = valuesOf("k3s", {}, { values: { hubble } });
    assert.deepEqual(
      problems.map(({ id }) => id),
      ["generated-keys"],
    );
  });

  it("refuses a host firewall that would close SSH", () => {
    const { problems } = valuesOf("k3s", {}, { hostFirewall: {} });
    assert.deepEqual(
      problems.map(({ id }) => id),
      ["platform-host-firewall"],
    );
  });

  it("says which flags K3s needs, and what its own scripts leave", () => {
    const notes = platformNotes("k3s", valuesOf("k3s").values);
    assert.deepEqual(notes?.serverFlags, [
      "--flannel-backend=none",
      "--disable-network-policy",
      "--disable-kube-proxy",
      "--disable=servicelb",
    ]);
    assert.ok(notes.cleanUp.some((line) => line.includes("cilium_wg0")));
    const kept = valuesOf("k3s", {}, { kubeProxyReplacement: false });
    const flags = platformNotes("k3s", kept.values, ["10.52.0.0/16"])?.serverFlags;
    assert.ok(!flags?.includes("--disable-kube-proxy"));
    assert.ok(flags?.includes("--cluster-cidr=10.52.0.0/16"));
    for (const platform of ["talos", "generic", undefined] as const) {
      assert.equal(platformNotes(platform, valueAt({}, []) as never), undefined);
    }
  });
});
