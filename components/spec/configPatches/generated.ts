import type { MachineType } from "../schema";
import { contractMinor } from "../versions";
import type { MachineDocuments } from "./machineDocuments";

/** What the generator is told. */
export interface GeneratedFor {
  readonly configContract: string;
  readonly machineType: MachineType;
  /** Host of the cluster endpoint. */
  readonly endpointHost?: string;
}

/** Stands for every certificate, key and token; base64, as Talos reads them. */
const KEY = "Z2VuZXJhdGVk";

/**
 * The machine configuration that Talos generates before any patch: which keys there are, and the
 * values that checks depend on. A test compares it with recorded ones.
 */
export function generatedDocuments(machine: GeneratedFor): MachineDocuments {
  const minor = contractMinor(machine.configContract) ?? Number.MAX_SAFE_INTEGER;
  const isControlPlane = machine.machineType === "controlplane";
  const main = {
    version: "v1alpha1",
    debug: false,
    persist: true,
    machine: {
      type: machine.machineType,
      token: KEY,
      ca: { crt: KEY, key: isControlPlane ? KEY : "" },
      certSANs: [],
      kubelet: {
        image: "ghcr.io/siderolabs/kubelet",
        defaultRuntimeSeccompProfileEnabled: true,
        disableManifestsDirectory: true,
      },
      ...(minor < 13 && { network: {} }),
      install: {
        disk: "/dev/sda",
        image: "ghcr.io/siderolabs/installer",
        wipe: false,
        ...(minor >= 12 && { grubUseUKICmdline: true }),
      },
      features: {
        ...(minor < 12 && { rbac: true, stableHostname: true, apidCheckExtKeyUsage: true }),
        diskQuotaSupport: true,
        kubePrism: { enabled: true, port: 7445 },
        hostDNS: { enabled: true, forwardKubeDNSToHost: true },
      },
      ...(isControlPlane && {
        nodeLabels: { "node.kubernetes.io/exclude-from-external-load-balancers": "" },
      }),
    },
    cluster: {
      id: KEY,
      secret: KEY,
      controlPlane: { endpoint: `https://${machine.endpointHost ?? "endpoint"}:6443` },
      clusterName: "cluster",
      network: {
        dnsDomain: "cluster.local",
        podSubnets: ["10.244.0.0/16"],
        serviceSubnets: ["10.96.0.0/12"],
      },
      token: KEY,
      ca: { crt: KEY, key: isControlPlane ? KEY : "" },
      ...(isControlPlane && controlPlaneParts(minor, machine.endpointHost)),
      discovery: { enabled: true, registries: { kubernetes: { disabled: true }, service: {} } },
    },
  };
  if (minor < 12) return [main];
  return [main, { apiVersion: "v1alpha1", kind: "HostnameConfig", auto: "stable" }];
}

function podSecurity() {
  return {
    apiVersion: "pod-security.admission.config.k8s.io/v1alpha1",
    kind: "PodSecurityConfiguration",
    defaults: {
      audit: "restricted",
      "audit-version": "latest",
      enforce: "baseline",
      "enforce-version": "latest",
      warn: "restricted",
      "warn-version": "latest",
    },
    exemptions: { namespaces: ["kube-system"], runtimeClasses: [], usernames: [] },
  };
}

function controlPlaneParts(minor: number, endpointHost = "endpoint") {
  return {
    secretboxEncryptionSecret: KEY,
    aggregatorCA: { crt: KEY, key: KEY },
    serviceAccount: { key: KEY },
    apiServer: {
      image: "registry.k8s.io/kube-apiserver",
      ...(minor < 12 && { certSANs: [endpointHost], disablePodSecurityPolicy: true }),
      admissionControl: [{ name: "PodSecurity", configuration: podSecurity() }],
      auditPolicy: {
        apiVersion: "audit.k8s.io/v1",
        kind: "Policy",
        rules: [{ level: "Metadata" }],
      },
    },
    controllerManager: { image: "registry.k8s.io/kube-controller-manager" },
    proxy: { image: "registry.k8s.io/kube-proxy" },
    scheduler: { image: "registry.k8s.io/kube-scheduler" },
    etcd: { ca: { crt: KEY, key: KEY } },
  };
}
