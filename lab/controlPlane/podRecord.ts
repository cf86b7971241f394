import { isNotFound, type KubernetesApi } from "./kubernetesApi";
import type { Pod } from "./pod";
import { timestamp } from "./timestamp";
import { pause } from "./watchList";

const WRITE_TRIES = 3;
const WRITE_RETRY_MS = 300;

/** A pod as the API server has it: where its kubelet writes status and events, one after the other. */
export class PodRecord {
  private written: Promise<void> = Promise.resolve();

  constructor(
    public pod: Pod,
    private readonly hostname: string,
    private readonly api: KubernetesApi,
    private readonly signal: AbortSignal,
  ) {}

  /** Writes behind what was written before. A pod that is gone is no failure. */
  writeStatus(status: object): Promise<void> {
    this.written = this.written.then(async () => {
      for (let tries = 0; tries < WRITE_TRIES && !this.signal.aborted; tries++) {
        try {
          const pod = await this.api.patch<Pod>(
            `${this.path}/status`,
            { metadata: { uid: this.pod.metadata.uid }, status },
            "strategic",
          );
          this.pod = { ...this.pod, status: pod.status ?? {} };
          return;
        } catch (error) {
          if (isNotFound(error)) {
            return;
          }
          await pause(WRITE_RETRY_MS, this.signal);
        }
      }
    });
    return this.written;
  }

  /** A warning that `kubectl describe pod` shows. */
  warn(reason: string, message: string): void {
    const { namespace = "default", name, uid } = this.pod.metadata;
    const now = timestamp();
    void this.api
      .create(`/api/v1/namespaces/${namespace}/events`, {
        apiVersion: "v1",
        kind: "Event",
        metadata: { generateName: `${name}.`, namespace },
        involvedObject: { apiVersion: "v1", kind: "Pod", namespace, name, uid },
        reason,
        message,
        type: "Warning",
        count: 1,
        firstTimestamp: now,
        lastTimestamp: now,
        source: { component: "kubelet", host: this.hostname },
      })
      .catch(() => undefined);
  }

  /** Removes it for good, as a kubelet does once its containers have ended. */
  async remove(): Promise<void> {
    try {
      await this.api.delete(this.path, {
        gracePeriodSeconds: 0,
        preconditions: { uid: this.pod.metadata.uid },
      });
    } catch {
      // Somebody else removed it first.
    }
  }

  private get path(): string {
    const { namespace = "default", name } = this.pod.metadata;
    return `/api/v1/namespaces/${namespace}/pods/${name}`;
  }
}
