import assert from "node:assert/strict";

import type { ChartValues, DataPathContext } from "../../../components/values";
import { checkDataPath, minorNumber } from "../../../components/values";
import { dataPathRules } from "../../../components/values/dataPathRules";
import { mergeValues } from "../../../components/values/chartValues";

interface Case {
  readonly id: string;
  /** Values that break the rule. */
  readonly breaks: ChartValues;
  /** The same, but for what the message says to change. */
  readonly holds: ChartValues;
  readonly version?: string;
  readonly context?: Partial<DataPathContext>;
}

const kpr = { kubeProxyReplacement: true };
const encrypted = (type: string, others: ChartValues = {}) => ({
  encryption: { enabled: true, type, ...others },
});
const strict = (egress: ChartValues, ingress = false) =>
  encrypted("wireguard", {
    strictMode: { egress: { enabled: true, ...egress }, ingress: { enabled: ingress } },
  });
const cidr = "10.244.0.0/16";

const cases: readonly Case[] = [
  {
    id: "encryption-strict-mode",
    breaks: strict({ allowRemoteNodeIdentities: true }),
    holds: strict({ allowRemoteNodeIdentities: true, cidr }),
  },
  {
    id: "encryption-strict-mode",
    breaks: strict({ cidr }),
    holds: { ...strict({ cidr }), routingMode: "native" },
  },
  {
    id: "encryption-strict-mode",
    version: "1.18.12",
    breaks: encrypted("ipsec", {
      strictMode: { enabled: true, cidr, allowRemoteNodeIdentities: true },
    }),
    holds: encrypted("wireguard", {
      strictMode: { enabled: true, cidr, allowRemoteNodeIdentities: true },
    }),
  },
  {
    id: "encryption-strict-mode",
    version: "1.19.6",
    breaks: { ...strict({ cidr }, true), routingMode: "native" },
    holds: strict({ cidr, allowRemoteNodeIdentities: true }, true),
  },
  {
    id: "encryption-node",
    breaks: encrypted("wireguard", { nodeEncryption: true }),
    holds: encrypted("wireguard", { nodeEncryption: false }),
  },
  {
    id: "ipsec-host-firewall",
    breaks: { ...encrypted("ipsec"), hostFirewall: { enabled: true } },
    holds: { ...encrypted("wireguard"), hostFirewall: { enabled: true } },
  },
  {
    id: "ipsec-netkit",
    breaks: { ...encrypted("ipsec"), bpf: { datapathMode: "netkit" } },
    holds: { ...encrypted("ipsec"), bpf: { datapathMode: "veth" } },
  },
  {
    id: "ipsec-bandwidth-manager",
    breaks: { ...encrypted("ipsec"), bandwidthManager: { enabled: true } },
    holds: { ...encrypted("wireguard"), bandwidthManager: { enabled: true } },
  },
];

describe("dataPathRules (what is said of values; that agents refuse them is upstream's word)", () => {
  const idsOf = (values: ChartValues, { version = "1.20.0", context }: Case) => {
    const { problems, warnings } = checkDataPath(mergeValues(kpr, values), values, {
      minor: minorNumber(version),
      ...context,
    });
    return [...problems, ...warnings].map(({ id }) => id);
  };

  for (const [index, each] of cases.entries()) {
    it(`${each.id} (${index}) is said of ${JSON.stringify(each.breaks)}`, () => {
      assert.deepEqual(idsOf(each.breaks, each), [each.id]);
    });

    it(`nothing is said of ${JSON.stringify(each.holds)} (${index})`, () => {
      assert.deepEqual(idsOf(each.holds, each), []);
    });
  }

  it("has a case for each row of the rules", () => {
    const said = (values: ChartValues, { version = "1.20.0", context }: Case) =>
      dataPathRules.filter(({ breaks }) =>
        breaks(mergeValues(kpr, values), { minor: minorNumber(version), ...context }),
      );
    const fired = new Set(cases.flatMap((each) => said(each.breaks, each)));
    assert.deepEqual(
      dataPathRules.filter((rule) => !fired.has(rule)).map(({ id, reason }) => `${id}: ${reason}`),
      [],
    );
  });

  it("names the user's key where they gave it, and ours where not", () => {
    const values = { ...encrypted("ipsec"), hostFirewall: { enabled: true } };
    const [ours] = checkDataPath(values, {}, { minor: 20 }).problems;
    const [theirs] = checkDataPath(values, values, { minor: 20 }).problems;
    assert.equal(ours?.propertyPath, "cilium.hostFirewall");
    assert.equal(theirs?.propertyPath, "cilium.values.hostFirewall.enabled");
  });
});
