import type { Problem } from "../../problems";
import type { ChartValues } from "../chartValues";
import { brokenRules } from "../valueRule";
import { cidrRules } from "./cidrs";
import type { DataPathContext, DataPathRule } from "./dataPathRule";
import { egressRules } from "./egress";
import { encryptionRules } from "./encryption";
import { kernelRules } from "./kernels";
import { kubeSpanRules } from "./kubeSpan";
import { loadBalancerRules } from "./loadBalancer";
import { performanceRules } from "./performance";
import { routingRules } from "./routing";

export type { DataPathContext, DataPathRule } from "./dataPathRule";

/** What renders and does not work; the chart looks at none of it. */
export const dataPathRules: readonly DataPathRule[] = [
  ...encryptionRules,
  ...routingRules,
  ...cidrRules,
  ...performanceRules,
  ...loadBalancerRules,
  ...egressRules,
  ...kubeSpanRules,
  ...kernelRules,
];

/**
 * What of the values agents would refuse, drop in silence or lose packets with, and what is only
 * worth a word.
 *
 * @param values as the chart gets them
 * @param users the user's own of them, by which a problem is said to be at their key or at ours
 */
export function checkDataPath(
  values: ChartValues,
  users: ChartValues,
  context: DataPathContext,
): { readonly problems: Problem[]; readonly warnings: Problem[] } {
  return brokenRules(dataPathRules, values, users, context);
}
