import type { Found } from "../silencing";
import { type ChartValues, valueAt } from "../values/chartValues";

/** What identities of a cluster's pods are made of. */
export interface MeshMember {
  readonly name: string;
  readonly id: number;
  readonly maxConnectedClusters: number;
}

/** What the readiness gate notes of it. */
export interface NotedMember {
  /** Id of the Kubernetes cluster: another one was made anew, and has no pods of before. */
  readonly cluster?: unknown;
  /** Absent where values say nothing of it. */
  readonly meshMember?: MeshMember;
}

/** The chart's own. */
const ALONE: MeshMember = { name: "default", id: 0, maxConnectedClusters: 255 };

const PATHS = {
  name: "cluster.name",
  id: "cluster.id",
  maxConnectedClusters: "clustermesh.maxConnectedClusters",
} as const;

/** What a cluster is in its mesh; undefined where values say nothing of it. Pure. */
export function meshMember(values: ChartValues): MeshMember | undefined {
  const said = (key: keyof MeshMember) => valueAt(values, PATHS[key].split(".")) ?? ALONE[key];
  const member = {
    name: String(said("name")),
    id: Number(said("id")),
    maxConnectedClusters: Number(said("maxConnectedClusters")),
  };
  return changes(ALONE, member).length > 0 ? member : undefined;
}

/**
 * What another name or id does to pods that run. Pure.
 *
 * @param users the user's own values, by which a finding stands at their key or at ours
 */
export function meshChangeFindings(
  { meshMember: from = ALONE, ...before }: NotedMember,
  { meshMember: to = ALONE, ...after }: NotedMember,
  users: ChartValues = {},
): Found[] {
  if (before.cluster !== after.cluster) return [];
  return changes(from, to).map((key) => {
    // Into a mesh and out of it is a documented way; what ids have room for is not.
    const warns = key !== "maxConnectedClusters" && (from.id === 0 || to.id === 0);
    const isTheirs =
      key === "maxConnectedClusters" || valueAt(users, PATHS[key].split(".")) !== undefined;
    const restart = "restart all workloads behind the update (docs/day-two.md)";
    return {
      id: warns ? "mesh-joined" : "mesh-member-changed",
      ...(warns && { warns }),
      propertyPath: `cilium.${isTheirs ? `values.${PATHS[key]}` : `clusterMesh.${key}`}`,
      got: to[key],
      reason: `it was ${from[key]}, and identities are made of it: pods that run keep those of before, by which policies and other clusters take them for somebody else`,
      fix: warns
        ? restart
        : `set it back to ${from[key]}, or silence this for one update and ${restart}`,
    };
  });
}

function changes(from: MeshMember, to: MeshMember): (keyof MeshMember)[] {
  return (Object.keys(PATHS) as (keyof MeshMember)[]).filter((key) => from[key] !== to[key]);
}
