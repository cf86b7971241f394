import { parseAddress } from "../../cidr";
import { nearest } from "../../nearest";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import { LARGEST_ASN, type Path, at, instancesOf } from "./bgpParts";
import type { CiliumRule } from "./ciliumRule";

/** What is other for BGP on one node, against the instances of the same spec. */
export const bgpOverrideRules: readonly CiliumRule[] = [
  { id: "bgp-override-name", check: overrideName },
  { id: "bgp-override-value", check: overrideValue },
];

// Cilium takes no notice of an instance or a peer that the node has not.
function* overrideName(cilium: CiliumSpec): Iterable<Finding> {
  const instances = [...instancesOf(cilium)].map(({ instance }) => instance);
  for (const { path, one } of overrides(cilium.bgpControlPlane)) {
    const named = instances.filter(({ name }) => name === one.name);
    if (named.length === 0) {
      const names = [...new Set(instances.map(({ name }) => name))];
      yield unknown([...path, "name"], one.name, "clusterConfigs has no such instance", names);
      continue;
    }
    const peers = [...new Set(named.flatMap((each) => each.peers.map(({ name }) => name)))];
    for (const [index, { name }] of (one.peers ?? []).entries()) {
      if (peers.includes(name)) continue;
      const place = [...path, "peers", index, "name"];
      yield unknown(place, name, `the instance ${one.name} has no such peer`, peers);
    }
  }
}

function* overrideValue({ bgpControlPlane }: CiliumSpec): Iterable<Finding> {
  for (const { path, one } of overrides(bgpControlPlane)) {
    const numbers: [Path, number | undefined, number][] = [
      [[...path, "localASN"], one.localASN, LARGEST_ASN],
      [[...path, "localPort"], one.localPort, 65535],
      ...(one.peers ?? []).map(({ localPort }, index): [Path, number | undefined, number] => [
        [...path, "peers", index, "localPort"],
        localPort,
        65535,
      ]),
    ];
    for (const [place, got, most] of numbers) {
      if (got === undefined || (got >= 1 && got <= most)) continue;
      yield {
        propertyPath: at(...place),
        got,
        reason: `it is not from 1 to ${most}`,
        fix: "write a number in that range",
      };
    }
    for (const [index, { localAddress: got }] of (one.peers ?? []).entries()) {
      if (got === undefined || parseAddress(got)) continue;
      const bare = got.split("/")[0]!;
      yield {
        propertyPath: at(...path, "peers", index, "localAddress"),
        got,
        reason: parseAddress(bare) ? "an address of a node has no mask here" : "it is no address",
        fix: `write ${parseAddress(bare) ? bare : "for example 10.5.0.21"}`,
      };
    }
  }
}

function unknown(path: Path, got: string, reason: string, known: readonly string[]): Finding {
  const meant = nearest(got, known);
  const fix = meant === undefined ? `write one of ${known.join(", ")}` : `did you mean ${meant}?`;
  return { propertyPath: at(...path), got, reason, fix };
}

function* overrides(bgpControlPlane: CiliumSpec["bgpControlPlane"]) {
  for (const [hostname, { bgpInstances }] of Object.entries(
    bgpControlPlane?.nodeConfigOverrides ?? {},
  )) {
    for (const [index, one] of bgpInstances.entries()) {
      yield { one, path: ["nodeConfigOverrides", hostname, "bgpInstances", index] as Path };
    }
  }
}
