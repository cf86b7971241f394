import type { Problem } from "../../problems";
import type { ChartValues } from "../chartValues";
import { valueAt } from "../chartValues";
import { apiServerRules } from "./apiServer";
import { brokenRules } from "../valueRule";
import type { ClashContext, ClashRule } from "./clashRule";
import { clusterMeshRules } from "./clusterMesh";
import { deprecatedKeyRules, impliedKeyRules } from "./deprecatedKeys";
import { egressGatewayRules } from "./egressGateway";
import { gatewayRules } from "./gateway";
import { hostFirewallRules } from "./hostFirewall";
import { hubbleRules } from "./hubble";
import { loadBalancerRules } from "./loadBalancers";
import { monitoringRules } from "./monitoring";
import { operatorRules } from "./operator";
import { talosRules } from "./talos";

export type { ClashContext, ClashRule } from "./clashRule";

/** Every clash and need that values alone show, whoever gave them: our own keys or the user's. */
export const clashRules: readonly ClashRule[] = [
  ...apiServerRules,
  ...gatewayRules,
  ...loadBalancerRules,
  ...hostFirewallRules,
  ...egressGatewayRules,
  ...clusterMeshRules,
  ...hubbleRules,
  ...monitoringRules,
  ...operatorRules,
  ...talosRules,
  ...deprecatedKeyRules,
  ...impliedKeyRules,
];

/**
 * What of the values renders and does not work, or does nothing.
 *
 * @param values as the chart gets them
 * @param users the user's own of them, by which a problem stands at their key or at ours
 */
export function checkClashes(
  values: ChartValues,
  users: ChartValues,
  context: ClashContext,
): { readonly problems: Problem[]; readonly warnings: Problem[] } {
  const isTheirs = (key: string) => valueAt(users, [key]) !== undefined;
  const rules = clashRules.filter(
    ({ path, typed, onTalos }) =>
      (!typed || isTheirs(path.split(".")[0]!)) &&
      !(onTalos && (context.platform ?? "talos") !== "talos"),
  );
  return brokenRules(rules, values, users, context);
}
