import type { ChartValues } from "./chartValues";

/**
 * How many operators run, and that a changed configuration restarts every pod that reads it: agents
 * and operator read theirs once, when they start.
 */
export function operatorValues(input: { readonly operatorReplicas: number }): ChartValues {
  return {
    rollOutCiliumPods: true,
    operator: { replicas: input.operatorReplicas, rollOutPods: true },
    envoy: { rollOutPods: true },
  };
}
