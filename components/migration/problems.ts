import type { Problem } from "../problems";
import { overlap, parseCidr } from "../spec/cidr";
import { type ChartValues, valueAt } from "../values";
import type { MigrationFacts, NodeFacts } from "./facts";
import { foreign, isMoved, isMoving, named } from "./move";
import { isWithin, type MigrationTarget } from "./target";

/** Port of Cilium's VXLAN. */
const CILIUM_PORT = 8472;

/** What of a cluster stands against its migration. Pure. */
export function migrationProblems(facts: MigrationFacts, target: MigrationTarget): Problem[] {
  const { flannel, cilium } = facts;
  // A cluster that was never on Flannel, or is done with it: there is nothing to be moved.
  const isNew = !flannel && !cilium;
  if (isNew && target.stage !== "beside" && target.stage !== "nodes") return [];
  if (!flannel && cilium && target.stage === "done") return [...foreignCilium(facts, target)];
  if (!flannel) return [isNew ? noFlannel() : wayBack(target, "Flannel is gone", "done")];
  const moved = facts.nodes.filter((node) => isMoved(node, target.podSubnets));
  if (moved.length > 0 && (target.stage === "planned" || target.stage === "beside")) {
    return [wayBack(target, `${hostnames(moved)} moved to Cilium`, "nodes")];
  }
  return [
    ...flannelNetwork(facts, target),
    ...foreignCilium(facts, target),
    ...strangers(facts, target),
    ...tooEarly(facts, target),
  ];
}

function noFlannel(): Problem {
  return {
    id: "migration-no-flannel",
    propertyPath: "cilium.migration.from",
    got: "flannel",
    reason: "kube-system has no DaemonSet kube-flannel, which is how Talos brings Flannel",
    fix: "for a new cluster leave cilium.migration out; a CNI of another origin is not moved from here",
  };
}

function wayBack({ stage }: MigrationTarget, why: string, reached: string): Problem {
  return {
    id: "migration-way-back",
    propertyPath: "cilium.migration.stage",
    got: stage,
    reason: `${why}, and no stage leads back: its pods would be left without a network`,
    fix: `write ${reached}`,
  };
}

function* flannelNetwork({ flannel }: MigrationFacts, target: MigrationTarget): Iterable<Problem> {
  const network = parseCidr(flannel!.network);
  const got = target.podSubnets.find((text) => network && overlap(network, parseCidr(text)!));
  if (got !== undefined) {
    yield {
      id: "migration-overlap",
      propertyPath: "cilium.migration.podSubnets",
      got,
      reason: `Flannel gives pods addresses from ${flannel!.network} (ConfigMap kube-flannel-cfg), and on the way both networks are in use`,
      fix: "write a network that is free, and as podSubnets what the cluster has",
    };
  }
  if (flannel!.port === CILIUM_PORT) {
    yield {
      id: "migration-port",
      propertyPath: "cilium.migration.from",
      got: { port: CILIUM_PORT },
      reason:
        "Flannel's VXLAN listens on the port that Cilium's does; Talos' own Flannel takes 4789",
      fix: "give Flannel another port first (net-conf.json in the ConfigMap kube-flannel-cfg)",
    };
  }
}

function* foreignCilium({ cilium }: MigrationFacts, target: MigrationTarget): Iterable<Problem> {
  const { ipam, podSubnets } = cilium ?? {};
  if (!cilium || (ipam === "cluster-pool" && podSubnets!.join() === target.podSubnets.join()))
    return;
  yield {
    id: "migration-foreign-cilium",
    propertyPath: "cilium.migration.podSubnets",
    got: target.podSubnets,
    reason: `a Cilium is there that this migration has not made: its addresses come from ${ipam === "cluster-pool" ? podSubnets!.join(", ") : `ipam ${ipam}`} (ConfigMap cilium-config)`,
    fix: "write the network that it has; if it is somebody's trial beside Flannel, let them remove it",
  };
}

/** Nodes whose pods have addresses that their state does not explain. */
function* strangers(
  { flannel, nodes }: MigrationFacts,
  target: MigrationTarget,
): Iterable<Problem> {
  const at = { id: "migration-mixed", propertyPath: "cilium.migration.from", got: "flannel" };
  const known = [flannel!.network, ...target.podSubnets];
  for (const node of nodes) {
    const other = foreign(node.pods, known);
    if (other.length > 0) {
      yield {
        ...at,
        reason: `${node.hostname}: the addresses of ${named(other)} come neither from Flannel nor from Cilium, so that another CNI's configuration lies on this node`,
        fix: "let one CNI serve the node, restart these pods, then run it again",
      };
    }
    const early = node.pods.filter(({ ip }) => ip !== undefined && isWithin(ip, target.podSubnets));
    const isOurs = isMoved(node, target.podSubnets) || isMoving(node, target.podSubnets);
    if (early.length === 0 || isOurs) continue;
    yield {
      ...at,
      reason: `${node.hostname}: the addresses of ${named(early)} come from Cilium, and nobody has moved this node: Cilium's CNI configuration lies there`,
      fix: `take the node out, let Talos wipe it (talosctl reset --system-labels-to-wipe EPHEMERAL --reboot), then run it again`,
    };
  }
}

/** The last stage while nodes are on Flannel: agents would take them over with their pods on them. */
function* tooEarly({ cilium, nodes }: MigrationFacts, target: MigrationTarget): Iterable<Problem> {
  if (target.stage !== "done" || cilium?.isCNI) return;
  const left = nodes.filter((node) => !isMoved(node, target.podSubnets));
  if (left.length === 0) return;
  yield {
    id: "migration-too-early",
    propertyPath: "cilium.migration.stage",
    got: "done",
    reason: `${hostnames(left)} ${left.length === 1 ? "is" : "are"} still on Flannel, and agents would take over nodes with pods on them`,
    fix: cilium ? "write nodes, and leave cilium.migration.nodes out" : "write beside, then nodes",
  };
}

function hostnames(nodes: readonly NodeFacts[]): string {
  return nodes.map(({ hostname }) => hostname).join(", ");
}

/**
 * A migration that leaves the spec, or changes its networks, while pods have addresses of them. Pure.
 *
 * @param before what the readiness gate vouched for the last time, @param after what it shall now
 */
export function forgottenMigration(
  before: unknown,
  after: unknown,
  values: ChartValues,
): Problem[] {
  const [was, is] = [before, after].map(
    (input) => (input as { podSubnets?: readonly string[] } | undefined)?.podSubnets,
  );
  const pool = valueAt(values, ["ipam", "operator", "clusterPoolIPv4PodCIDRList"]);
  if (!was || was.join() === (is ?? (pool as typeof was | undefined))?.join()) return [];
  return [
    {
      id: "migration-forgotten",
      propertyPath: "cilium.migration.podSubnets",
      got: is,
      reason: `Cilium gives pods addresses from ${was.join(", ")}, and takes no others while they run`,
      fix: "leave cilium.migration as it was, also when it is done",
    },
  ];
}
