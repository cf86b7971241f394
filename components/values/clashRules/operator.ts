import { minorNumber } from "../minorNumber";
import { policyEnforcementMode } from "../policyEnforcementMode";
import { type ClashRule, get, given, on } from "./clashRule";

/** The operator, without which there are no CRDs, and how a change of values comes to the pods. */
export const operatorRules: readonly ClashRule[] = [
  {
    id: "operator-off",
    path: "operator.enabled",
    breaks: (values) =>
      get(values, "operator.enabled") === false || get(values, "operator.replicas") === 0,
    reason: "without an operator no CRDs are made, and agents wait for them",
    fix: "leave operator.enabled at true and operator.replicas at 1 or more",
  },
  {
    id: "operator-replicas-pending",
    warns: true,
    path: "operator.replicas",
    input: "operatorReplicas",
    breaks: (values, { nodes }) =>
      nodes !== undefined && Number(get(values, "operator.replicas") ?? 0) > Math.max(1, nodes),
    reason: "no two replicas run on one node and there are fewer nodes, so some stay pending",
    fix: "remove it, or write at most one for each node",
  },
  {
    id: "operator-without-crds",
    warns: true,
    path: "operator.skipCRDCreation",
    breaks: (values) => on(values, "operator.skipCRDCreation"),
    reason: "agents wait for CRDs that the operator then does not make",
    fix: "remove it, unless you apply the CRDs of this very version before the release",
  },
  {
    id: "agent-off",
    path: "agent",
    breaks: (values) => get(values, "agent") === false || on(values, "preflight.enabled"),
    reason: "a release without agents brings no pod network; a preflight is a release of its own",
    fix: "remove agent and preflight.enabled",
  },
  {
    id: "upgrade-compatibility-ahead",
    silenceable: true,
    path: "upgradeCompatibility",
    breaks: (values, { minor }) =>
      given(values, "upgradeCompatibility") &&
      minorNumber(String(get(values, "upgradeCompatibility"))) > minor,
    reason:
      "it is the minor that the cluster was first installed with, and none is ahead of the chart",
    fix: 'set that minor, "1.18" for example, or remove it',
  },
  {
    id: "policy-always",
    warns: true,
    path: "policyEnforcementMode",
    breaks: (values) => policyEnforcementMode(values) === "always",
    reason:
      "with always every pod that no policy selects is cut off, CoreDNS among them, also in the first minutes of the cluster",
    fix: "set it to default and deny by a policy, or have policies ready for each pod",
  },
  {
    id: "pool-unset",
    warns: true,
    path: "ipam.operator.clusterPoolIPv4PodCIDRList",
    breaks: (values) =>
      (get(values, "ipam.mode") ?? "cluster-pool") === "cluster-pool" &&
      on(values, "ipv4.enabled", true) &&
      get(values, "ipam.operator.clusterPoolIPv4PodCIDRList") === undefined,
    reason:
      "pods get addresses of 10.0.0.0/8, the chart's own pool, which overlaps many networks of machines and is not podSubnets",
    fix: "set the list to podSubnets, or ipam.mode to kubernetes, which takes them by itself",
  },
  {
    id: "chaining-exclusive",
    warns: true,
    path: "cni.exclusive",
    breaks: (values) =>
      given(values, "cni.chainingMode") &&
      get(values, "cni.chainingMode") !== "none" &&
      on(values, "cni.exclusive", true),
    reason:
      "Cilium moves the files of other CNIs away, the one that it shall be chained to among them",
    fix: "set it to false",
  },
];
