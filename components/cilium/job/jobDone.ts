import type { V1Job } from "@kubernetes/client-node";
import { ClusterApi, unless } from "../../gates/clusterApi";
import { poll, progressOf } from "../../gates/poll";
import { JOB } from "./jobManifests";

/**
 * Waits until the Job has installed Cilium, then takes all rights from its account.
 *
 * @throws once the Job has failed for good, else after `giveUpAfter` seconds, with where to look.
 */
export async function untilJobDone(kubeconfig: string, giveUpAfter: number): Promise<void> {
  const api = await ClusterApi.connect(kubeconfig);
  await poll({
    giveUpAfter,
    progress: progressOf(`waiting for Job ${JOB}`),
    attempt: async () => {
      const job = await api
        .get<V1Job>(`/apis/batch/v1/namespaces/kube-system/jobs/${JOB}`)
        .catch((error: Error) => error);
      const state = job instanceof Error ? `the API server fails: ${job.message}` : jobState(job);
      if (!(job instanceof Error) && jobFailure(job)) throw new Error(jobNotDone(state!));
      return state === undefined
        ? { done: true }
        : { done: false, state, failure: () => jobNotDone(state) };
    },
  });
  const binding = `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${JOB}`;
  await unless([404], api.delete(binding));
}

/** What the Job waits for; undefined once it is done. Pure. */
export function jobState(job: Pick<V1Job, "status"> | undefined): string | undefined {
  if (!job) return "Talos has not made it yet";
  const { succeeded = 0, failed = 0, active = 0 } = job.status ?? {};
  if (succeeded > 0) return undefined;
  const failure = jobFailure(job);
  if (failure !== undefined) return `it failed: ${failure}`;
  return failed > 0 ? `${failed} pods failed` : active > 0 ? "its pod runs" : "it has no pod yet";
}

/** Why the Job has failed for good; undefined while it has not. Pure. */
export function jobFailure(job: Pick<V1Job, "status"> | undefined): string | undefined {
  const end = job?.status?.conditions?.find(
    ({ type, status }) => type === "Failed" && status === "True",
  );
  return end && (end.message ?? end.reason ?? "no reason given");
}

/** The message for a Job that never succeeds. Pure. */
export function jobNotDone(state: string): string {
  return (
    `Job ${JOB} in kube-system has not installed Cilium: ${state}. See why with ` +
    `\`kubectl --namespace kube-system logs job/${JOB}\`: it fetches its image and the chart, and ` +
    "cannot install what is half installed. Cure that, or choose another method, which takes the Job away, " +
    "and run `pulumi up` again; " +
    `until then its account has cluster-admin, by ClusterRoleBinding ${JOB}`
  );
}
