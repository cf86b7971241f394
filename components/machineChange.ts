import type * as pulumi from "@pulumi/pulumi";
import { Stash } from "@pulumi/pulumi/stash";

import { hashOf } from "./hash";
import type { Found } from "./silencing";
import type { ClusterSpec, MachineType } from "./spec";
import { hooks } from "./step";
import { judgeWay } from "./upgradePath";

/** What a cluster is made with, and machines and pods that run do not follow. */
export interface NotedMachines {
  readonly network: Pick<ClusterSpec, "podSubnets" | "serviceSubnets" | "dnsDomain">;
  /** By hostname. */
  readonly machines: Readonly<Record<string, NotedMachine>>;
}

export interface NotedMachine {
  readonly ipAddress: string;
  readonly machineType: MachineType;
  /** Of a worker, which has them from its first registration on; absent without any. */
  readonly taints?: Readonly<Record<string, string>>;
}

/** What of a spec is noted. Pure. */
export function notedMachines(spec: ClusterSpec): NotedMachines {
  const { podSubnets, serviceSubnets, dnsDomain } = spec;
  const machines = spec.nodes.map(({ hostname, ipAddress, machineType, taints }) => {
    const isTainted = machineType === "worker" && Object.keys(taints).length > 0;
    return [hostname, { ipAddress, machineType, ...(isTainted && { taints }) }] as const;
  });
  return {
    network: { podSubnets, serviceSubnets, dnsDomain },
    machines: Object.fromEntries(machines),
  };
}

/**
 * What is wrong with the way from the machines that a stack has to those it shall have. Pure.
 *
 * @param from absent in states of before
 * @param spec that `to` was noted of: it gives the paths
 */
export function machineChangeFindings(from: NotedMachines | undefined, spec: ClusterSpec): Found[] {
  if (!from) return [];
  const to = notedMachines(spec);
  return [
    ...networkFindings(from.network, to.network),
    ...spec.nodes.flatMap((node, index) =>
      nodeFindings(from.machines, { ...to, hostname: node.hostname, path: `nodes[${index}]` }),
    ),
  ];
}

const NEVER_BEGUN = "silence this for one update where the cluster was never bootstrapped";

function networkFindings(from: NotedMachines["network"], to: NotedMachines["network"]): Found[] {
  const keys = ["podSubnets", "serviceSubnets", "dnsDomain"] as const;
  return keys
    .filter((key) => JSON.stringify(from[key]) !== JSON.stringify(to[key]))
    .map((key) => ({
      id: "cluster-network-changed",
      propertyPath: key,
      got: to[key],
      reason: `it was ${JSON.stringify(from[key])}, and ${FROZEN_IN[key]}`,
      fix: `set it back to ${JSON.stringify(from[key])}, or make a new cluster; ${NEVER_BEGUN}`,
    }));
}

const FROZEN_IN = {
  podSubnets:
    "each node keeps the network that it got, so pods of old and new nodes would not reach each other",
  serviceSubnets:
    "Services keep their addresses, and certificates and DNS are for the API's and the resolver's of before",
  dnsDomain: "pods that run go on asking for names of the one of before",
};

function nodeFindings(
  from: NotedMachines["machines"],
  {
    machines,
    hostname,
    path,
  }: NotedMachines & { readonly hostname: string; readonly path: string },
): Found[] {
  const now = machines[hostname]!;
  const before = from[hostname];
  if (!before) return renamed(from, machines, hostname, path);
  const takeOut = "take it out as docs/day-two.md says, update, and add it";
  if (before.machineType !== now.machineType) {
    return [
      {
        id: "machine-type-changed",
        propertyPath: `${path}.machineType`,
        got: now.machineType,
        reason: `${hostname} is a ${before.machineType}, and a machine that runs does not become another`,
        fix: `set it back to ${before.machineType}, or ${takeOut} as a ${now.machineType}; ${NEVER_BEGUN}`,
      },
    ];
  }
  if (now.machineType !== "worker" || hashOf(before.taints ?? {}) === hashOf(now.taints ?? {}))
    return [];
  return [
    {
      id: "worker-taints-changed",
      warns: true,
      propertyPath: `${path}.taints`,
      got: now.taints ?? {},
      reason: `a worker gets its taints when its node is made, and ${hostname} keeps those of before: ${JSON.stringify(before.taints ?? {})}`,
      fix: `change them by kubectl taint node ${hostname} too`,
    },
  ];
}

function renamed(
  from: NotedMachines["machines"],
  to: NotedMachines["machines"],
  hostname: string,
  path: string,
): Found[] {
  const { ipAddress } = to[hostname]!;
  const old = Object.keys(from).find((name) => from[name]!.ipAddress === ipAddress && !to[name]);
  if (old === undefined) return [];
  return [
    {
      id: "machine-renamed",
      propertyPath: `${path}.hostname`,
      got: hostname,
      reason: `the machine at ${ipAddress} is ${old}: it would join under the new name, and the node ${old} with its pods and volumes would stay behind as lost`,
      fix: `set it back to ${old}, or take ${old} out as docs/day-two.md says, update, and add the machine as ${hostname}; silence this for one update where ${old} never joined`,
    },
  ];
}

/**
 * Notes networks and machines in the state before anything is touched, and judges the way there from
 * those that were noted last: also in a preview.
 */
export function followMachines(
  name: string,
  spec: ClusterSpec,
  opts: pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource },
): Stash {
  return new Stash(
    name,
    { input: notedMachines(spec) },
    {
      ...opts,
      hooks: hooks(name, {
        beforeUpdateOrPreview: async ({ oldInputs }) =>
          judgeWay(
            machineChangeFindings(oldInputs?.["input"] as NotedMachines | undefined, spec),
            opts.parent,
            spec.silencedRules,
          ),
      }),
    },
  );
}
