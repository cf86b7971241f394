import type { KubernetesObject } from "./objects";
import { isRecord, pluck } from "./plain";

/** How far an object is, and the sentence that `kstatus` has for it. */
export interface ObjectStatus {
  current: boolean;
  message: string;
}

/** Judges an object by its generation, its deletion and its conditions; a DaemonSet by its pods as well. */
export function computeStatus(object: KubernetesObject): ObjectStatus {
  const at = (...path: string[]): unknown => pluck(object, ...path);
  const kind = String(object.kind);
  if (at("metadata", "deletionTimestamp")) {
    return { current: false, message: "Resource scheduled for deletion" };
  }
  const generation = at("metadata", "generation");
  const observed = at("status", "observedGeneration");
  if (generation !== undefined && observed !== undefined && generation !== observed) {
    return {
      current: false,
      message: `${kind} generation is ${String(generation)}, but latest observed generation is ${String(observed)}`,
    };
  }
  if (kind === "DaemonSet") return daemonSetStatus(at);
  const conditions = at("status", "conditions");
  for (const condition of Array.isArray(conditions) ? conditions.filter(isRecord) : []) {
    const blocking = condition.type === "Ready" && condition.status !== "True";
    const stuck =
      ["Reconciling", "Stalled"].includes(String(condition.type)) && condition.status === "True";
    if (blocking || stuck) return { current: false, message: String(condition.message ?? "") };
  }
  return { current: true, message: "Resource is current" };
}

function daemonSetStatus(at: (...path: string[]) => unknown): ObjectStatus {
  const count = (name: string): number => Number(at("status", name) ?? 0);
  const waiting = (message: string): ObjectStatus => ({ current: false, message });
  if (at("metadata", "generation") === undefined) {
    return waiting("DaemonSet metadata.generation not found");
  }
  if (at("status", "observedGeneration") === undefined) {
    return waiting("DaemonSet status.observedGeneration not found");
  }
  if (at("status", "desiredNumberScheduled") === undefined) {
    return waiting("Missing .status.desiredNumberScheduled");
  }
  const desired = count("desiredNumberScheduled");
  const stages = [
    ["Current", "currentNumberScheduled"],
    ["Updated", "updatedNumberScheduled"],
    ["Available", "numberAvailable"],
    ["Ready", "numberReady"],
  ] as const;
  for (const [name, field] of stages) {
    if (count(field) < desired) return waiting(`${name}: ${count(field)}/${desired}`);
  }
  return { current: true, message: `All replicas scheduled as expected. Replicas: ${desired}` };
}
