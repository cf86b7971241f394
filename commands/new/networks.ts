import type { ClusterSpecInput } from "../../components/spec";
import type { Machine } from "./answers";

type Networks = Pick<ClusterSpecInput, "podSubnets" | "serviceSubnets">;

/** Values of Cilium on machines without IPv4, whose tunnels go over IPv6. */
export const IPV6_VALUES = {
  ipv4: { enabled: false },
  ipv6: { enabled: true },
  underlayProtocol: "ipv6",
};

/** Whether machines have IPv6 addresses only. Pure. */
export function areIPv6(machines: readonly Machine[]): boolean {
  return machines.length > 0 && machines.every(({ ipAddress }) => ipAddress.includes(":"));
}

/** For how many machines the default network of pods has a part. */
const NODES_OF_DEFAULT = 256;

/**
 * Networks of pods and services where the defaults do not fit the machines: those are IPv4, and a
 * machine needs an address of each family; and each machine takes a /24 of them, or a /64. Pure.
 */
export function networksOf(machines: readonly Machine[]): Networks {
  const bits = Math.ceil(Math.log2(Math.max(NODES_OF_DEFAULT, machines.length)));
  if (areIPv6(machines)) {
    return { podSubnets: [`fd00:10:244::/${64 - bits}`], serviceSubnets: ["fd00:10:96::/112"] };
  }
  if (machines.length <= NODES_OF_DEFAULT) return {};
  // The network of this size that the default one, 10.244.0.0/16, is in.
  const second = 244 - (244 % 2 ** (bits - 8));
  return { podSubnets: [`10.${second}.0.0/${24 - bits}`] };
}
