import { annotationOf, pluck } from "./plain";
import { conditionOf, isOwnedBy, podErrors } from "./podErrors";
import { APPS, CORE, type Check, type Progress } from "./readiness";
import type { KubernetesObject } from "./objects";

const REVISION = "deployment.kubernetes.io/revision";

/**
 * A Deployment is ready when it is Available, its newest ReplicaSet has all pods ready and, after the first rollout,
 * the rollout is complete.
 */
export const deploymentReadiness: Check = async (deployment, surroundings) => {
  const revision = annotationOf(deployment, REVISION);
  const messages: Progress["messages"] = [];
  const conditionErrors: string[] = [];
  const blocked = (type: string): boolean => {
    const condition = conditionOf(deployment, type);
    if (!condition || condition.status === "True") return false;
    if (condition.reason && condition.message) {
      const text = `[${String(condition.reason)}] ${String(condition.message)}`;
      messages.push({ severity: "warning", text });
      conditionErrors.push(text);
    }
    return true;
  };
  const observed = pluck(deployment, "status", "observedGeneration");
  const seen = observed === pluck(deployment, "metadata", "generation");
  const rolledOut =
    !blocked("Progressing") &&
    conditionOf(deployment, "Progressing")?.reason === "NewReplicaSetAvailable";
  const available =
    !blocked("Available") && conditionOf(deployment, "Available")?.status === "True";
  const replicaSets = await (await surroundings.objects({ ...APPS, kind: "ReplicaSet" })).list();
  const current = replicaSets.find(
    (set) => isOwnedBy(set, deployment) && annotationOf(set, REVISION) === revision,
  );
  const scaled = scale(current);
  const updated = current !== undefined && scaled.ready >= scaled.wanted;
  if (current && !updated) {
    const text = `Waiting for app ReplicaSet to be available (${scaled.ready}/${scaled.wanted} Pods available)`;
    messages.push({ severity: "info", text });
  }
  const ready = seen && available && updated && (revision === "1" || rolledOut);
  if (ready) return done(deployment);
  const pods = current
    ? (await (await surroundings.objects({ ...CORE, kind: "Pod" })).list()).filter((pod) =>
        isOwnedBy(pod, current),
      )
    : [];
  return {
    ready,
    object: deployment,
    messages,
    errors: [
      ...conditionErrors,
      ...shortfall(revision === "1", available, rolledOut, updated),
      ...pods.flatMap(podErrors),
    ],
  };
};

function done(deployment: KubernetesObject): Progress {
  const text = "Deployment initialization complete";
  return { ready: true, object: deployment, messages: [{ severity: "info", text }], errors: [] };
}

function scale(replicaSet: KubernetesObject | undefined): { ready: number; wanted: number } {
  return {
    ready: Number(pluck(replicaSet, "status", "readyReplicas") ?? 0),
    wanted: Number(pluck(replicaSet, "spec", "replicas") ?? 1),
  };
}

function shortfall(
  first: boolean,
  available: boolean,
  rolledOut: boolean,
  updated: boolean,
): string[] {
  if (!available) return ["Minimum number of live Pods was not attained"];
  if (first ? !updated : !rolledOut) {
    return ["Minimum number of Pods to consider the application live was not attained"];
  }
  if (!updated) {
    return [
      "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live",
    ];
  }
  return [];
}
