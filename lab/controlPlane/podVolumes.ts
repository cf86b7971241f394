import { isNotFound, type KubernetesApi } from "./kubernetesApi";
import { requiredMounts } from "./pod";
import type { PodRecord } from "./podRecord";
import { pause } from "./watchList";

/** A kubelet looks for volumes to mount ten times a second, and goes on half a second after a failure. */
const LOOK_MS = 100;
const RETRY_MS = 500;

/** Waits until what the pod mounts is there: Secrets and ConfigMaps that it cannot do without. */
export async function untilMounted(
  record: PodRecord,
  api: KubernetesApi,
  signal: AbortSignal,
): Promise<void> {
  const namespace = record.pod.metadata.namespace ?? "default";
  let said = "";
  const mounts = requiredMounts(record.pod);
  if (mounts.length > 0) await pause(LOOK_MS, signal);
  for (const mount of mounts) {
    const path = `/api/v1/namespaces/${namespace}/${mount.kind}s/${mount.name}`;
    while (!signal.aborted) {
      try {
        await api.get(path);
        break;
      } catch (error) {
        if (isNotFound(error) && said !== mount.name) {
          said = mount.name;
          record.warn(
            "FailedMount",
            `MountVolume.SetUp failed for volume "${mount.volume}" : ${mount.kind} "${mount.name}" not found`,
          );
        }
        await pause(RETRY_MS, signal);
      }
    }
  }
}
