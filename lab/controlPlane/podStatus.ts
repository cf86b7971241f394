import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  PodCondition,
  PodStatus,
} from "./pod";

/** How far a pod got, as the kubelet would report it. */
export type PodProgress =
  /** Nothing made yet: volumes, network or image are missing. */
  | { stage: "creating"; reason?: string; message?: string }
  /** Init containers run; `failed` names the one that does not start or ends with an error. */
  | { stage: "initializing"; failed?: ContainerFailure }
  | { stage: "crashing"; failed: ContainerFailure }
  | { stage: "running"; ready: boolean }
  | { stage: "succeeded" };

export interface ContainerFailure {
  container: string;
  waiting: "CrashLoopBackOff" | "RunContainerError" | "ImagePullBackOff";
  message: string;
  /** Of the last try; undefined when the container was never made. */
  exitCode?: number;
  reason?: "Error" | "StartError";
}

export interface PodSituation {
  progress: PodProgress;
  hostIP: string;
  podIP: string | undefined;
  /** RFC 3339. */
  startTime: string;
  now: string;
  /** When the containers started; `now` when omitted. */
  runningSince?: string;
  restartCount: number;
}

/** The whole status of a pod; `previous` keeps transition times that did not change. */
export function podStatus(pod: Pod, situation: PodSituation, previous?: PodStatus): PodStatus {
  const { progress, hostIP, podIP, now } = situation;
  const init = pod.spec.initContainers ?? [];
  const initialized =
    init.length === 0 || ["running", "crashing", "succeeded"].includes(progress.stage);
  const ready = progress.stage === "running" && progress.ready;
  const unready = pod.spec.containers.map(({ name }) => name);
  const notReady =
    progress.stage === "succeeded"
      ? { reason: "PodCompleted" }
      : {
          reason: "ContainersNotReady",
          message: `containers with unready status: [${unready.join(" ")}]`,
        };
  const condition = (
    type: string,
    holds: boolean,
    otherwise: { reason: string; message?: string },
  ): PodCondition => {
    const status = holds ? "True" : "False";
    const before = previous?.conditions?.find((entry) => entry.type === type);
    return {
      type,
      status,
      ...(holds ? {} : otherwise),
      lastProbeTime: null,
      lastTransitionTime: before?.status === status ? before.lastTransitionTime : now,
    };
  };
  const pendingInit = init.map(({ name }) => name).join(" ");
  return {
    phase: {
      creating: "Pending",
      initializing: "Pending",
      crashing: "Running",
      running: "Running",
      succeeded: "Succeeded",
    }[progress.stage] as NonNullable<PodStatus["phase"]>,
    conditions: [
      condition("PodReadyToStartContainers", progress.stage !== "creating", {
        reason: "PodNotReadyToStart",
      }),
      condition("Initialized", initialized, {
        reason: "ContainersNotInitialized",
        message: `containers with incomplete status: [${pendingInit}]`,
      }),
      condition("Ready", ready, notReady),
      condition("ContainersReady", ready, notReady),
      condition("PodScheduled", true, { reason: "Unschedulable" }),
    ],
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    startTime: situation.startTime,
    ...(init.length === 0
      ? {}
      : { initContainerStatuses: init.map((entry) => initStatus(entry, init, situation)) }),
    containerStatuses: pod.spec.containers.map((entry) =>
      mainStatus(entry, situation, init.length > 0),
    ),
  };
}

function initStatus(
  container: Container,
  all: readonly Container[],
  situation: PodSituation,
): ContainerStatus {
  const { progress, startTime, now } = situation;
  const isSidecar = container.restartPolicy === "Always";
  if (progress.stage === "creating") {
    return statusOf(container, waiting(progress, "PodInitializing"), situation);
  }
  if (progress.stage === "initializing") {
    const failedAt = all.findIndex(({ name }) => name === progress.failed?.container);
    const index = all.indexOf(container);
    if (progress.failed !== undefined && index === failedAt) {
      return failedStatus(container, progress.failed, situation);
    }
    if (failedAt === -1 || index > failedAt) {
      return statusOf(container, { waiting: { reason: "PodInitializing" } }, situation);
    }
  }
  return isSidecar
    ? statusOf(container, { running: { startedAt: startTime } }, situation, true)
    : statusOf(
        container,
        {
          terminated: { exitCode: 0, reason: "Completed", startedAt: startTime, finishedAt: now },
        },
        situation,
        true,
      );
}

function mainStatus(
  container: Container,
  situation: PodSituation,
  hasInit: boolean,
): ContainerStatus {
  const { progress, startTime, now } = situation;
  switch (progress.stage) {
    case "creating":
      return statusOf(
        container,
        waiting(progress, hasInit ? "PodInitializing" : "ContainerCreating"),
        situation,
      );
    case "initializing":
      return statusOf(container, { waiting: { reason: "PodInitializing" } }, situation);
    case "crashing":
      return progress.failed.container === container.name
        ? failedStatus(container, progress.failed, situation)
        : statusOf(container, { running: { startedAt: startTime } }, situation, true);
    case "running":
      return statusOf(
        container,
        { running: { startedAt: situation.runningSince ?? now } },
        situation,
        progress.ready,
      );
    case "succeeded":
      return statusOf(
        container,
        { terminated: { exitCode: 0, reason: "Completed", startedAt: startTime, finishedAt: now } },
        situation,
      );
  }
}

function waiting(
  progress: { reason?: string; message?: string },
  fallback: string,
): ContainerState {
  return {
    waiting: {
      reason: progress.reason ?? fallback,
      ...(progress.message === undefined ? {} : { message: progress.message }),
    },
  };
}

function failedStatus(
  container: Container,
  failed: ContainerFailure,
  situation: PodSituation,
): ContainerStatus {
  const status = statusOf(
    container,
    {
      waiting: {
        reason: failed.waiting,
        message:
          failed.waiting === "CrashLoopBackOff"
            ? `back-off restarting failed container=${container.name}`
            : failed.message,
      },
    },
    situation,
  );
  return failed.exitCode === undefined
    ? status
    : {
        ...status,
        restartCount: situation.restartCount + 1,
        lastState: {
          terminated: {
            exitCode: failed.exitCode,
            reason: failed.reason ?? "Error",
            message: failed.message,
            startedAt: situation.startTime,
            finishedAt: situation.now,
          },
        },
      };
}

function statusOf(
  container: Container,
  state: ContainerState,
  situation: PodSituation,
  ready = false,
): ContainerStatus {
  const made = state.waiting === undefined;
  return {
    name: container.name,
    image: container.image,
    imageID: made ? container.image : "",
    ready,
    started: state.running !== undefined,
    restartCount: situation.restartCount,
    state,
    lastState: {},
  };
}
