import path from "node:path";

import { ciliumInTheEnd } from "../migration/staged";
import type { Problem } from "../problems";
import { type Found, type Sifted, sift } from "../silencing";
import type { CiliumSpec, ClusterSpec } from "../spec";
import { DEFAULT_CHART_REPOSITORY } from "../spec";
import { kubeSpanOf } from "../spec/kubeSpan";
import { operatorBlockers } from "../spec/operatorPlaces";
import type { CertificateSecretNames, ChartValues, Platform } from "../values";
import {
  chartKeysFor,
  checkClashes,
  checkDataPath,
  checkTalosValues,
  checkValues,
  ciliumValues,
  generatedKeys,
  minorNumber,
  platformValues,
  podNetworksOf,
  valueAt,
} from "../values";
import { apiServerWarnings } from "./apiServerWarnings";
import { gatewayCRDsMark, gatewayCRDsProblems } from "./gatewayAPI/crds";
import { chartProblems, chartTagProblems, chartWarnings } from "./chartProblems";
import { chartReference, isLocalChart } from "./chartReference";
import { handOverProblems, handOverWarnings } from "./handOver/chartSource";
import { methodProblems, methodWarnings } from "./methodProblems";
import { platformProblems } from "./platform";

/** Names of the Secrets in `kube-system`, the chart's own where it has one. */
export const CERTIFICATE_SECRETS = {
  ca: "cilium-ca",
  hubbleServer: "hubble-server-certs",
  hubbleRelayClient: "hubble-relay-client-certs",
} as const;

/** What of the cluster the chart has to know. */
export interface ReleaseSurroundings {
  readonly k8sServiceHost?: string;
  readonly k8sServicePort?: number;
  /** Hostnames; undefined where they are not known. */
  readonly nodes?: readonly string[];
  /** How many of them have no taint that keeps Cilium's operator off. @default all */
  readonly operatorNodes?: number;
  /** Whether control planes are the only nodes, and take no ordinary pods. @default false */
  readonly onlyControlPlanes?: boolean;
  /** Networks of the pods. */
  readonly podSubnets?: readonly string[];
  readonly talosVersion?: string;
  /** What the machines run. @default "talos" */
  readonly platform?: Platform;
  /** KubeSpan of the machines; undefined where it is off. */
  readonly kubeSpan?: { readonly mtu: number };
  /** Ids of rules that are not to be heard. @default all are */
  readonly silencedRules?: readonly string[];
}

/**
 * The values that the chart gets, and all that is wrong with them or with the chart.
 *
 * @param directory what a relative path of a chart is relative to
 */
export function releaseValues(
  cilium: CiliumSpec,
  surroundings: ReleaseSurroundings,
  directory = process.cwd(),
): Sifted & { readonly values: ChartValues } {
  const { chart, version } = cilium;
  const { nodes, kubeSpan, platform = "talos" } = surroundings;
  const { operatorNodes = nodes?.length } = surroundings;
  const { apiServer: own, ...defaults } = platformValues(platform);
  // A host without a port is a mistake of its own: ours would not fit to it.
  const { k8sServiceHost, k8sServicePort } =
    surroundings.k8sServiceHost === undefined && own ? own : surroundings;
  const podSubnets = cilium.migration?.podSubnets ?? surroundings.podSubnets ?? defaults.podSubnets;
  const values = ciliumValues({
    version,
    kubeProxyReplacement: cilium.kubeProxyReplacement,
    k8sServiceHost,
    k8sServicePort,
    operatorReplicas: cilium.operatorReplicas ?? (operatorNodes === 1 ? 1 : 2),
    hubble: cilium.hubble,
    onlyControlPlanes: surroundings.onlyControlPlanes,
    certificateSecrets: hubbleSecrets(cilium),
    features: cilium,
    gatewayCRDs: gatewayCRDsMark(cilium, directory),
    podSubnets,
    kubeSpan,
    platform,
    imageRegistry: cilium.imageRegistry,
    values: cilium.values,
  });
  const problems = [
    ...chartProblems(chart, directory),
    ...chartTagProblems(chart, version),
    ...methodProblems(cilium, directory),
    ...handOverProblems(cilium),
  ];
  if (problems.length > 0) return { values, problems, warnings: [], silenced: [] };
  const keys = chartKeysFor(
    isLocalChart(chart, directory) ? path.resolve(directory, chart) : chart,
    version,
  );
  const dataPath = checkDataPath(values, cilium.values, {
    ...surroundings,
    podNetworks: podNetworksOf(values, podSubnets),
    minor: minorNumber(version),
  });
  const clashes = checkClashes(values, cilium.values, {
    minor: minorNumber(version),
    nodes: nodes?.length,
    platform,
  });
  const found: Found[] = [
    ...checkValues(values, version, keys, platform),
    ...(platform === "talos" ? checkTalosValues(values) : generatedKeys(values)),
    ...platformProblems(cilium, platform),
    ...gatewayCRDsProblems(cilium, directory),
    ...dataPath.problems,
    ...clashes.problems,
    ...[
      ...chartWarnings(chart, version, directory),
      ...methodWarnings(cilium),
      ...handOverWarnings(cilium, directory),
      ...apiServerWarnings(values),
      ...dataPath.warnings,
      ...clashes.warnings,
    ].map((warning) => ({ ...warning, warns: true })),
  ];
  const placed = found.map((each) => ({ ...each, ...atInput(each, cilium) }));
  return { values, ...sift(placed, surroundings.silencedRules ?? []) };
}

