import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";

import { stringify } from "yaml";

import { platformNotes } from "../../../components/cilium/platform";
import { type ReleaseSurroundings, releaseValues } from "../../../components/cilium/releaseValues";
import { parseCiliumSpec } from "../../../components/spec";
import { type Platform, valueAt } from "../../../components/values";
import { assertGolden } from "../../support/golden";
import { ShellSandbox } from "../../support/shellSandbox";

function valuesOf(platform: Platform, surroundings: ReleaseSurroundings = {}, cilium = {}) {
  const { spec } = parseCiliumSpec({ version: "1.20.0", hubble: { enabled: false }, ...cilium });
  return releaseValues(spec!, { platform, ...surroundings });
}

describe("platforms (values and words, not that Cilium runs there)", () => {
  const golden: Record<string, [Platform, ReleaseSurroundings?]> = {
    talos: ["talos", { k8sServiceHost: "127.0.0.1", k8sServicePort: 7445 }],
    k3s: ["k3s"],
    "k3s-dual-stack": ["k3s", { podSubnets: ["10.52.0.0/16", "fd00:10:52::/56"] }],
    "k3s-ipv6": [
      "k3s",
      { podSubnets: ["fd00:42::/56"], k8sServiceHost: "::1", k8sServicePort: 6444 },
    ],
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

  const families: [string, string[], { ipv4?: boolean; ipv6?: boolean; maskSize?: number }][] = [
    ["IPv4 as the chart has it", ["10.60.0.0/16"], {}],
    [
      "both, with IPv6 nodes of a size that the operator takes",
      ["10.60.0.0/16", "fd00:60::/56"],
      { ipv6: true, maskSize: 72 },
    ],
    ["IPv6 alone", ["fd00:60::/64"], { ipv4: false, ipv6: true, maskSize: 80 }],
    ["IPv6 of the chart's own node size", ["fd00:60::/104"], { ipv4: false, ipv6: true }],
  ];
  for (const [name, podSubnets, expected] of families) {
    it(`switches on the families of the pools: ${name}`, () => {
      const surroundings = { podSubnets, k8sServiceHost: "api.example.org", k8sServicePort: 6443 };
      const { values, problems, warnings } = valuesOf("generic", surroundings);
      const at = (...keys: string[]) => valueAt(values, keys);
      assert.deepEqual(
        [at("ipv4", "enabled"), at("ipv6", "enabled")],
        [expected.ipv4, expected.ipv6],
      );
      assert.equal(at("ipam", "operator", "clusterPoolIPv6MaskSize"), expected.maskSize);
      assert.deepEqual([...problems, ...warnings], []);
    });
  }

  it("lets a user switch a family off", () => {
    const surroundings = { podSubnets: ["10.60.0.0/16", "fd00:60::/56"] };
    const { values } = valuesOf("generic", surroundings, { values: { ipv6: { enabled: false } } });
    assert.equal(valueAt(values, ["ipv6", "enabled"]), false);
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

  it("says which flags K3s needs", () => {
    const notes = platformNotes("k3s", valuesOf("k3s").values);
    assert.deepEqual(notes?.serverFlags, [
      "--flannel-backend=none",
      "--disable-network-policy",
      "--disable-kube-proxy",
      "--disable=servicelb",
    ]);
    const kept = valuesOf("k3s", {}, { kubeProxyReplacement: false });
    const flags = platformNotes("k3s", kept.values, ["10.52.0.0/16"])?.serverFlags;
    assert.ok(!flags?.includes("--disable-kube-proxy"));
    assert.ok(flags?.includes("--cluster-cidr=10.52.0.0/16"));
    for (const platform of ["talos", "generic", undefined] as const) {
      assert.equal(platformNotes(platform, valueAt({}, []) as never), undefined);
    }
  });

  describe("what K3s' own scripts leave", () => {
    const MAP = "sys/fs/bpf/tc/globals/cilium_calls_netdev_00002";
    let host: ShellSandbox;

    beforeEach(() => {
      host = new ShellSandbox()
        .write("sys/class/net/eth0", "")
        .write("sys/class/net/cilium_geneve", "")
        .write(MAP, "")
        .write("etc/cni/net.d/05-cilium.conflist", "")
        .write("etc/cni/net.d/87-podman.conflist.cilium_bak", "of podman")
        .command("ip", 'rm "$SANDBOX/sys/class/net/$3"')
        .command("iptables-save", "echo -A CILIUM_INPUT; echo -A INPUT -s 10.0.0.1")
        .command("iptables-restore", 'cat > "$SANDBOX/rules"')
        .command("ip6tables-save", "echo -A CILIUM_INPUT; echo -A INPUT -s fd00::1")
        .command("ip6tables-restore", "cat > /dev/null");
    });
    afterEach(() => host.remove());

    function cleanUp(tc: string): void {
      host.command("tc", tc);
      const lines = platformNotes("k3s", valuesOf("k3s").values)!.cleanUp.join("\n");
      const { status, output } = host.run(
        lines.replaceAll(/(?<= )(?=\/(?:etc|sys)\/)/g, "$SANDBOX"),
      );
      assert.equal(status, 0, output);
    }
    const isThere = (name: string) => existsSync(path.join(host.dir, name));

    it("goes, and what is of others stays", () => {
      cleanUp(`
        case "$1 $2 $5" in
          "filter show ingress")
            echo "filter protocol all pref 3 bpf chain 0 handle 0x1 of-others direct-action"
            echo "filter protocol all pref 1 bpf chain 0 handle 0x1 cil_from_netdev-$4 direct-action" ;;
          "filter delete ingress") ls "$SANDBOX/${MAP}" && echo "$4 $6 $7" >> "$SANDBOX/filters" ;;
        esac`);
      assert.equal(isThere("sys/class/net/cilium_geneve"), false);
      assert.equal(isThere("sys/class/net/eth0"), true);
      assert.equal(isThere(MAP), false);
      assert.equal(host.read("filters"), "eth0 pref 1\n");
      assert.equal(host.read("rules"), "-A INPUT -s 10.0.0.1\n");
      assert.equal(isThere("etc/cni/net.d/05-cilium.conflist"), false);
      assert.equal(host.read("etc/cni/net.d/87-podman.conflist"), "of podman");
    });

    it("keeps the maps where its programs cannot be taken off", () => {
      cleanUp("exit 127");
      assert.equal(isThere(MAP), true);
    });
  });
});
