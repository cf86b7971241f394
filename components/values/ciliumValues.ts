import type { CiliumSpec } from "../spec";
import type { BandwidthManager } from "../spec/cilium/bandwidthManager";
import type { ClusterMesh } from "../spec/cilium/clusterMesh";
import type { Datapath } from "../spec/cilium/datapath";
import type { Encryption } from "../spec/cilium/encryption";
import type { HostFirewall } from "../spec/cilium/hostFirewall";
import type { LoadBalancer } from "../spec/cilium/loadBalancer";
import type { Monitoring } from "../spec/cilium/monitoring";
import type { Routing } from "../spec/cilium/routing";
import { bandwidthManagerValues } from "./bandwidthManager";
import type { ChartValues } from "./chartValues";
import { mergeValues } from "./chartValues";
import { clusterMeshValues } from "./clusterMesh";
import { datapathValues } from "./datapath";
import { egressGatewayValues } from "./egressGateway";
import { encryptionValues } from "./encryption";
import { hostFirewallValues } from "./hostFirewall";
import type { CertificateSecretNames } from "./hubble";
import { hubbleValues } from "./hubble";
import { kubeProxyReplacementValues } from "./kubeProxyReplacement";
import { loadBalancerValues } from "./loadBalancer";
import { keepMandatory } from "./mandatory";
import { monitoringValues } from "./monitoring";
import { operatorValues } from "./operator";
import { policyAuditModeValues } from "./policyAuditMode";
import { routingValues } from "./routing";
import { mandatoryValues, recommendedValues } from "./talos";

export interface CiliumValuesInput {
  /** The chart's version, `1.20.0`. */
  readonly version: string;
  readonly kubeProxyReplacement: boolean;
  /** Where agents reach the API server, `127.0.0.1` with KubePrism. @default the chart's: the Service */
  readonly k8sServiceHost?: string;
  /** `7445` with KubePrism. */
  readonly k8sServicePort?: number;
  /** One for each node at most: they refuse to share one. */
  readonly operatorReplicas: number;
  readonly hubble: { readonly enabled: boolean; readonly relay: boolean; readonly ui: boolean };
  /** Secrets that hold Hubble's certificates. @default a Job of the chart makes them */
  readonly certificateSecrets?: CertificateSecretNames;
  /** Networks of the pods, where they are known. */
  readonly podSubnets?: readonly string[];
  /** Talos' mesh between the machines. @default there is none */
  readonly kubeSpan?: { readonly mtu: number };
  /** @default nothing is encrypted */
  readonly encryption?: Encryption;
  /** @default tunnels, by the chart's own way */
  readonly routing?: Routing;
  /** @default the chart's own */
  readonly datapath?: Datapath;
  /** @default off */
  readonly bandwidthManager?: BandwidthManager;
  /** @default the chart's own */
  readonly loadBalancer?: LoadBalancer;
  /** @default the chart's own */
  readonly monitoring?: Monitoring;
  /** @default false */
  readonly policyAuditMode?: boolean;
  /** @default off */
  readonly hostFirewall?: HostFirewall;
  /** @default none */
  readonly clusterMesh?: ClusterMesh;
  /** @default off */
  readonly egressGateway?: CiliumSpec["egressGateway"];
  /** @default off */
  readonly localRedirectPolicies?: CiliumSpec["localRedirectPolicies"];
  /** The user's own, merged last. */
  readonly values: ChartValues;
}

/**
 * The values that Cilium's chart gets on Talos, from 1.18 to 1.20.
 *
 * The user's `values` are merged over them: maps key by key, lists and scalars as a whole. What
 * Talos cannot live without survives that, unless the user gives the very key (`keepMandatory`).
 */
export function ciliumValues(input: CiliumValuesInput): ChartValues {
  const ours = [
    recommendedValues,
    mandatoryValues,
    kubeProxyReplacementValues(input),
    operatorValues(input),
    hubbleValues(input),
    clusterMeshValues(input),
    encryptionValues(input),
    routingValues(input),
    datapathValues(input),
    bandwidthManagerValues(input),
    loadBalancerValues(input),
    monitoringValues(input),
    policyAuditModeValues(input),
    hostFirewallValues(input),
    egressGatewayValues(input),
  ].reduce(mergeValues);
  return keepMandatory(mergeValues(ours, input.values), mandatoryValues, input.values);
}
