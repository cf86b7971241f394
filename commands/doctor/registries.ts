import { chartReference } from "../../components/cilium/chartReference";
import { type ClusterSpec, DEFAULT_CHART_REPOSITORY } from "../../components/spec";
import { type Finding, findingsOf } from "./finding";

/** Something that is fetched from elsewhere, and where it can be had. */
export interface Source {
  readonly subject: string;
  /** Whether this computer fetches it; else the machines do. */
  readonly isFetchedHere: boolean;
  /** Any of these will do. */
  readonly urls: readonly string[];
  /** Asked when none of them answers. */
  readonly fallback?: string;
}

export type SourceAnswer =
  | { readonly url: string; readonly status: number }
  | { readonly url: string; readonly error: Error }
  /** A proxy stands in the environment, through which the doctor does not ask. */
  | { readonly url: string; readonly proxied: true };

/** Registries of the images that every cluster runs, and whose they are. */
const REGISTRIES: Readonly<Record<string, string>> = {
  "ghcr.io": "Talos' installer, kubelet",
  "registry.k8s.io": "Kubernetes, etcd, CoreDNS",
  "quay.io": "Cilium",
};
const FACTORY = "factory.talos.dev";

/** What a cluster is fetched from: the chart's repository, and the registries or their mirrors. Pure. */
export function sourcesOf(spec: ClusterSpec): Source[] {
  const hosts = { ...REGISTRIES };
  if (spec.nodes.some(({ schematicId }) => schematicId)) hosts[FACTORY] = "Talos' installer";
  for (const { installerImage } of spec.nodes) {
    const host = installerImage?.split("/")[0];
    if (host && /[.:]/.test(host)) hosts[host] ??= "Talos' installer";
  }
  return [
    ...chartSource(spec),
    ...Object.entries(hosts).map(([host, what]) => registrySource(spec, host, what)),
  ];
}

function chartSource({ cilium }: ClusterSpec): Source[] {
  const { chart, repositoryOpts } = cilium;
  const repository = (repositoryOpts.repo ?? DEFAULT_CHART_REPOSITORY).replace(/\/+$/, "");
  const url = chartURL(chart, repository);
  if (url === undefined) return [];
  return [{ subject: `chart ${chart}`, isFetchedHere: true, urls: [url] }];
}

/** Undefined where none is known: on this computer, or of a repository that only its Helm has the URL of. */
function chartURL(chart: string, repository: string): string | undefined {
  const reference = chartReference(chart);
  switch (reference.kind) {
    case "name":
      return `${repository}/index.yaml`;
    case "oci":
      return `https://${reference.registry.split("/")[0]}/v2/`;
    case "url":
      return chart;
    default:
      return undefined;
  }
}

function registrySource(spec: ClusterSpec, host: string, what: string): Source {
  const mirror = spec.registryMirrors[host] ?? spec.registryMirrors["*"];
  const own = `https://${host}/v2/`;
  const common = { subject: `${host} (${what})`, isFetchedHere: false };
  if (!mirror || mirror.endpoints.length === 0) return { ...common, urls: [own] };
  const urls = mirror.endpoints.map((endpoint) => {
    const base = endpoint.replace(/\/+$/, "");
    return mirror.overridePath ? `${base}/` : `${base}/v2/`;
  });
  return { ...common, urls, ...(!mirror.skipFallback && { fallback: own }) };
}

const { ok, warn, fail } = findingsOf("registries");

/** Whether a source can be used, by what each of its places answered. Pure. */
export function sourceFinding(source: Source, answers: readonly SourceAnswer[]): Finding {
  const { subject, isFetchedHere } = source;
  const good = answers.find((answer) => "status" in answer && isGood(answer.status));
  if (good) return ok(subject, `${good.url} answers`);
  const proxied = answers.find((answer) => "proxied" in answer);
  if (proxied) {
    const message = `not asked: requests go through the proxy of HTTPS_PROXY`;
    return warn(subject, message, `ask yourself: curl -sSI ${proxied.url}`);
  }
  const told = answers
    .map((answer) => `${answer.url}: ${"status" in answer ? answer.status : reason(answer)}`)
    .join("; ");
  return isFetchedHere
    ? fail(
        subject,
        `it cannot be fetched from here: ${told}`,
        "check the way there, or give another repositoryOpts.repo or a chart on this computer",
      )
    : warn(
        subject,
        `it does not answer from here: ${told}`,
        "make sure that the machines reach it, or name a mirror in registryMirrors",
      );
}

/** A registry asks strangers for a token; that is an answer. */
function isGood(status: number): boolean {
  return (status >= 200 && status < 400) || status === 401;
}

function reason(answer: SourceAnswer): string {
  return "error" in answer ? answer.error.message : "";
}
