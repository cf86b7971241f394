import type { Lab } from "../../lab/lab";
import type { NodeNetwork } from "../../lab/controlPlane";

const INTERVAL_MS = 25;
/** An agent's DaemonSet has replaced it by then; the data path in the kernel goes on meanwhile. */
const RESTART_MS = 60_000;

/**
 * Looks at the pod network of every simulated node all the time: at each change that the lab tells,
 * and between them. It sees whose CNI configuration lies on a node and whether that CNI runs there.
 */
export class NetworkSampler {
  private samples = 0;
  private readonly without: string[] = [];
  private readonly restarting = new Map<string, number>();
  private readonly restarts: number[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly off: () => void;

  constructor(private readonly lab: Lab) {
    this.timer = setInterval(() => this.sample(), INTERVAL_MS);
    this.off = lab.onChange(() => this.sample());
  }

  now(): readonly NodeNetwork[] {
    return this.lab.networks();
  }

  /** Hostnames whose pods have this CNI, sorted. */
  on(cni: string): string[] {
    return this.now()
      .filter((node) => node.cni === cni)
      .map(({ hostname }) => hostname)
      .sort();
  }

  kubeProxies(): number {
    return this.now().filter(({ kubeProxyRuns }) => kubeProxyRuns).length;
  }

  report() {
    const longest = Math.max(0, ...this.restarts);
    const { samples, without } = this;
    return { samples, without, restarts: { count: this.restarts.length, longest } };
  }

  stop(): void {
    clearInterval(this.timer);
    this.off();
  }

  private sample(): void {
    const now = Date.now();
    this.samples++;
    for (const { hostname, isReady, cni, serves } of this.now()) {
      const since = this.restarting.get(hostname);
      if (serves) {
        if (since !== undefined) this.restarts.push(now - since);
        this.restarting.delete(hostname);
        continue;
      }
      if (!isReady) continue;
      if (since === undefined) this.restarting.set(hostname, now);
      // What Flannel does lives in its pod and its routes, which nothing brings back but Flannel.
      if (cni === "cilium-agent" && now - (since ?? now) < RESTART_MS) continue;
      this.without.push(`${hostname}: ${cni ?? "no CNI"}, ${now - (since ?? now)} ms`);
    }
  }
}
