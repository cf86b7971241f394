import { valueAt } from "./propertyTree";

export const TALOS_SECRETS = "talos:machine/secrets:Secrets";
export const TALOS_APPLY = "talos:machine/configurationApply:ConfigurationApply";
/** What `cilium install` installed, and the readiness gate. */
export const STASH = "pulumi:index:Stash";

const CHART_TYPES = [
  "kubernetes:helm.sh/v3:Release",
  "kubernetes:helm.sh/v3:Chart",
  "kubernetes:helm.sh/v4:Chart",
];

/** Whether resources of a type are Helm charts. */
export function isChart(type: string): boolean {
  return CHART_TYPES.includes(type);
}

/** Whether a resource is Cilium's chart, by name, path, archive or `oci://` reference. */
export function isCilium(type: string, props: unknown): boolean {
  const chart = valueAt(props, "chart");
  return isChart(type) && typeof chart === "string" && /(^|\/)cilium(-v?\d[^/]*)?\/?$/.test(chart);
}

/** Whether resources of a type read Kubernetes objects from files or URLs. */
export function isManifestFile(type: string): boolean {
  return /^kubernetes:yaml(\/v2)?:Config(File|Group)$/.test(type);
}

/** The kind of a Kubernetes object, for instance `Ingress`; undefined for a type that is none. */
export function kindOf(type: string): string | undefined {
  return isChart(type) || isManifestFile(type)
    ? undefined
    : /^kubernetes:[^:]+:(\w+)$/.exec(type)?.[1];
}
