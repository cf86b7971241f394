import assert from "node:assert/strict";

import type { ClusterSpecInput } from "../../components";
import { requireBinaries, TestLab } from "../support/testLab";

type Cilium = ClusterSpecInput["cilium"];

/** What goes together of the data path, with policies and a key of IPsec. */
const features = (keyId: number): Partial<Cilium> => ({
  encryption: { type: "ipsec", ipsec: { keyId } },
  routing: { mode: "native" },
  datapath: { hostRouting: "ebpf" },
  loadBalancer: { mode: "dsr", algorithm: "maglev" },
  servingCertApprover: {},
  policyAuditMode: true,
  networkPolicies: {
    baseline: {},
    policies: { web: { namespace: "default", ingress: [{ fromEntities: ["ingress"] }] } },
  },
  egressGateway: {
    policies: {
      mail: {
        selectors: [{ podSelector: {} }],
        destinationCIDRs: ["0.0.0.0/0"],
        egressGateway: { nodeSelector: { matchLabels: { gateway: "true" } } },
      },
    },
  },
  cidrGroups: { office: ["203.0.113.0/24"] },
});

/** The firewall of nodes, which does not go with IPsec. */
const firewall: Partial<Cilium> = {
  hostFirewall: { policies: { web: { ingress: [{ fromEntities: ["world"] }] } } },
};

describe("the data path on the lab (no agent runs: what packets do is not proved)", function () {
  this.timeout(600_000);
  let lab: TestLab;
  let own: Cilium;

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start({
      controlPlanes: 1,
      workers: 1,
      spec: (spec) => {
        own = spec.cilium;
        return { ...spec, cilium: { ...own, ...features(1) } };
      },
    });
  });
  after(async () => lab?.stop());

  const get = async (...args: string[]) => (await lab.kubectl(["get", ...args])).trim();
  const key = async () => {
    const data = await get(
      "-n=kube-system",
      "secret/cilium-ipsec-keys",
      "-o=jsonpath={.data.keys}",
    );
    return Buffer.from(data, "base64").toString("utf8");
  };

  it("brings entries, objects and the key to the API server in one run", async () => {
    await lab.up();
    const config = JSON.parse(
      await get("-n=kube-system", "configmap/cilium-config", "-o=json"),
    ) as { data: Record<string, string> };
    const expected = {
      "enable-ipsec": "true",
      "routing-mode": "native",
      "enable-host-legacy-routing": "false",
      "enable-bpf-masquerade": "true",
      "bpf-lb-mode": "dsr",
      "bpf-lb-algorithm": "maglev",
      "policy-audit-mode": "true",
      "enable-egress-gateway": "true",
    };
    const entries = Object.keys(expected).map((entry) => [entry, config.data[entry]]);
    assert.deepEqual(Object.fromEntries(entries), expected);
    for (const object of [
      "ciliumclusterwidenetworkpolicies/default-deny",
      "ciliumnetworkpolicies/web",
      "ciliumegressgatewaypolicies/mail",
      "ciliumcidrgroups/office",
      "-n=kube-system deployment/kubelet-serving-cert-approver",
    ]) {
      assert.match(await get(...object.split(" "), "-o=name"), /\//);
    }
    assert.match(await key(), /^1\+ rfc4106\(gcm\(aes\)\) [0-9a-f]{40} 128$/);
  });

  it("changes nothing in a second run, also not the key", async () => {
    const before = await key();
    await lab.up(["--expect-no-changes"]);
    assert.equal(await key(), before);
  });

  it("rotates the key by its number, and Hubble's certificates by theirs under the same CA", async () => {
    const pair = () =>
      get(
        "-n=kube-system",
        "secret/hubble-server-certs",
        "-o=jsonpath={.data.ca\\.crt} {.data.tls\\.crt}",
      );
    const [ca, certificate] = (await pair()).split(" ");
    const hubble = { tls: { generation: 2 } };
    lab.writeStack({ ...lab.spec, cilium: { ...own, ...features(2), hubble } });
    await lab.up();
    assert.match(await key(), /^2\+ /);
    const [sameCA, another] = (await pair()).split(" ");
    assert.equal(sameCA, ca);
    assert.notEqual(another, certificate);
    await lab.up(["--expect-no-changes"]);
  });

  it("takes away what leaves the stack file, and opens Talos' ports before anything is denied", async () => {
    lab.writeStack({ ...lab.spec, cilium: { ...own, ...firewall } });
    await lab.up();
    assert.equal(await get("ciliumegressgatewaypolicies", "-o=name"), "");
    const policies = await get(
      "ciliumclusterwidenetworkpolicies",
      "-o=jsonpath={.items[*].metadata.name}",
    );
    assert.deepEqual(policies.split(" ").sort(), ["talos-ports", "web"]);
  });
});
