import type { CiliumSpec, NodeSpec } from "../spec";
import { parseAddress, parseCidr, contains } from "../spec/cidr";
import type { MigrationStage } from "../spec/cilium/migration";

/** What a migration is to bring about. */
export interface MigrationTarget {
  readonly stage: MigrationStage;
  /** Networks of Cilium's pods. */
  readonly podSubnets: readonly string[];
  /** Hostnames in the order in which they move; those that the next update leaves where they are, too. */
  readonly order: readonly string[];
  /** Those of them that move at stage nodes. */
  readonly moving: readonly string[];
  /** Whether kube-proxy goes in the end. */
  readonly replacesKubeProxy: boolean;
}

/**
 * @param cilium as the spec has it, not as its stage does
 * @param order hostnames in the order in which they move where the spec names none
 */
export function migrationTarget(
  { migration, kubeProxyReplacement }: CiliumSpec,
  order: readonly string[],
): MigrationTarget {
  const { stage = "done", podSubnets = [], nodes } = migration ?? {};
  const moving = nodes ?? order;
  const rest = order.filter((hostname) => !moving.includes(hostname));
  return {
    ...{ stage, podSubnets, moving },
    order: [...moving, ...rest],
    replacesKubeProxy: kubeProxyReplacement,
  };
}

/** Hostnames, those first whose loss of a moment costs least: workers, then control planes. Pure. */
export function movingOrder(nodes: readonly NodeSpec[]): string[] {
  const ofType = (type: NodeSpec["machineType"]) =>
    nodes.filter(({ machineType }) => machineType === type).map(({ hostname }) => hostname);
  return [...ofType("worker"), ...ofType("controlplane")];
}

/** Whether an address is one of these networks. Pure. */
export function isWithin(ip: string, networks: readonly string[]): boolean {
  const address = parseAddress(ip);
  return networks.some((text) => {
    const network = parseCidr(text);
    return address !== undefined && network !== undefined && contains(network, address);
  });
}
