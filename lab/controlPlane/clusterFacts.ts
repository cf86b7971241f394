import type { ConfiguredNode } from "../nodes/clusterRuntime";
import { type ClusterFaults, noFaults } from "./faults";
import type { PodRole } from "./pod";

/** What can be the CNI of a node. */
export type CNIRole = Extract<PodRole, "cilium-agent" | "flannel" | "cni">;

/** A machine as its virtual kubelet knows it. */
export interface NodeFacts {
  node: ConfiguredNode;
  kubePrism: { enabled: boolean; port: number };
  /** Whose CNI configuration lies first on the node's disk; it outlives the pod that wrote it. */
  cni: CNIRole | undefined;
  /** CNIs whose own pod is ready here. */
  runningCNIs: Set<CNIRole>;
  /** Pool that Cilium's operator gives the node its network from; undefined where it takes `podCIDR`. */
  ciliumPool: string | undefined;
  /** `spec.podCIDR`, once the controller manager gave one. */
  podCIDR: string | undefined;
  /** A Cilium agent was scheduled here; undefined without one. */
  ciliumAgent: "scheduled" | "ready" | undefined;
  kubeProxyRuns: boolean;
  /** Of the Node, as the API server last told. */
  isReady: boolean;
}

/** What the stand-ins of one cluster know of each other, and a way to wait for it. */
export class ClusterFacts {
  readonly nodes = new Map<string, NodeFacts>();
  readonly faults: ClusterFaults = noFaults();
  /** The CRDs of Cilium's operator are established. */
  ciliumCRDs = false;
  /** UIDs of operator pods that run. */
  readonly operatorPods = new Set<string>();
  private readonly listeners = new Set<() => void>();

  /** Tells everybody who waits to look again. */
  changed(): void {
    for (const listener of [...this.listeners]) {
      listener();
    }
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves true when the condition holds, false when `signal` is aborted before. */
  until(condition: () => boolean, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || condition()) {
      return Promise.resolve(!signal.aborted);
    }
    return new Promise((resolve) => {
      const done = (result: boolean) => {
        off();
        signal.removeEventListener("abort", onAbort);
        resolve(result);
      };
      const onAbort = () => done(false);
      const off = this.onChange(() => {
        if (condition()) {
          done(true);
        }
      });
      signal.addEventListener("abort", onAbort);
    });
  }
}
