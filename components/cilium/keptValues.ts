import type { Found } from "../silencing";
import type { NotedCilium } from "./job/jobChange";

/** What is applied without Helm, which then has no record of it. */
const WITHOUT_HELM: readonly unknown[] = ["manifests", "inline", "hosted"];

/**
 * Helm takes away only what its own record has: what another method brought it applies over. Pure.
 *
 * @param from what the readiness gate vouched for the last time, @param to what it shall now
 */
export function keptValueFindings(from: NotedCilium, to: NotedCilium): Found[] {
  const method = to.installMethod ?? "release";
  const isByHelm = method === "release" || method === "cli";
  const isTakenOver = isByHelm && WITHOUT_HELM.includes(from.installMethod);
  if (!isTakenOver || from.managedBy || to.managedBy || from.values === to.values) return [];
  return [
    {
      id: "values-kept",
      warns: true,
      propertyPath: "cilium.installMethod",
      got: method,
      reason: `other values come together with it, and Helm does not take away what ${from.installMethod} brought: a value that leaves now may stay in force`,
      fix: `change the method alone, and values in the update after it`,
    },
  ];
}
