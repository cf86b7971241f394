import type { CiliumSpec } from "../../spec";
import type { HostPolicy } from "../../spec/cilium/hostFirewall";
import { machinePorts } from "../../spec/talosPorts";
import type { CiliumObject, Manifest } from "./ciliumObject";

/** Name of the policy that keeps machines reachable. */
export const TALOS_PORTS = "talos-ports";

/** Errors and discovery of neighbours; without them IPv6 finds nobody, and large packets get lost. */
const ICMP_TYPES = { IPv4: [3, 8, 11], IPv6: [1, 2, 3, 4, 128, 133, 134, 135, 136] } as const;

/** What nodes ask of the world: DNS, NTP, registries of images. */
const WORLD_PORTS = ["53", "123", "443"];

/** The policy that keeps Talos' own ports open, and the policies of the spec. Pure. */
export function hostFirewallObjects({ hostFirewall }: CiliumSpec): CiliumObject[] {
  if (!hostFirewall) return [];
  const { policies, apiServerPort } = hostFirewall;
  // Without any rule of this direction nothing of it is denied, so none has to be allowed.
  const limitsEgress = Object.values(policies).some(({ egress }) => egress !== undefined);
  return [
    { when: "afterReady", manifest: talosPorts(apiServerPort, limitsEgress) },
    ...Object.entries(policies).map(([name, policy]): CiliumObject => ({
      when: "afterReady",
      manifest: manifestOf(name, policy),
      // The first policy of a node denies the rest: without the ports no second one would get there.
      behind: TALOS_PORTS,
    })),
  ];
}

function manifestOf(name: string, policy: object): Manifest {
  return {
    apiVersion: "cilium.io/v2",
    kind: "CiliumClusterwideNetworkPolicy",
    metadata: { name },
    spec: { nodeSelector: {}, ...policy },
  };
}

/**
 * Nodes trust one another. Talos' ports are open to all, because a machine that joins is not yet
 * known as a node, and each asks for a certificate or a key of its own.
 */
function talosPorts(apiServerPort: number, limitsEgress: boolean): Manifest {
  const ports = machinePorts(apiServerPort).map(({ first, last, protocol }) => ({
    port: String(first),
    ...(last > first && { endPort: last }),
    protocol,
  }));
  const icmps = Object.entries(ICMP_TYPES).map(([family, types]) => ({
    fields: types.map((type) => ({ family, type })),
  }));
  const nodes = ["host", "remote-node", "health", "kube-apiserver"];
  return manifestOf(TALOS_PORTS, {
    description: "What machines have to be reached at, whatever else is denied",
    ingress: [
      { fromEntities: nodes },
      { fromEntities: ["all"], toPorts: [{ ports }] },
      ...icmps.map((icmp) => ({ fromEntities: ["all"], icmps: [icmp] })),
    ],
    ...(limitsEgress && {
      egress: [
        { toEntities: [...nodes, "cluster"] },
        { toEntities: ["all"], toPorts: [{ ports }] },
        {
          toEntities: ["world"],
          toPorts: [{ ports: WORLD_PORTS.map((port) => ({ port, protocol: "ANY" })) }],
        },
        ...icmps.map((icmp) => ({ toEntities: ["all"], icmps: [icmp] })),
      ],
    }),
  } satisfies Partial<Record<keyof HostPolicy, unknown>>);
}
