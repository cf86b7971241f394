import { ciliumCRDs } from "./ciliumCRDs";
import { CiliumNodeState } from "./ciliumNodeState";
import type { ClusterFacts } from "./clusterFacts";
import { imageVersion } from "./clusterSettings";
import { acceptGatewayClasses } from "./gatewayClasses";
import { isConflict, isNotFound, type KubernetesApi } from "./kubernetesApi";
import { serveLoadBalancers } from "./loadBalancers";
import type { Tree } from "./tree";
import { pause } from "./watchList";

const NAMESPACE = "kube-system";
const RETRY_MS = 300;
const LEASE_RENEW_MS = 10_000;
const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const LEASE = `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases`;
const LEASE_NAME = "cilium-operator-resource-lock";

/**
 * Plays what Cilium's operator does that others wait for, while a pod of it runs: registers the
 * CRDs, keeps the nodes' taint and condition, accepts the GatewayClass, gives out LB addresses.
 * It is a stand-in: it checks none of Cilium's own rules and moves no packet.
 */
export class CiliumOperatorStandIn {
  private readonly stopped = new AbortController();
  private running: AbortController | undefined;
  /** UID of the pod that is played: the first that ran, until it is gone. */
  private leader: string | undefined;
  private readonly off: () => void;

  constructor(
    private readonly api: KubernetesApi,
    private readonly facts: ClusterFacts,
    private readonly onEvent: (message: string) => void,
  ) {
    this.off = facts.onChange(() => this.look());
  }

  stop(): void {
    this.off();
    this.stopped.abort();
    this.running?.abort();
  }

  private look(): void {
    const { operatorPods, faults } = this.facts;
    const leads = this.leader !== undefined && operatorPods.has(this.leader);
    if (this.leader !== undefined && (!leads || faults.operatorIdle)) {
      this.running?.abort();
      this.leader = undefined;
    }
    if (this.leader !== undefined || faults.operatorIdle || this.stopped.signal.aborted) {
      return;
    }
    const [next] = operatorPods;
    if (next !== undefined) {
      this.leader = next;
      this.running = new AbortController();
      void this.run(next, AbortSignal.any([this.running.signal, this.stopped.signal]));
    }
  }

  private async run(leader: string, signal: AbortSignal): Promise<void> {
    const configuration = await this.persist(signal, () => this.readConfiguration(leader));
    if (configuration === undefined) {
      return;
    }
    const { config, version } = configuration;
    this.onEvent(`the stand-in of Cilium's operator runs (Cilium ${version})`);
    void this.holdLease(signal);
    if (config["skip-crd-creation"] !== "true") {
      await this.persist(signal, () => this.registerCRDs(ciliumCRDs(version, config)));
    }
    if (signal.aborted) {
      return;
    }
    this.facts.ciliumCRDs = true;
    this.facts.changed();
    void new CiliumNodeState(this.api, this.facts, config).run(signal);
    void serveLoadBalancers(this.api, signal);
    if (config["enable-gateway-api"] === "true") {
      void acceptGatewayClasses(this.api, signal);
    }
  }

  private async readConfiguration(
    leader: string,
  ): Promise<{ config: Record<string, string>; version: string }> {
    const { data = {} } = await this.api
      .get<{ data?: Record<string, string> }>(
        `/api/v1/namespaces/${NAMESPACE}/configmaps/cilium-config`,
      )
      .catch((error: unknown) => {
        if (isNotFound(error)) {
          return { data: {} };
        }
        throw error;
      });
    const { items } = await this.api.get<{
      items: { metadata: { uid: string }; spec: { containers: { image: string }[] } }[];
    }>("/api/v1/pods?labelSelector=io.cilium%2Fapp%3Doperator");
    const pod = items.find(({ metadata }) => metadata.uid === leader);
    const image = pod?.spec.containers[0]?.image ?? "";
    return { config: data, version: imageVersion(image) ?? NEWEST_CILIUM };
  }

  private async registerCRDs(definitions: Tree[]): Promise<void> {
    await Promise.all(
      definitions.map(async (definition) => {
        try {
          await this.api.create(CRDS, definition);
        } catch (error) {
          if (!isConflict(error)) {
            throw error;
          }
          const { metadata, spec } = definition as { metadata: { name: string }; spec: Tree };
          await this.api.patch(`${CRDS}/${metadata.name}`, { spec: { versions: spec.versions } });
        }
      }),
    );
    const names = definitions.map(({ metadata }) => (metadata as { name: string }).name);
    for (;;) {
      const { items } = await this.api.get<{
        items: {
          metadata: { name: string };
          status?: { conditions?: { type: string; status: string }[] };
        }[];
      }>(CRDS);
      const established = new Set(
        items
          .filter(({ status }) =>
            status?.conditions?.some(
              (condition) => condition.type === "Established" && condition.status === "True",
            ),
          )
          .map(({ metadata }) => metadata.name),
      );
      if (names.every((name) => established.has(name))) {
        return;
      }
      await pause(100, this.stopped.signal);
    }
  }

  private async holdLease(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const renewTime = new Date().toISOString().replace("Z", "000Z");
      const spec = {
        holderIdentity: "cilium-operator-stand-in",
        leaseDurationSeconds: 15,
        renewTime,
      };
      try {
        await this.api.patch(`${LEASE}/${LEASE_NAME}`, { spec });
      } catch {
        await this.api
          .create(LEASE, {
            apiVersion: "coordination.k8s.io/v1",
            kind: "Lease",
            metadata: { name: LEASE_NAME, namespace: NAMESPACE },
            spec,
          })
          .catch(() => undefined);
      }
      await pause(LEASE_RENEW_MS, signal);
    }
  }

  /** Tries until it works; undefined when `signal` came first. */
  private async persist<T>(signal: AbortSignal, action: () => Promise<T>): Promise<T | undefined> {
    while (!signal.aborted) {
      try {
        return await action();
      } catch {
        await pause(RETRY_MS, signal);
      }
    }
    return undefined;
  }
}

/** Taken for images without a version in their tag. */
const NEWEST_CILIUM = "1.20.0";
