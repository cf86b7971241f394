import { overlap, parseCidr } from "../cidr";
import { linkNetworks, nodeAddresses, podNetworks, serviceNetworks } from "../networks";
import type { ClusterSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** The way from Flannel to Cilium, as far as the spec alone can tell. */
export const migrationRules: readonly Rule[] = [
  { id: "migration-subnets", check: subnets },
  { id: "migration-subnet-too-small", check: tooSmall },
  { id: "migration-nodes", check: nodes },
  { id: "migration-method", check: method },
  { id: "migration-ipam", check: ipam },
];

/** What Cilium's operator gives each node of its pool. */
const NODE_PREFIX = 24;

function* subnets(spec: ClusterSpec): Iterable<Finding> {
  const { podSubnets } = spec.cilium.migration ?? {};
  if (!podSubnets) return;
  const propertyPath = "cilium.migration.podSubnets";
  const fix = "write a network that is free, such as 10.245.0.0/16";
  if (podSubnets.length === 0) {
    yield { propertyPath, got: [], reason: "Cilium needs a network for its pods", fix };
  }
  const taken = [
    ...podNetworks(spec),
    ...serviceNetworks(spec),
    ...nodeAddresses(spec),
    ...linkNetworks(spec),
  ];
  for (const [index, got] of podSubnets.entries()) {
    const range = parseCidr(got);
    const at = { propertyPath: `${propertyPath}[${index}]`, got };
    if (range?.family !== "IPv4") {
      yield { ...at, reason: "it is no IPv4 network in CIDR notation", fix };
      continue;
    }
    const other = taken.find((each) => overlap(range, each));
    if (!other) continue;
    const reason = `it shares addresses with ${other.propertyPath} (${other.text}); on the way both networks are in use, and a packet has to find the right one`;
    yield { ...at, reason, fix };
  }
}

function* tooSmall(spec: ClusterSpec): Iterable<Finding> {
  const got = spec.cilium.migration?.podSubnets ?? [];
  const ranges = got.flatMap((text) => parseCidr(text) ?? []);
  if (ranges.length === 0 || ranges.length < got.length) return;
  const room = ranges.reduce((sum, { prefix }) => sum + Math.floor(2 ** (NODE_PREFIX - prefix)), 0);
  if (room >= spec.nodes.length) return;
  yield {
    propertyPath: "cilium.migration.podSubnets",
    got,
    reason: `each node gets a /${NODE_PREFIX} of it, which is enough for ${room} nodes, not for ${spec.nodes.length}`,
    fix: "write a larger network, such as 10.245.0.0/16",
  };
}

function* nodes(spec: ClusterSpec): Iterable<Finding> {
  const known = spec.nodes.map(({ hostname }) => hostname);
  for (const [index, got] of (spec.cilium.migration?.nodes ?? []).entries()) {
    if (known.includes(got)) continue;
    yield {
      propertyPath: `cilium.migration.nodes[${index}]`,
      got,
      reason: "no node has this hostname",
      fix: `write one of ${known.join(", ")}, or remove it`,
    };
  }
}

function* method({ cilium }: ClusterSpec): Iterable<Finding> {
  const { installMethod: got, migration } = cilium;
  if (!migration || got === "release" || got === "manifests") return;
  yield {
    propertyPath: "cilium.installMethod",
    got,
    reason: "a migration changes Cilium's values from stage to stage, and this method cannot",
    fix: "choose release or manifests",
  };
}

function* ipam({ cilium }: ClusterSpec): Iterable<Finding> {
  if (!cilium.migration || cilium.values["ipam"] === undefined) return;
  yield {
    propertyPath: "cilium.values.ipam",
    got: cilium.values["ipam"],
    reason: "cilium.migration.podSubnets says where Cilium's pods get their addresses",
    fix: "remove it",
  };
}
