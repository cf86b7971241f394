import type { V1ObjectMeta } from "@kubernetes/client-node";

import { ClusterApi } from "../../gates/clusterApi";

/** As much of Flux' HelmRelease as tells which release it is about. */
interface HelmRelease {
  readonly metadata: V1ObjectMeta;
  readonly spec: {
    readonly releaseName?: string;
    readonly targetNamespace?: string;
    readonly suspend?: boolean;
  };
}

interface ApplicationSource {
  readonly chart?: string;
  readonly helm?: { readonly releaseName?: string };
}

/** As much of Argo CD's Application as tells what it installs, and whether by itself. */
interface Application {
  readonly metadata: V1ObjectMeta;
  readonly spec: {
    readonly destination?: { readonly namespace?: string };
    readonly source?: ApplicationSource;
    readonly sources?: readonly ApplicationSource[];
    readonly syncPolicy?: { readonly automated?: { readonly enabled?: boolean } };
  };
}

/** Who may be at Cilium. */
export interface OtherManagers {
  /** DaemonSets of agents, in any namespace. */
  readonly agents: readonly V1ObjectMeta[];
  readonly helmReleases: readonly HelmRelease[];
  readonly applications: readonly Application[];
}

/** The method that takes Cilium over: as a release of Helm, or as manifests, which need none. */
export type TakenOverAs = "release" | "cli" | "manifests";

/**
 * Why a Cilium that is there cannot be taken over as the release `cilium` in `kube-system`, or as its
 * objects, and what to do; undefined where it can, or where there is none. Pure.
 */
export function takeOverFault(others: OtherManagers, as: TakenOverAs): string | undefined {
  return (
    others.agents.map((agent) => agentFault(agent, as)).find((fault) => fault !== undefined) ??
    others.helmReleases.map(fluxFault).find((fault) => fault !== undefined) ??
    others.applications.map(argoCDFault).find((fault) => fault !== undefined)
  );
}

function agentFault(
  { name, namespace, annotations = {} }: V1ObjectMeta,
  as: TakenOverAs,
): string | undefined {
  const at = `agents run as DaemonSet ${namespace}/${name}`;
  const release = annotations["meta.helm.sh/release-name"];
  const home = annotations["meta.helm.sh/release-namespace"];
  if (release === undefined && namespace === "kube-system" && name === "cilium") {
    if (as === "manifests") return undefined;
    return `${at}, which Helm did not install: set installMethod to manifests first, which takes each object over as it is and marks it for Helm, then to ${as}`;
  }
  if (release === "cilium" && home === "kube-system" && namespace === home) return undefined;
  return `${at} of ${release === undefined ? "no release" : `release ${home}/${release}`}, and only the release cilium in kube-system can be taken over: a second Cilium would fight it`;
}

function fluxFault({ metadata, spec }: HelmRelease): string | undefined {
  const { name, namespace } = metadata;
  const { releaseName, targetNamespace, suspend } = spec;
  const release = releaseName ?? (targetNamespace ? `${targetNamespace}-${name}` : name);
  if (suspend || release !== "cilium" || (targetNamespace ?? namespace) !== "kube-system") {
    return undefined;
  }
  return (
    `Flux manages this Cilium, and would set it back (HelmRelease ${namespace}/${name}). Suspend it, take over, then delete it: suspended, it uninstalls nothing.\n` +
    `  kubectl -n ${namespace} patch helmrelease ${name} --type merge -p '{"spec":{"suspend":true}}'`
  );
}

function argoCDFault({ metadata, spec }: Application): string | undefined {
  const { destination, source, sources = [], syncPolicy } = spec;
  const isCilium = [...(source ? [source] : []), ...sources].some(
    ({ chart, helm }) => chart === "cilium" || helm?.releaseName === "cilium",
  );
  const isAutomatic = syncPolicy?.automated && syncPolicy.automated.enabled !== false;
  if (!isCilium || !isAutomatic || destination?.namespace !== "kube-system") return undefined;
  const { name, namespace } = metadata;
  return (
    `Argo CD manages this Cilium, and would set it back (Application ${namespace}/${name}). End its automatic sync, take over, then delete it with kubectl: without finalizers, it deletes nothing else.\n` +
    `  kubectl -n ${namespace} patch application ${name} --type merge -p '{"metadata":{"finalizers":null},"spec":{"syncPolicy":{"automated":null}}}'`
  );
}

/** {@link takeOverFault} of a cluster. One question where no agent runs, which is where time counts. */
export async function otherManager(
  kubeconfig: string,
  as: TakenOverAs,
): Promise<string | undefined> {
  const api = await ClusterApi.connect(kubeconfig);
  const agents = await api.list<{ metadata: V1ObjectMeta }>(
    "/apis/apps/v1/daemonsets?labelSelector=k8s-app%3Dcilium",
  );
  if (agents.length === 0) return undefined;
  const [helmReleases, applications] = await Promise.all([
    api.list<HelmRelease>("/apis/helm.toolkit.fluxcd.io/v2/helmreleases"),
    api.list<Application>("/apis/argoproj.io/v1alpha1/applications"),
  ]);
  const metadata = agents.map((agent) => agent.metadata);
  return takeOverFault({ agents: metadata, helmReleases, applications }, as);
}
