import type { PatchBuilder } from "./patchBuilder";

/** Whether control planes run everyone's pods; without it they carry the taint `NoSchedule`. */
export const schedulingPatch: PatchBuilder = (spec) => ({
  cluster: { allowSchedulingOnControlPlanes: spec.allowSchedulingOnControlPlanes },
});
