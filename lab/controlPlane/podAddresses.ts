import { addressAt } from "./addresses";
import type { NodeFacts } from "./clusterFacts";
import { networkOf } from "./nodeNetwork";
import type { Pod } from "./pod";

/** Addresses for pods on the pod network, out of their node's network. */
export class PodAddresses {
  /** What pods here hold; a watch may not have shown it yet. */
  private readonly given = new Set<string>();

  /** @param pods all pods that the watch has shown */
  give(host: NodeFacts, pod: Pod, pods: Iterable<Pod>): string {
    const taken = new Set<string>();
    for (const { status, spec, metadata } of pods) {
      if (spec.nodeName === host.node.hostname && metadata.uid !== pod.metadata.uid) {
        taken.add(status?.podIP ?? "");
      }
    }
    for (let offset = 2; ; offset++) {
      const address = addressAt(networkOf(host) ?? "10.244.0.0/24", offset);
      if (!taken.has(address) && !this.given.has(address)) {
        this.given.add(address);
        return address;
      }
    }
  }

  takeBack({ spec, status }: Pod): void {
    if (spec.hostNetwork !== true) {
      this.given.delete(status?.podIP ?? "");
    }
  }
}
