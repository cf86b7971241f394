import type { CiliumSpec } from "../spec";
import type { ChartValues } from "./chartValues";
import { mergeValues } from "./chartValues";
import { clusterMeshValues } from "./clusterMesh";
import { bandwidthManagerValues } from "./bandwidthManager";
import { datapathValues } from "./datapath";
import { egressGatewayValues } from "./egressGateway";
import { EMPTY_KEYS } from "./emptyKeys";
import { encryptionValues } from "./encryption";
import { hostFirewallValues } from "./hostFirewall";
import type { CiliumFeatures } from "./features";
import type { CertificateSecretNames } from "./hubble";
import { bgpControlPlaneValues } from "./bgpControlPlane";
import { gatewayAPIValues } from "./gatewayAPI";
import { hubbleValues } from "./hubble";
import { imageRegistryValues } from "./imageRegistry";
import { ingressControllerValues } from "./ingressController";
import { kubeProxyReplacementValues } from "./kubeProxyReplacement";
import { l2AnnouncementsValues } from "./l2Announcements";
import { loadBalancerValues } from "./loadBalancer";
import { keepMandatory } from "./mandatory";
import { migrationValues } from "./migration";
import { monitoringValues } from "./monitoring";
import { operatorValues } from "./operator";
import { type Platform, platformValues } from "./platform";
import { podNetworksOf } from "./podNetworks";
import { policyAuditModeValues } from "./policyAuditMode";
import { routingValues } from "./routing";

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
  readonly hubble: CiliumSpec["hubble"];
  /** Whether control planes are the only nodes, and take no ordinary pods. @default false */
  readonly onlyControlPlanes?: boolean;
  /** Secrets that hold Hubble's certificates. @default a Job of the chart makes them */
  readonly certificateSecrets?: CertificateSecretNames;
  /** @default none of them is on */
  readonly features?: CiliumFeatures;
  /** Changes when the CRDs of Gateway API do. @default somebody else installs them */
  readonly gatewayCRDs?: string;
  /** Networks of the pods, where they are known. */
  readonly podSubnets?: readonly string[];
  /** Talos' mesh between the machines. @default there is none */
  readonly kubeSpan?: { readonly mtu: number };
  /** What the machines run. @default "talos" */
  readonly platform?: Platform;
  /** Registry of every image. @default the public ones */
  readonly imageRegistry?: string;
  /** The user's own, merged last. */
  readonly values: ChartValues;
}

/**
 * The values that Cilium's chart gets, from 1.18 to 1.20.
 *
 * The user's `values` are merged over them: maps key by key, lists and scalars as a whole. What
 * the platform cannot live without survives that, unless the user gives the very key (`keepMandatory`),
 * and what a migration goes by survives it always.
 */
export function ciliumValues(input: CiliumValuesInput): ChartValues {
  const { mandatory, recommended } = platformValues(input.platform, input.podSubnets);
  const podNetworks = podNetworksOf(mergeValues(recommended, input.values), input.podSubnets);
  const typed = { ...input, ...input.features, podNetworks };
  const ours = [
    EMPTY_KEYS,
    recommended,
    mandatory,
    kubeProxyReplacementValues(input),
    operatorValues(input),
    hubbleValues(input),
    clusterMeshValues(typed),
    l2AnnouncementsValues(input),
    bgpControlPlaneValues(input),
    gatewayAPIValues(input),
    ingressControllerValues(input),
    encryptionValues(typed),
    routingValues(typed),
    datapathValues(typed),
    bandwidthManagerValues(typed),
    loadBalancerValues(typed),
    monitoringValues(typed),
    policyAuditModeValues(typed),
    hostFirewallValues(typed),
    egressGatewayValues(typed),
    imageRegistryValues(input),
  ].reduce(mergeValues);
  const theirs = mergeValues(ours, input.values);
  return mergeValues(
    keepMandatory(theirs, mandatory, input.values),
    migrationValues(typed.migration),
  );
}
