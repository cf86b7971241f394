import { computeStatus } from "./objectStatus";
import { isRecord, metadataText, pluck } from "./plain";
import { conditionOf, isOwnedBy, podErrors } from "./podErrors";
import { CORE, type Check, type Progress } from "./readiness";

const number = (value: unknown): number => Number(value ?? 0);

/** A DaemonSet is ready when all its scheduled pods are: at once, where no node takes it. */
export const daemonSetReadiness: Check = (object) => {
  const { current, message } = computeStatus(object);
  const messages: Progress["messages"] = [{ severity: "info", text: message }];
  return Promise.resolve({ ready: current, object, messages, errors: [] });
};

/** A StatefulSet is ready when its replicas are, all of the newest revision. */
export const statefulSetReadiness: Check = async (object, surroundings) => {
  const of = (...path: string[]): unknown => pluck(object, ...path);
  const generation = number(of("metadata", "generation"));
  const wanted = number(of("spec", "replicas"));
  const ready = number(of("status", "readyReplicas"));
  const updated = number(of("status", "updatedReplicas"));
  const from = String(of("status", "currentRevision") ?? "");
  const to = String(of("status", "updateRevision") ?? "");
  const seen = number(of("status", "observedGeneration")) >= generation;
  const onDelete = generation > 1 && of("spec", "updateStrategy", "type") === "OnDelete";
  const revisionReady = seen && (onDelete || (from !== "" && from === to));
  const replicasReady =
    seen &&
    wanted === number(of("status", "replicas")) &&
    wanted === ready &&
    (onDelete || wanted === number(of("status", "currentReplicas")));
  if (replicasReady && revisionReady) {
    const text = "StatefulSet initialization complete";
    return { ready: true, object, messages: [{ severity: "info", text }], errors: [] };
  }
  const count = `${revisionReady ? ready : Math.min(ready, updated)}`;
  const text =
    generation <= 1
      ? `[1/2] Waiting for StatefulSet to create Pods (${count}/${wanted} Pods ready)`
      : replicasReady
        ? "[2/3] Waiting for StatefulSet to update .status.currentRevision"
        : `[1/3] Waiting for StatefulSet update to roll out (${count}/${wanted} Pods ready)`;
  const pods = await (await surroundings.objects({ ...CORE, kind: "Pod" })).list();
  return {
    ready: false,
    object,
    messages: [{ severity: "info", text }],
    errors: [
      ...(replicasReady ? [] : [`${count} out of ${wanted} replicas succeeded readiness checks`]),
      ...(revisionReady
        ? []
        : [`StatefulSet controller failed to advance from revision "${from}" to revision "${to}"`]),
      ...pods.filter((pod) => isOwnedBy(pod, object)).flatMap(podErrors),
    ],
  };
};

/** A Pod is ready when its Ready condition holds or it ran to its end. */
export const podReadiness: Check = (object) => {
  const ready =
    conditionOf(object, "Ready")?.status === "True" ||
    pluck(object, "status", "phase") === "Succeeded";
  const errors = podErrors(object);
  const messages: Progress["messages"] = errors.map((text) => ({ severity: "warning", text }));
  if (!ready && errors.length === 0) {
    const text = `Waiting for Pod "${metadataText(object, "name")}" to be ready`;
    messages.push({ severity: "info", text });
  }
  return Promise.resolve({ ready, object, messages, errors });
};

/** A Job is ready when it is complete, and never once it failed. */
export const jobReadiness: Check = async (object, surroundings) => {
  const failure = conditionOf(object, "Failed");
  const failed =
    failure?.status === "True" &&
    ["BackoffLimitExceeded", "DeadlineExceeded"].includes(String(failure.reason));
  const ready = conditionOf(object, "Complete")?.status === "True";
  if (ready) return { ready, object, messages: [], errors: [] };
  const errors = failed ? [`[${String(failure.reason)}] ${String(failure.message)}`] : [];
  const pods = await (await surroundings.objects({ ...CORE, kind: "Pod" })).list();
  errors.push(...pods.filter((pod) => isOwnedBy(pod, object)).flatMap(podErrors));
  const text = `Waiting for Job "${metadataText(object, "name")}" to succeed`;
  return { ready, object, messages: [{ severity: "info", text }], errors, failed };
};

/** A Service is ready when it has an address and, where it selects pods, none of them is still starting. */
export const serviceReadiness: Check = async (object, surroundings) => {
  const type = pluck(object, "spec", "type");
  const ingress = pluck(object, "status", "loadBalancer", "ingress");
  const addressed = type !== "LoadBalancer" || (Array.isArray(ingress) && ingress.length > 0);
  const selector = pluck(object, "spec", "selector");
  const headless = pluck(object, "spec", "clusterIP") === "None" || type === "ExternalName";
  const selects = !headless && isRecord(selector) && Object.keys(selector).length > 0;
  if (!selects) return { ready: addressed, object, messages: [], errors: [] };
  const endpoints = await (
    await surroundings.objects({ ...CORE, kind: "Endpoints" })
  ).list(`?fieldSelector=metadata.name%3D${metadataText(object, "name")}`);
  const subsets = endpoints.flatMap(({ subsets: list }) => (Array.isArray(list) ? list : []));
  const has = (field: string): boolean =>
    subsets.some((subset) => {
      const addresses = pluck(subset, field);
      return Array.isArray(addresses) && addresses.length > 0;
    });
  // Endpoints come and go while pods start, so they are given time to settle.
  const settled = surroundings.elapsed === undefined || surroundings.elapsed > SETTLE_TIME;
  const ready = addressed && settled && endpoints.length > 0 && !has("notReadyAddresses");
  const errors: string[] = [];
  if (!has("addresses")) {
    errors.push(
      "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods",
    );
  }
  if (!addressed) {
    errors.push("Service was not allocated an IP address; does your cloud provider support this?");
  }
  const text = ready
    ? "Service initialization complete"
    : settled && has("addresses")
      ? "[2/3] Attempting to allocate IP address to Service"
      : "[1/3] Finding Pods to direct traffic to";
  return { ready, object, messages: [{ severity: "info", text }], errors };
};

const SETTLE_TIME = 10_000;
