import type { StampedEvent } from "../../../commands/report/engineEvents";
import type { BootstrapTimeline } from "../../../components/gates/timeline";
import type { ClusterSpecInput } from "../../../components/spec";
import { parseClusterSpec } from "../../../components/spec";

/** 1 January 2026, in milliseconds: when every generated run begins. */
export const BEGUN = Date.parse("2026-01-01T00:00:00Z");

const CLUSTER = "talos-cilium:index:TalosCluster";

/** A URN of the program, inside the components of these names. */
export function urn(type: string, name: string, ...components: string[]): string {
  const inside = components.map((each) => `talos-cilium:index:${each}$`).join("");
  return `urn:pulumi:dev::talos-cilium::${CLUSTER}$${inside}${type}::${name}`;
}

/** A cluster of so many nodes. */
export function clusterOf(controlPlanes: number, workers: number) {
  const node = (machineType: "controlplane" | "worker", index: number, offset: number) => ({
    hostname: `${machineType === "worker" ? "worker" : "cp"}-${index + 1}`,
    ipAddress: `192.168.1.${10 + offset + index}`,
    machineType,
    installDisk: "/dev/sda",
  });
  const input: ClusterSpecInput = {
    clusterName: "dev",
    clusterEndpoint: "https://192.168.1.10:6443",
    talosVersion: "v1.13.0",
    configContract: "v1.13",
    kubernetesVersion: "1.36.3",
    nodes: [
      ...Array.from({ length: controlPlanes }, (_, index) => node("controlplane", index, 0)),
      ...Array.from({ length: workers }, (_, index) => node("worker", index, controlPlanes)),
    ],
    cilium: { version: "1.20.0" },
  };
  const { spec, problems } = parseClusterSpec(input);
  if (!spec) throw new Error(JSON.stringify(problems));
  return spec;
}

/** From and to in seconds, type, name, component: one resource of a generated run. */
type Work = readonly [number, number, string, string, string?];

/** What the engine reports of a bootstrap of that cluster: made up, in the shape of a recorded one. */
export function bootstrapWork(hostnames: readonly string[]): Work[] {
  const stash = "pulumi:index:Stash";
  const secret = "kubernetes:core/v1:Secret";
  const [configuration, bootstrap, cilium] = ["MachineConfiguration", "ClusterBootstrap", "Cilium"];
  return [
    [0.8, 0.82, stash, "talos-config-contract", "MachineSecrets"],
    [0.9, 1.9, "talos:machine/secrets:Secrets", "talos-secrets", "MachineSecrets"],
    ...hostnames.flatMap((hostname, index): Work[] => {
      const from = hostname.startsWith("cp") ? 2 + index * 1.5 : 2.1;
      return [
        [0.85, 0.86, stash, `talos-${hostname}-address`, configuration],
        [
          ...([from, from + 1.4] as const),
          ...(["talos:machine/configurationApply:ConfigurationApply"] as const),
          ...([`talos-${hostname}-apply`, configuration] as const),
        ],
      ];
    }),
    [3.5, 5.2, "talos:machine/bootstrap:Bootstrap", "talos-bootstrap", bootstrap],
    [5.2, 5.21, stash, "talos-bootstrap-accepted-at", bootstrap],
    [5.2, 5.6, "talos:cluster/kubeconfig:Kubeconfig", "talos-kubeconfig", bootstrap],
    [5.6, 11.3, stash, "talos-api-serves", bootstrap],
    [11.3, 11.31, stash, "talos-api-serving-at", bootstrap],
    [11.35, 11.6, "pulumi:providers:kubernetes", "talos-kubernetes"],
    [11.4, 11.45, stash, "talos-certificates", cilium],
    ...["ca", "hubble-server-certs", "hubble-relay-client-certs"].map((name, index): Work => [
      11.7,
      11.9 + index / 10,
      secret,
      `talos-cilium-${name}`,
      cilium,
    ]),
    [12.2, 14.9, "kubernetes:helm.sh/v3:Release", "talos-release", cilium],
    [14.9, 23.7, stash, "talos-ready", cilium],
    [23.7, 23.75, stash, "talos-ready-times", cilium],
  ];
}

/** The events of a run that does this work, in the order of their times. */
export function eventsOf(works: readonly Work[], last = 24): StampedEvent[] {
  const event = (second: number, body: object) => ({
    at: BEGUN + Math.round(second * 1000),
    event: { timestamp: Math.floor(BEGUN / 1000 + second), ...body },
  });
  const steps = works.flatMap(([from, to, type, name, component]) => {
    const inside = component ? [component] : [];
    const metadata = {
      ...{ op: "create", urn: urn(type, name, ...inside), type, old: null },
      new: { custom: true },
    };
    return [
      event(from, { resourcePreEvent: { metadata } }),
      event(to, { resOutputsEvent: { metadata } }),
    ];
  });
  return [
    event(0, { preludeEvent: { config: {} } }),
    ...steps.sort((a, b) => a.at - b.at),
    event(last, { summaryEvent: { durationSeconds: last, result: "succeeded" } }),
  ];
}

/** The stack's output after that run. */
export const TIMELINE: BootstrapTimeline = {
  bootstrapAccepted: "2026-01-01T00:00:05.200Z",
  apiServing: "2026-01-01T00:00:11.300Z",
  ciliumApplied: "2026-01-01T00:00:12.400Z",
  firstAgentReady: "2026-01-01T00:00:18.000Z",
  firstNodeReady: "2026-01-01T00:00:19.000Z",
  allReady: "2026-01-01T00:00:23.000Z",
  secondsUsed: 17.8,
  secondsBudgeted: 600,
};
