import type { IpRange } from "./cidr";
import { parseAddress, parseCidr } from "./cidr";
import { isHostName } from "./kubernetesNames";
import { valueAt } from "../values/chartValues";
import { podNetworksOf } from "../values/podNetworks";
import type { ClusterSpec, NodeSpec } from "./schema";

/** A range of addresses, and where the spec says so. */
export interface OwnedRange extends IpRange {
  readonly propertyPath: string;
}

/** The pod networks that are well-formed; the others are refused by a rule of their own. */
export function podNetworks(spec: Pick<ClusterSpec, "podSubnets">): OwnedRange[] {
  return networks(spec.podSubnets, "podSubnets");
}

/** Pools of Cilium's own that the user's values name, where it gives pods their addresses itself. */
export function poolNetworks({ cilium }: Pick<ClusterSpec, "cilium">): OwnedRange[] {
  const mode = valueAt(cilium.values, ["ipam", "mode"]);
  const key = mode === "multi-pool" ? "autoCreateCiliumPodIPPools" : "clusterPoolIPv4PodCIDRList";
  const isGiven = valueAt(cilium.values, ["ipam", "operator", key]) !== undefined;
  if (!isGiven || (mode !== "cluster-pool" && mode !== "multi-pool")) return [];
  return podNetworksOf(cilium.values).flatMap((text) => {
    const range = parseCidr(text);
    return range ? [{ ...range, propertyPath: `cilium.values.ipam.operator.${key}` }] : [];
  });
}

/** The service networks that are well-formed. */
export function serviceNetworks(spec: Pick<ClusterSpec, "serviceSubnets">): OwnedRange[] {
  return networks(spec.serviceSubnets, "serviceSubnets");
}

/** The machines' addresses that are well-formed. */
export function nodeAddresses(spec: Pick<ClusterSpec, "nodes">): OwnedRange[] {
  return spec.nodes.flatMap(({ ipAddress }, index) => {
    const range = parseAddress(ipAddress);
    return range ? [{ ...range, propertyPath: `nodes[${index}].ipAddress` }] : [];
  });
}

/** Everything under `networkInterfaces` of a node that has addresses: the links and their VLANs. */
export function* links(node: NodeSpec, index: number) {
  for (const [at, link] of node.networkInterfaces.entries()) {
    const propertyPath = `nodes[${index}].networkInterfaces[${at}]`;
    yield { link, propertyPath };
    for (const [vlanAt, vlan] of (link.vlans ?? []).entries()) {
      yield { link: vlan, propertyPath: `${propertyPath}.vlans[${vlanAt}]` };
    }
  }
}

/** Floating addresses of the control planes, wherever they stand; malformed ones are left out. */
export function vips(spec: ClusterSpec): OwnedRange[] {
  return spec.nodes.flatMap((node, index) =>
    [...links(node, index)].flatMap(({ link, propertyPath }) => {
      const range = link.vip ? parseAddress(link.vip.ip) : undefined;
      return range ? [{ ...range, propertyPath: `${propertyPath}.vip.ip` }] : [];
    }),
  );
}

/** Networks that machines have a static address in, each once. */
export function linkNetworks(spec: ClusterSpec): OwnedRange[] {
  const found = new Map<string, OwnedRange>();
  for (const [index, node] of spec.nodes.entries()) {
    for (const { link, propertyPath } of links(node, index)) {
      for (const [at, address] of (link.addresses ?? []).entries()) {
        const range = parseCidr(address);
        if (range && !found.has(range.text)) {
          found.set(range.text, { ...range, propertyPath: `${propertyPath}.addresses[${at}]` });
        }
      }
    }
  }
  return [...found.values()];
}

const ENDPOINT = /^https:\/\/(?:\[([^\]]*)\]|([^:/[\]]+))(?::(\d*))?\/*$/;

/**
 * Host and port of a cluster endpoint as its text has them, or undefined when it is none: what reads
 * URLs in browsers' way makes addresses of other texts, which no machine finds there.
 */
export function endpointParts(text: string): { host: string; port: string } | undefined {
  const [, bracketed, plain = "", port = ""] = ENDPOINT.exec(text) ?? [];
  const address = parseAddress(bracketed ?? plain);
  if (address)
    return (bracketed !== undefined) === (address.family === "IPv6")
      ? { host: address.text, port }
      : undefined;
  const host = plain.toLowerCase();
  return isHostName(host) ? { host, port } : undefined;
}

/** Host of the cluster endpoint without the brackets of IPv6, or undefined when it has none. */
export function endpointHost({ clusterEndpoint }: ClusterSpec): string | undefined {
  return endpointParts(clusterEndpoint)?.host;
}

function networks(texts: readonly string[], name: string): OwnedRange[] {
  return texts.flatMap((text, index) => {
    const range = parseCidr(text);
    return range ? [{ ...range, propertyPath: `${name}[${index}]` }] : [];
  });
}
