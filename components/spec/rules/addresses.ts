import { contains, isHost, parseAddress, parseCidr } from "../cidr";
import { isHostName } from "../kubernetesNames";
import {
  links,
  nodeAddresses,
  podNetworks,
  poolNetworks,
  serviceNetworks,
  vips,
} from "../networks";
import type { ClusterSpec } from "../schema";
import { duplicates } from "./duplicates";
import type { Finding, Rule } from "./rule";

/** Addresses of the machines and the floating address of the control planes. */
export const addressRules: readonly Rule[] = [
  { id: "node-address", check: nodeAddress },
  { id: "duplicate-address", check: duplicateAddress },
  { id: "node-in-cluster-network", check: nodeInClusterNetwork },
  { id: "node-endpoint", check: nodeEndpoint },
  { id: "duplicate-endpoint", check: duplicateEndpoint },
  { id: "vip", check: vip },
];

function* nodeAddress({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, { ipAddress: got }] of nodes.entries()) {
    const address = parseAddress(got);
    if (address && isHost(address)) continue;
    const withoutPrefix = parseCidr(got) ? got.split("/")[0] : undefined;
    const otherwise = address
      ? "no machine can have it: it is unspecified, multicast, reserved or broadcast"
      : "it is no IPv4 or IPv6 address";
    yield {
      propertyPath: `nodes[${index}].ipAddress`,
      got,
      reason: withoutPrefix ? "it is a network, not an address" : otherwise,
      fix: withoutPrefix
        ? `write ${withoutPrefix}`
        : "write an address such as 10.5.0.11; names and ports go into endpoint",
    };
  }
}

function* duplicateAddress(spec: ClusterSpec): Iterable<Finding> {
  const own = nodeAddresses(spec).map((range) => ({ ...range, key: range.text }));
  for (const { earlier, later } of duplicates(own)) {
    yield {
      propertyPath: later.propertyPath,
      got: later.text,
      reason: `${earlier.propertyPath} (${ownerOf(spec, earlier.propertyPath)}) has the same address as this one (${ownerOf(spec, later.propertyPath)})`,
      fix: "give each machine an address of its own",
    };
  }
}

function* nodeInClusterNetwork(spec: ClusterSpec): Iterable<Finding> {
  const inner = [...podNetworks(spec), ...poolNetworks(spec), ...serviceNetworks(spec)];
  for (const address of nodeAddresses(spec)) {
    for (const network of inner.filter((candidate) => contains(candidate, address))) {
      yield {
        propertyPath: address.propertyPath,
        got: address.text,
        reason: `it lies in ${network.propertyPath} (${network.text}), whose addresses exist only inside the cluster`,
        fix: `move ${network.propertyPath} to a network that no machine is in`,
      };
    }
  }
}

function* nodeEndpoint({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, { endpoint: got }] of nodes.entries()) {
    if (got === undefined || endpointParts(got)) continue;
    const host = URL.canParse(got) ? new URL(got).host : "";
    yield {
      propertyPath: `nodes[${index}].endpoint`,
      got,
      reason: "the Talos API is reached at a host or address with an optional port",
      fix: endpointParts(host)
        ? `write ${host}`
        : "write for example talos.example.org:50000, [fd00::11]:50000 or 10.5.0.11",
    };
  }
}

function* duplicateEndpoint({ nodes }: ClusterSpec): Iterable<Finding> {
  const reached = nodes.flatMap(({ ipAddress, endpoint }, index) => {
    const parts = endpointParts(endpoint ?? ipAddress);
    return parts
      ? [
          {
            key: `${parts.host}:${parts.port}`,
            propertyPath: `nodes[${index}].${endpoint === undefined ? "ipAddress" : "endpoint"}`,
          },
        ]
      : [];
  });
  for (const { earlier, later } of duplicates(reached)) {
    // Two equal ipAddresses have a rule of their own.
    if (earlier.propertyPath.endsWith("ipAddress") && later.propertyPath.endsWith("ipAddress")) {
      continue;
    }
    yield {
      propertyPath: later.propertyPath,
      got: later.key,
      reason: `${earlier.propertyPath} leads to the same machine, which would get two configurations`,
      fix: "give each machine an endpoint of its own",
    };
  }
}

function* vip(spec: ClusterSpec): Iterable<Finding> {
  for (const [index, node] of spec.nodes.entries()) {
    for (const { link, propertyPath } of links(node, index)) {
      if (!link.vip) continue;
      const got = link.vip.ip;
      const path = `${propertyPath}.vip.ip`;
      if (node.machineType === "worker") {
        yield {
          propertyPath: path,
          got,
          reason: `${node.hostname} is a worker, and only control planes hold the floating address`,
          fix: "remove vip from this link",
        };
      }
      if (!parseAddress(got)) {
        yield {
          propertyPath: path,
          got,
          reason: "it is no IP address",
          fix: "write an address such as 10.5.0.100, without a prefix length",
        };
      }
    }
  }
  yield* vipClashes(spec);
}

function* vipClashes(spec: ClusterSpec): Iterable<Finding> {
  const addresses = nodeAddresses(spec);
  const inner = [...podNetworks(spec), ...serviceNetworks(spec)];
  for (const floating of vips(spec)) {
    const owner = addresses.find((address) => contains(address, floating));
    const network = inner.find((candidate) => contains(candidate, floating));
    if (owner) {
      yield {
        propertyPath: floating.propertyPath,
        got: floating.text,
        reason: `it is the address of ${ownerOf(spec, owner.propertyPath)} (${owner.propertyPath}), and a floating address moves between machines`,
        fix: "choose an address in the same network that no machine has",
      };
    }
    if (network) {
      yield {
        propertyPath: floating.propertyPath,
        got: floating.text,
        reason: `it lies in ${network.propertyPath} (${network.text}), whose addresses exist only inside the cluster`,
        fix: "choose an address in the network of the machines",
      };
    }
  }
}

function ownerOf({ nodes }: ClusterSpec, path: string): string {
  return nodes[Number(/\[(\d+)\]/.exec(path)?.[1])]?.hostname ?? path;
}

/** Host and port of a Talos API, or undefined when the text is none. */
function endpointParts(text: string): { host: string; port: string } | undefined {
  if (parseAddress(text)) return { host: parseAddress(text)!.text, port: "50000" };
  const match = /^(?:\[([^\]]+)\]|([^:\s/[\]]+))(?::(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const host = match[1] ?? match[2]!;
  const port = match[3] ?? "50000";
  const address = parseAddress(host);
  if (Number(port) < 1 || Number(port) > 65535) return undefined;
  if (match[1] !== undefined && !address) return undefined;
  if (!address && !isHostName(host.toLowerCase())) return undefined;
  return { host: address?.text ?? host.toLowerCase(), port };
}
