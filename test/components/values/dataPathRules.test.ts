import assert from "node:assert/strict";

import type { ChartValues, DataPathContext } from "../../../components/values";
import { checkDataPath, minorNumber } from "../../../components/values";
import { dataPathRules } from "../../../components/values/dataPathRules";
import { type ValuesFixture, dataPathFixtures } from "../../support/valuesFixtures";

const kpr = { kubeProxyReplacement: true };
const native = {
  routingMode: "native",
  autoDirectNodeRoutes: true,
  ipv4NativeRoutingCIDR: "10.244.0.0/16",
};
const ebpf = { bpf: { masquerade: true, hostLegacyRouting: false } };

const context = ({ version, context: known }: ValuesFixture): DataPathContext => ({
  minor: minorNumber(version),
  ...known,
});

describe("dataPathRules (what is said of values; that agents refuse them is upstream's word)", () => {
  const fixtures = dataPathFixtures();
  const idsOf = (values: ChartValues, fixture: ValuesFixture) => {
    const { problems, warnings } = checkDataPath(values, values, context(fixture));
    return [...problems, ...warnings].map(({ id }) => id);
  };

  for (const fixture of fixtures) {
    it(`names ${fixture.name}`, () => {
      assert.deepEqual(idsOf(fixture.fails, fixture), [fixture.rule]);
      assert.deepEqual(idsOf(fixture.passes, fixture), []);
    });
  }

  it("lets arriving traffic be judged with native routing from Cilium 1.20 on", () => {
    const strictMode = {
      egress: { enabled: true, cidr: "10.244.0.0/16" },
      ingress: { enabled: true },
    };
    const encryption = { enabled: true, type: "wireguard", strictMode };
    const values = { ...kpr, encryption, ...native };
    assert.deepEqual(checkDataPath(values, values, { minor: 20 }).problems, []);
  });

  it("asks nothing of the kernel of a Talos that has it, or that nobody named", () => {
    const values = { ...kpr, ...ebpf, ...native, enableIPv4BIGTCP: true };
    for (const talosVersion of ["v1.9.0", "v1.14.0", "v1.99.0", undefined]) {
      assert.deepEqual(checkDataPath(values, values, { minor: 20, talosVersion }).problems, []);
    }
  });

  it("has a fixture for each row of the rules", () => {
    const fired = new Set(
      fixtures.flatMap((fixture) =>
        dataPathRules.filter(({ breaks }) => breaks(fixture.fails, context(fixture))),
      ),
    );
    assert.deepEqual(
      // Rows about a kernel differ in a number only, and most are older than any Talos.
      dataPathRules
        .filter((rule) => !fired.has(rule) && rule.id !== "kernel")
        .map(({ id, reason }) => `${id}: ${reason}`),
      [],
    );
  });

  it("names what a user asked for where the clash is with what nobody wrote", () => {
    const values = { ...kpr, ...native, enableIPv4BIGTCP: true };
    const [typed] = checkDataPath(values, {}, { minor: 20 }).problems;
    const [raw] = checkDataPath(values, { enableIPv4BIGTCP: true }, { minor: 20 }).problems;
    assert.equal(typed?.propertyPath, "cilium.datapath.bigTCP");
    assert.equal(raw?.propertyPath, "cilium.values.enableIPv4BIGTCP");
    assert.equal(raw?.got, true);
  });

  it("names the user's key where they gave it, and ours where not", () => {
    const values = {
      encryption: { enabled: true, type: "ipsec" },
      hostFirewall: { enabled: true },
    };
    const [ours] = checkDataPath(values, {}, { minor: 20 }).problems;
    const [theirs] = checkDataPath(values, values, { minor: 20 }).problems;
    assert.equal(ours?.propertyPath, "cilium.hostFirewall");
    assert.equal(theirs?.propertyPath, "cilium.values.hostFirewall.enabled");
  });
});
