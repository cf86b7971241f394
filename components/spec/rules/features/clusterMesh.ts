import { contains, overlap, parseAddress, parseCidr } from "../../cidr";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec, ClusterSpec } from "../../schema";
import type { Finding, Rule } from "../rule";
import type { CiliumRule } from "./ciliumRule";

/** The clusters of a mesh, as one of them knows them. */
export const clusterMeshRules: readonly CiliumRule[] = [
  { id: "mesh-name", check: meshName },
  { id: "mesh-id-twice", check: meshIdTwice },
  { id: "mesh-peer-address", check: meshPeerAddress },
  { id: "mesh-peer-subnets", check: meshPeerSubnets },
  { id: "mesh-native-routing", check: meshNativeRouting },
];

/** What needs the cluster's own networks. */
export const meshClusterRules: readonly Rule[] = [{ id: "mesh-subnets", check: meshSubnets }];

const NAME = /^(?=.{1,32}$)([a-z0-9][-a-z0-9]*)?[a-z0-9]$/;

function* meshName({ clusterMesh }: CiliumSpec): Iterable<Finding> {
  if (!clusterMesh) return;
  const { name, clusters } = clusterMesh;
  const names: [string, string][] = [
    ["cilium.clusterMesh.name", name],
    ...Object.keys(clusters).map((each): [string, string] => [at(each), each]),
  ];
  for (const [path, got] of names) {
    if (NAME.test(got) && got !== "default") continue;
    yield {
      propertyPath: path,
      got,
      reason:
        "a cluster of a mesh has a name of 1 to 32 lower-case letters, digits and hyphens, and it is not default",
      fix: "write for example home; a running cluster cannot be renamed without making its pods anew",
    };
  }
  if (!(name in clusters)) return;
  yield {
    propertyPath: at(name),
    got: name,
    reason: "this is the name of the cluster itself",
    fix: "give each cluster of the mesh a name of its own, and leave this one out",
  };
}

function* meshIdTwice({ clusterMesh }: CiliumSpec): Iterable<Finding> {
  if (!clusterMesh) return;
  const owners = new Map([[clusterMesh.id, "this cluster"]]);
  for (const [name, { id: got }] of Object.entries(clusterMesh.clusters)) {
    const owner = owners.get(got);
    if (owner === undefined) {
      owners.set(got, name);
      continue;
    }
    yield {
      propertyPath: at(name, "id"),
      got,
      reason: `${owner} has the same id, and pods of both would be taken for one another`,
      fix: "give each cluster of the mesh an id of its own",
    };
  }
}

function* meshPeerAddress({ clusterMesh }: CiliumSpec): Iterable<Finding> {
  for (const [name, { ips, address }] of Object.entries(clusterMesh?.clusters ?? {})) {
    const isOne = (ips !== undefined && ips.length > 0) !== (address !== undefined);
    const wrong = (ips ?? []).find((ip) => !parseAddress(ip));
    if (isOne && wrong === undefined) continue;
    yield {
      propertyPath: at(name, ips === undefined ? "address" : "ips"),
      got: wrong ?? ips ?? address,
      reason:
        wrong === undefined ? "a cluster is reached at addresses or at a name" : "it is no address",
      fix: "write ips: [10.6.0.11], or address alone",
    };
  }
}

function* meshPeerSubnets({ clusterMesh }: CiliumSpec): Iterable<Finding> {
  const seen: { name: string; text: string }[] = [];
  for (const [name, { podSubnets }] of Object.entries(clusterMesh?.clusters ?? {})) {
    for (const [index, got] of podSubnets.entries()) {
      const range = parseCidr(got);
      const other = seen.find(({ text }) => range && overlap(range, parseCidr(text)!));
      if (range && !other) continue;
      yield {
        propertyPath: at(name, "podSubnets", index),
        got,
        reason: other
          ? `it shares addresses with the pods of ${other.name} (${other.text})`
          : "it is no network in CIDR notation",
        fix: other
          ? "give the clusters of a mesh pod networks that have no address in common"
          : "write the podSubnets of that cluster",
      };
    }
    seen.push(...podSubnets.filter(parseCidr).map((text) => ({ name, text })));
  }
}

// The pods of other clusters would see the address of the node instead of the pod's.
function* meshNativeRouting({ clusterMesh, routing, values }: CiliumSpec): Iterable<Finding> {
  if (!clusterMesh || (values["routingMode"] ?? routing?.mode) !== "native") return;
  const got = values["ipv4NativeRoutingCIDR"] ?? routing?.ipv4NativeRoutingCIDR;
  const native = parseCidr(String(got));
  const outside = Object.values(clusterMesh.clusters)
    .flatMap(({ podSubnets }) => podSubnets)
    .map(parseCidr)
    .find((pods) => pods?.family === "IPv4" && !(native && contains(native, pods)));
  if (!outside) return;
  yield {
    propertyPath: "cilium.routing.ipv4NativeRoutingCIDR",
    ...(got !== undefined && { got }),
    reason: `pods of another cluster (${outside.text}) lie outside, so that what goes to them is masqueraded`,
    fix: "write a network that holds the pods of all clusters of the mesh",
  };
}

/** Pods of other clusters that share addresses with those of this one. Pure. */
export function* meshSubnets({
  cilium,
  podSubnets,
}: Pick<ClusterSpec, "cilium" | "podSubnets">): Iterable<Finding> {
  for (const [name, peer] of Object.entries(cilium.clusterMesh?.clusters ?? {})) {
    for (const [index, got] of peer.podSubnets.entries()) {
      const range = parseCidr(got);
      const own = podSubnets.find((text) => {
        const pods = parseCidr(text);
        return range && pods && overlap(range, pods);
      });
      if (own === undefined) continue;
      yield {
        propertyPath: at(name, "podSubnets", index),
        got,
        reason: `it shares addresses with the pods of this cluster (podSubnets, ${own})`,
        fix: "give the clusters of a mesh pod networks that have no address in common",
      };
    }
  }
}

function at(...path: readonly (string | number)[]): string {
  return propertyPath(["cilium", "clusterMesh", "clusters", ...path]);
}
