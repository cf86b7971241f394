import { isRecord, metadataOf, metadataText, pluck } from "./plain";
import type { KubernetesObject } from "./objects";

/** Whether an object names another as its controller or owner. */
export function isOwnedBy(object: KubernetesObject, owner: KubernetesObject | undefined): boolean {
  const { ownerReferences } = metadataOf(object);
  if (!owner || !Array.isArray(ownerReferences)) return false;
  return ownerReferences.some(
    (reference) =>
      isRecord(reference) &&
      reference.kind === owner.kind &&
      reference.name === metadataText(owner, "name"),
  );
}

/** What keeps a pod from being ready, in one line; empty where nothing is said. */
export function podErrors(pod: KubernetesObject): string[] {
  for (const type of ["PodScheduled", "Initialized", "Ready"]) {
    const condition = conditionOf(pod, type);
    if (!condition) return [];
    if (condition.status === "True" || pluck(pod, "status", "phase") === "Succeeded") continue;
    // A pod that waits for a node is no error: a node may come.
    if (type === "PodScheduled") return [];
    const causes = containerErrors(pod);
    if (causes.length === 0 && !condition.message) return [];
    const message = condition.reason && condition.message ? String(condition.message) : "";
    return [`[Pod ${qualifiedName(pod)}]: ${message}${causes.join("\n")}`];
  }
  return [];
}

/** A condition of an object's status by its type. */
export function conditionOf(
  object: KubernetesObject,
  type: string,
): Record<string, unknown> | undefined {
  const conditions = pluck(object, "status", "conditions");
  return Array.isArray(conditions)
    ? conditions.filter(isRecord).find((condition) => condition.type === type)
    : undefined;
}

function containerErrors(pod: KubernetesObject): string[] {
  const statuses = pluck(pod, "status", "containerStatuses");
  const unready = (Array.isArray(statuses) ? statuses : []).filter(
    (status) => isRecord(status) && status.ready !== true,
  );
  return unready.flatMap((status) => [
    ...waiting(pluck(status, "state", "waiting")),
    ...terminated(status, pluck(status, "state", "terminated")),
    ...lastTerminated(status, pluck(status, "lastState", "terminated")),
  ]);
}

function waiting(state: unknown): string[] {
  if (!isRecord(state) || state.reason === "ContainerCreating") return [];
  return [`[${String(state.reason ?? "")}] ${trimmed(state.message)}`];
}

function terminated(status: unknown, state: unknown): string[] {
  if (!isRecord(state) || !state.reason) return [];
  if (state.message) return [`[${String(state.reason)}] ${trimmed(state.message)}`];
  return [
    `container "${String(pluck(status, "name"))}" completed with exit code ${String(state.exitCode)}`,
  ];
}

function lastTerminated(status: unknown, state: unknown): string[] {
  if (!isRecord(state)) return [];
  const name = String(pluck(status, "name"));
  const what = `${String(state.reason ?? "")}: exit code ${String(state.exitCode)}`;
  return [
    `container "${name}" terminated at ${String(state.finishedAt)} (${what})`,
    ...(state.message ? [String(state.message)] : []),
  ];
}

function trimmed(message: unknown): string {
  return String(message ?? "")
    .replace(/^rpc error: code = Unknown desc = Error response from daemon: /, "")
    .replace(/: manifest unknown$/, "");
}

function qualifiedName(object: KubernetesObject): string {
  const namespace = metadataText(object, "namespace");
  const name = metadataText(object, "name");
  return namespace && namespace !== "default" ? `${namespace}/${name}` : name;
}
