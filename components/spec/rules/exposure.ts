import { overlap } from "../cidr";
import { allPatches } from "../configPatches/userPatches";
import { nearest } from "../nearest";
import { nodeAddresses, podNetworks, poolNetworks, serviceNetworks, vips } from "../networks";
import { propertyPath } from "../propertyPath";
import type { ClusterSpec } from "../schema";
import { parseVersion } from "../versions";
import { ownValue } from "./features/chartValue";
import { isSwitchedOnRaw } from "./features/hostFirewall";
import { rangeOf } from "./features/lbIPAM";
import { labelsOf, selects } from "./nodeLabels";
import type { Finding, Rule } from "./rule";

/** What of the addresses for Services depends on the cluster. */
export const exposureRules: readonly Rule[] = [
  { id: "pool-in-cluster-network", check: poolInClusterNetwork },
  { id: "l2-no-node", warns: true, check: l2NoNode },
  { id: "node-ipam-no-node", warns: true, check: nodeIPAMNoNode },
  { id: "host-firewall-twice", warns: true, check: hostFirewallTwice },
  { id: "bgp-node-twice", check: bgpNodeTwice },
  { id: "bgp-override-node", check: bgpOverrideNode },
  { id: "bgp-ipv6-router-id", check: bgpIPv6RouterID },
  { id: "bgp-peering-policy", check: bgpPeeringPolicy },
];

const BGP = ["cilium", "bgpControlPlane"];

function* poolInClusterNetwork(spec: ClusterSpec): Iterable<Finding> {
  const taken = [
    ...podNetworks(spec),
    ...poolNetworks(spec),
    ...serviceNetworks(spec),
    ...nodeAddresses(spec),
    ...vips(spec),
  ];
  for (const [name, { blocks }] of Object.entries(spec.cilium.lbIPAM?.pools ?? {})) {
    for (const [index, got] of blocks.entries()) {
      const range = rangeOf(got);
      const other = range && taken.find((one) => overlap(one, range));
      if (!other) continue;
      yield {
        propertyPath: propertyPath(["cilium", "lbIPAM", "pools", name, "blocks", index]),
        got,
        reason: `it holds addresses of ${other.propertyPath} (${other.text})`,
        fix: "choose addresses that nothing else uses",
      };
    }
  }
}

function* l2NoNode(spec: ClusterSpec): Iterable<Finding> {
  const policies = spec.cilium.l2Announcements?.policies ?? {};
  for (const [name, { nodeSelector }] of Object.entries(policies)) {
    if (!nodeSelector || spec.nodes.some((node) => selects(nodeSelector, labelsOf(node)))) continue;
    yield {
      propertyPath: propertyPath(["cilium", "l2Announcements", "policies", name, "nodeSelector"]),
      got: nodeSelector,
      reason:
        "no node has these labels by its entry in nodes, and then nothing is announced, without an error",
      fix: "add them to labels of a node; nothing is wrong where something else sets them",
    };
  }
}

/** By this label Talos keeps traffic of Services away from its control planes. */
const EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

function* nodeIPAMNoNode(spec: ClusterSpec): Iterable<Finding> {
  if (ownValue(spec.cilium, "nodeIPAM.enabled") !== true) return;
  const hasWorker = spec.nodes.some(({ machineType }) => machineType === "worker");
  if (hasWorker || allPatches(spec).some(({ text }) => text.includes(EXCLUDED))) return;
  yield {
    propertyPath: "cilium.values.nodeIPAM.enabled",
    got: true,
    reason: `there are only control planes, which Talos labels ${EXCLUDED}, and addresses of such nodes are not given out`,
    fix: "delete that label by a patch of machine.nodeLabels, add a worker, or take lbIPAM.pools",
  };
}

function* hostFirewallTwice(spec: ClusterSpec): Iterable<Finding> {
  if (!spec.cilium.hostFirewall && !isSwitchedOnRaw(spec.cilium)) return;
  for (const { text, propertyPath: path } of allPatches(spec)) {
    const [, got] = /^kind:\s*["']?(Network(?:DefaultAction|Rule)Config)\b/m.exec(text) ?? [];
    if (got === undefined) continue;
    yield {
      propertyPath: path,
      got,
      reason:
        "Talos' ingress firewall and Cilium's host firewall then both judge what comes to a machine, and a port is open where both say so",
      fix: "leave it to one of them",
    };
    return;
  }
}

// Cilium takes neither, and says so only in a status.
function* bgpNodeTwice(spec: ClusterSpec): Iterable<Finding> {
  const configs = Object.entries(spec.cilium.bgpControlPlane?.clusterConfigs ?? {});
  for (const [index, [name, { nodeSelector: got }]] of configs.entries()) {
    for (const [other, { nodeSelector }] of configs.slice(0, index)) {
      const node = spec.nodes.find((each) =>
        [got, nodeSelector].every((one) => !one || selects(one, labelsOf(each))),
      );
      if (!node) continue;
      yield {
        propertyPath: propertyPath([...BGP, "clusterConfigs", name, "nodeSelector"]),
        got,
        reason: `${node.hostname} also belongs to ${other}, and a node belongs to one entry`,
        fix: "choose selectors that have no node in common",
      };
    }
  }
}

function* bgpOverrideNode(spec: ClusterSpec): Iterable<Finding> {
  const hostnames = spec.nodes.map(({ hostname }) => hostname);
  for (const got of Object.keys(spec.cilium.bgpControlPlane?.nodeConfigOverrides ?? {})) {
    if (hostnames.includes(got)) continue;
    const guess = nearest(got, hostnames);
    yield {
      propertyPath: propertyPath([...BGP, "nodeConfigOverrides", got]),
      got,
      reason: "no node has this hostname",
      fix: guess ? `did you mean ${guess}?` : "remove the entry",
    };
  }
}

function* bgpIPv6RouterID(spec: ClusterSpec): Iterable<Finding> {
  const bgp = spec.cilium.bgpControlPlane;
  const addresses = nodeAddresses(spec);
  if (!bgp || bgp.routerIDPool !== undefined || addresses.some(({ family }) => family === "IPv4")) {
    return;
  }
  const given = Object.keys(bgp.nodeConfigOverrides);
  const lacking = spec.nodes.find(({ hostname }) => !given.includes(hostname));
  if (!lacking) return;
  yield {
    propertyPath: propertyPath([...BGP, "routerIDPool"]),
    reason: `a router ID has the form of an IPv4 address, and ${lacking.hostname} has none to take it from`,
    fix: "write a network of router IDs such as 10.42.0.0/24",
  };
}

function* bgpPeeringPolicy(spec: ClusterSpec): Iterable<Finding> {
  const cilium = parseVersion(spec.cilium.version);
  if (!cilium || cilium.minor < 19) return;
  for (const { text, propertyPath: path } of allPatches(spec)) {
    if (!text.includes("CiliumBGPPeeringPolicy")) continue;
    yield {
      propertyPath: path,
      got: "CiliumBGPPeeringPolicy",
      reason: "Cilium has no such kind since 1.19",
      fix: "write it as cilium.bgpControlPlane: virtualRouters are clusterConfigs' bgpInstances, neighbors are their peers without a mask, and what is exported are advertisements",
    };
  }
}