/** A value that the user's own do not hold comes from a key of the same path beside them. */
function atInput(problem: Problem, cilium: CiliumSpec): Problem {
  const [, path] = /^cilium\.values\.(.*)$/.exec(problem.propertyPath) ?? [];
  const keys = path?.split(".") ?? [];
  if (!path || valueAt(cilium.values, keys) !== undefined) return problem;
  const isTyped = valueAt(cilium as unknown as ChartValues, keys) !== undefined;
  return isTyped ? { ...problem, propertyPath: `cilium.${path}` } : problem;
}

/**
 * What is to be said of Cilium's chart and values in a cluster, whatever is silenced.
 *
 * @param isFaulty whether its own rules refuse it; then values that follow from them are left out
 * @param directory what a relative path of a chart is relative to
 */
export function releaseFindings(spec: ClusterSpec, isFaulty: boolean, directory?: string): Found[] {
  const cilium = ciliumInTheEnd(spec.cilium);
  const { problems, warnings } = releaseValues(cilium, surroundingsOf(spec), directory);
  const found = [...problems, ...warnings.map((warning) => ({ ...warning, warns: true }))];
  if (!isFaulty) return found;
  const { values = {} } = spec.cilium;
  return found.filter(({ propertyPath }) => {
    if (!propertyPath.startsWith("cilium.values.")) return true;
    const [, , ...path] = propertyPath.split(".");
    return path.length === 0 || valueAt(values, path) !== undefined;
  });
}

/** What the chart has to know of a cluster; without an API server where its endpoint is no URL. Pure. */
export function surroundingsOf(spec: ClusterSpec): ReleaseSurroundings {
  const reachable = spec.kubePrism.enabled || URL.canParse(spec.clusterEndpoint);
  return {
    ...(reachable && apiServer(spec)),
    nodes: spec.nodes.map(({ hostname }) => hostname),
    operatorNodes: operatorBlockers(spec).filter((taint) => taint === undefined).length,
    onlyControlPlanes: onlyControlPlanes(spec),
    podSubnets: spec.podSubnets,
    talosVersion: spec.talosVersion,
    kubeSpan: kubeSpanOf(spec),
  };
}

/** The Secrets of Hubble's certificates that are there before the release; undefined where the release makes them. Pure. */
function hubbleSecrets({ hubble: { tls } }: CiliumSpec): CertificateSecretNames | undefined {
  const { method = "stack", serverSecret = "", relayClientSecret } = tls ?? {};
  if (method === "stack") return CERTIFICATE_SECRETS;
  return method === "secrets"
    ? {
        ca: CERTIFICATE_SECRETS.ca,
        hubbleServer: serverSecret,
        hubbleRelayClient: relayClientSecret,
      }
    : undefined;
}

/** Whether no node takes an ordinary pod. Pure. */
export function onlyControlPlanes(
  spec: Pick<ClusterSpec, "nodes" | "allowSchedulingOnControlPlanes">,
): boolean {
  const workers = spec.nodes.some(({ machineType }) => machineType === "worker");
  return !workers && !spec.allowSchedulingOnControlPlanes;
}

/** Of {@link releaseFindings} what refuses the cluster: the component that installs them says the rest. */
export function releaseProblems(
  spec: ClusterSpec,
  isFaulty: boolean,
  directory?: string,
): Problem[] {
  return sift(releaseFindings(spec, isFaulty, directory), spec.silencedRules).problems;
}

/** A bare name wants a repository; a path or a URL is one already. */
export function repositoryOf({ chart, repositoryOpts }: CiliumSpec): CiliumSpec["repositoryOpts"] {
  return chartReference(chart).kind === "name"
    ? { repo: DEFAULT_CHART_REPOSITORY, ...repositoryOpts }
    : repositoryOpts;
}

/** Where agents reach the API server: KubePrism on each node, or the endpoint of the cluster. Pure. */
export function apiServer(spec: Pick<ClusterSpec, "kubePrism" | "clusterEndpoint">): {
  k8sServiceHost: string;
  k8sServicePort: number;
} {
  if (spec.kubePrism.enabled) {
    return { k8sServiceHost: "127.0.0.1", k8sServicePort: spec.kubePrism.port };
  }
  const { hostname, port } = new URL(spec.clusterEndpoint);
  return { k8sServiceHost: hostname.replace(/^\[|\]$/g, ""), k8sServicePort: Number(port || 443) };
}
