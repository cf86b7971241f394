import { isNotFound, type KubernetesApi } from "./kubernetesApi";
import { requiredMounts } from "./pod";
import type { PodRecord } from "./podRecord";
import { pause } from "./watchList";

/** A kubelet's first pause before it mounts again. */
const RETRY_MS = 500;

/** Waits until what the pod mounts is there: Secrets and ConfigMaps that it cannot do without. */
export async function untilMounted(
  record: PodRecord,
  api: KubernetesApi,
  signal: AbortSignal,
): Promise<void> {
  const namespace = record.pod.metadata.namespace ?? "default";
  let said = "";
  for (const mount of requiredMounts(record.pod)) {
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
