import { overlap, parseAddress, parseCidr } from "../cidr";
import type { OwnedRange } from "../networks";
import { linkNetworks, nodeAddresses, podNetworks, serviceNetworks } from "../networks";
import type { ClusterSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** Networks of pods and services. */
export const subnetRules: readonly Rule[] = [
  { id: "bad-cidr", check: badCidr },
  { id: "host-bits", warns: true, check: hostBits },
  { id: "no-subnet", check: noSubnet },
  { id: "overlapping-subnets", check: overlappingSubnets },
  { id: "ip-families", check: ipFamilies },
  { id: "pod-subnet-too-small", check: podSubnetTooSmall },
  { id: "service-subnet-too-small", check: serviceSubnetTooSmall },
];

/** Prefix length of the part of a pod network that each node gets, as the controller manager cuts it. */
const NODE_CIDR_MASK_SIZE = { IPv4: 24, IPv6: 64 } as const;

const LISTS = ["podSubnets", "serviceSubnets"] as const;

function* badCidr(spec: ClusterSpec): Iterable<Finding> {
  const example = { podSubnets: "10.244.0.0/16", serviceSubnets: "10.96.0.0/12" };
  for (const list of LISTS) {
    for (const [index, got] of spec[list].entries()) {
      if (parseCidr(got)) continue;
      yield {
        propertyPath: `${list}[${index}]`,
        got,
        reason: "it is no network in CIDR notation",
        fix: parseAddress(got)
          ? `add the prefix length, for example ${got}/16`
          : `write a network such as ${example[list]}`,
      };
    }
  }
  for (const [index, got] of spec.kubelet.nodeIPSubnets.entries()) {
    if (parseCidr(got.replace(/^!/, "")) ?? parseAddress(got.replace(/^!/, ""))) continue;
    yield {
      propertyPath: `kubelet.nodeIPSubnets[${index}]`,
      got,
      reason: "it is no network in CIDR notation, with or without a leading !",
      fix: "write the network of the machines, such as 10.5.0.0/24",
    };
  }
}

function* hostBits(spec: ClusterSpec): Iterable<Finding> {
  for (const list of LISTS) {
    for (const [index, got] of spec[list].entries()) {
      const range = parseCidr(got);
      if (!range || parseAddress(got.split("/")[0]!)!.first === range.first) continue;
      yield {
        propertyPath: `${list}[${index}]`,
        got,
        reason: "the address is not the first of its network",
        fix: `write ${range.text}`,
      };
    }
  }
}

function* noSubnet(spec: ClusterSpec): Iterable<Finding> {
  for (const list of LISTS) {
    if (spec[list].length > 0) continue;
    yield {
      propertyPath: list,
      got: [],
      reason: "the list is empty, and the cluster needs such a network",
      fix: "name a network, or leave the key out for the default",
    };
  }
}

function* overlappingSubnets(spec: ClusterSpec): Iterable<Finding> {
  const inner = [...podNetworks(spec), ...serviceNetworks(spec)];
  for (const [index, one] of inner.entries()) {
    for (const other of inner.slice(0, index)) {
      if (overlap(one, other)) yield overlapping(one, other);
    }
  }
  const machines = nodeAddresses(spec);
  for (const network of linkNetworks(spec)) {
    for (const one of inner.filter((candidate) => overlap(candidate, network))) {
      // A machine whose own address lies inside is named by the rule for that.
      if (machines.some((machine) => overlap(machine, one) && overlap(machine, network))) continue;
      yield overlapping(one, network);
    }
  }
}

function overlapping(one: OwnedRange, other: OwnedRange): Finding {
  return {
    propertyPath: one.propertyPath,
    got: one.text,
    reason: `it shares addresses with ${other.propertyPath} (${other.text})`,
    fix: "choose networks of pods, services and machines that have no address in common",
  };
}

function* ipFamilies(spec: ClusterSpec): Iterable<Finding> {
  const pods = podNetworks(spec);
  const services = serviceNetworks(spec);
  for (const networks of [pods, services]) {
    for (const [index, network] of networks.entries()) {
      const earlier = networks.slice(0, index).find(({ family }) => family === network.family);
      // Two that share addresses are named by the rule for that.
      if (!earlier || overlap(earlier, network)) continue;
      yield {
        propertyPath: network.propertyPath,
        got: network.text,
        reason: `${earlier.propertyPath} (${earlier.text}) is ${network.family} too, and there is one network for each IP family`,
        fix: "remove one of them",
      };
    }
  }
  if (pods.length < spec.podSubnets.length || services.length < spec.serviceSubnets.length) return;
  const families = (ranges: readonly OwnedRange[]) => [
    ...new Set(ranges.map(({ family }) => family)),
  ];
  const [ofPods, ofServices] = [families(pods), families(services)];
  if (ofPods.length === 0 || ofServices.length === 0) return;
  // Pods of both families reach Services of one; a Service of a family that no pod has reaches nobody.
  if (ofServices.some((family) => !ofPods.includes(family))) {
    yield {
      propertyPath: "serviceSubnets",
      got: spec.serviceSubnets,
      reason: `services are ${ofServices.join(" and ")}, pods are ${ofPods.join(" and ")}`,
      fix: "add the missing IP family to podSubnets, or take it out here",
    };
  }
  for (const address of nodeAddresses(spec)) {
    if (ofPods.includes(address.family)) continue;
    yield {
      propertyPath: address.propertyPath,
      got: address.text,
      reason: `the machine is ${address.family}, the networks of the cluster are ${ofPods.join(" and ")}`,
      fix: `use an ${ofPods[0]} address, or add ${address.family} networks to podSubnets and serviceSubnets`,
    };
  }
}

function* podSubnetTooSmall(spec: ClusterSpec): Iterable<Finding> {
  // Who sets the size for each node by a patch knows what fits.
  const patches = [...spec.configPatches, ...spec.controlPlaneConfigPatches];
  if (patches.some((patch) => patch.includes("node-cidr-mask-size"))) return;
  for (const network of podNetworks(spec)) {
    const perNode = NODE_CIDR_MASK_SIZE[network.family];
    const nodes = 2 ** (perNode - network.prefix);
    if (network.prefix <= perNode && spec.nodes.length <= nodes) continue;
    const needed = perNode - Math.ceil(Math.log2(Math.max(1, spec.nodes.length)));
    yield {
      propertyPath: network.propertyPath,
      got: network.text,
      reason: `each node gets a /${perNode} of it, which is enough for ${Math.floor(nodes)} nodes, not for ${spec.nodes.length}`,
      fix: `write a network of /${needed} or larger`,
    };
  }
}

// Talos gives CoreDNS the tenth address, and kube-apiserver starts with eight or more only.
function* serviceSubnetTooSmall(spec: ClusterSpec): Iterable<Finding> {
  for (const { family, prefix, propertyPath, text } of serviceNetworks(spec)) {
    const longest = family === "IPv4" ? 28 : 124;
    if (prefix <= longest) continue;
    yield {
      propertyPath,
      got: text,
      reason: "cluster DNS has the tenth address of it, and it has no ten",
      fix: `write a network of /${longest} or larger`,
    };
  }
}
