import * as pulumi from "@pulumi/pulumi";

import { ClusterApi, unless } from "../../gates/clusterApi";
import { poll, progressOf } from "../../gates/poll";
import { isOwnedAt, NAMESPACE } from "../ownedSecret";
import { JOB } from "./jobManifests";

/** All that Talos applied for the Job, the rights first; pods go with it, which Jobs leave unless told so. */
const LEFT = [
  `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${JOB}`,
  `/apis/batch/v1/namespaces/${NAMESPACE}/jobs/${JOB}`,
  `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${JOB}`,
  `/api/v1/namespaces/${NAMESPACE}/configmaps/${JOB}`,
];

/**
 * Takes away what a Job has left, for every other method: one that has failed keeps its account with
 * cluster-admin. Guides call theirs by the same name, so only what has our label goes.
 *
 * @throws after `giveUpAfter` seconds without an answer.
 */
export async function takeJobAway(kubeconfig: string, giveUpAfter: number): Promise<void> {
  await poll({
    giveUpAfter,
    progress: progressOf("looking for what an earlier Job left"),
    attempt: async () => {
      try {
        for (const path of LEFT) await takeAway(kubeconfig, path);
        return { done: true };
      } catch (error) {
        const state = `the API server fails: ${(error as Error).message}`;
        return { done: false, state, failure: () => `what Job ${JOB} left may be there: ${state}` };
      }
    },
  });
}

async function takeAway(kubeconfig: string, path: string): Promise<void> {
  if (!(await isOwnedAt(kubeconfig, path))) return;
  const api = await ClusterApi.connect(kubeconfig);
  const status = await unless([404], api.delete(`${path}?propagationPolicy=Background`));
  if (status === undefined) void pulumi.log.info(`removed ${path}, which the method job had left`);
}
