import type { ServedKind } from "../../gates/served";
import { hashOf } from "../../hash";
import type { Problem } from "../../problems";
import type { CiliumSpec } from "../../spec";
import type { ChartValues } from "../../values";
import { neededKinds } from "../neededKinds";
import type { Manifest } from "../objects";
import { repositoryOf } from "../releaseValues";
import { type ChartRequest, HelmError, runTemplate } from "./helm";
import { hasKeys, manifestText, renderedObjects } from "./manifestText";
import { FRESH_KEYS, HELM_MISSING, notRendered } from "./refusals";

/** Cilium's chart as objects. */
export interface RenderedCilium {
  readonly objects: readonly Manifest[];
  /** All of them as one YAML text, the same for the same chart and values. */
  readonly text: string;
  /** Whether it holds key material. */
  readonly isSecret: boolean;
}

export type Rendering =
  | { readonly rendered: RenderedCilium; readonly problems: readonly [] }
  | { readonly rendered?: undefined; readonly problems: readonly Problem[] };

/** A program asks more than once: when it checks its configuration and when it goes by it. */
const known = new Map<string, Rendering>();

/**
 * Renders the chart as Helm would install it, without a cluster. Refused is a render that makes new
 * keys: every run would hand them to agents that use the old ones.
 *
 * @param kubernetesVersion what charts ask for, without `v`
 * @param directory what a relative path of a chart is relative to
 */
export function renderCilium(
  cilium: CiliumSpec,
  values: ChartValues,
  kubernetesVersion?: string,
  directory = process.cwd(),
): Rendering {
  const request: ChartRequest = {
    chart: cilium.chart,
    version: cilium.version,
    repo: repositoryOf(cilium)?.repo,
    kubernetesVersion,
    apiVersions: neededKinds(cilium).map(apiVersionOf),
  };
  const key = hashOf({ request, values, directory, helm: process.env["HELM_BIN"] ?? "" });
  const rendering = known.get(key) ?? render(request, values, directory);
  known.set(key, rendering);
  return rendering;
}

function render(request: ChartRequest, values: ChartValues, directory: string): Rendering {
  try {
    const objects = renderedObjects(runTemplate(request, values, directory));
    const text = manifestText(objects);
    const isSecret = hasKeys(objects);
    const again = () => manifestText(renderedObjects(runTemplate(request, values, directory)));
    if (isSecret && again() !== text) return { problems: [FRESH_KEYS] };
    return { rendered: { objects, text, isSecret }, problems: [] };
  } catch (error) {
    if (error instanceof HelmError && error.isMissing) return { problems: [HELM_MISSING] };
    return { problems: [notRendered(request.chart, (error as Error).message)] };
  }
}

/** Kinds that charts ask for, by their word in paths. */
const KINDS: Readonly<Record<string, string>> = {
  gatewayclasses: "GatewayClass",
  gateways: "Gateway",
  httproutes: "HTTPRoute",
  grpcroutes: "GRPCRoute",
  referencegrants: "ReferenceGrant",
  tlsroutes: "TLSRoute",
  backendtlspolicies: "BackendTLSPolicy",
  certificates: "Certificate",
};

/** A kind that the cluster will serve, as Helm names it. */
function apiVersionOf({ group, version, plural }: ServedKind): string {
  return `${group}/${version}/${KINDS[plural] ?? plural}`;
}
