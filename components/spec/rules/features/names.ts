import { isDnsLabel, isDnsName, labelKeyFault, labelValueFault } from "../../kubernetesNames";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import type { CiliumRule } from "./ciliumRule";

/** Names and selectors of objects, whatever feature they are of. */
export const objectRules: readonly CiliumRule[] = [
  { id: "object-name", check: objectName },
  { id: "object-namespace", check: objectNamespace },
  { id: "label-selector", check: labelSelector },
];

/** Groups whose keys become names of Kubernetes objects. */
function namedObjects({
  lbIPAM,
  l2Announcements,
  gatewayAPI,
  bgpControlPlane: bgp,
}: CiliumSpec): [path: string, names: object][] {
  return [
    ["cilium.lbIPAM.pools", lbIPAM?.pools ?? {}],
    ["cilium.l2Announcements.policies", l2Announcements?.policies ?? {}],
    ["cilium.bgpControlPlane.clusterConfigs", bgp?.clusterConfigs ?? {}],
    ["cilium.bgpControlPlane.peerConfigs", bgp?.peerConfigs ?? {}],
    ["cilium.bgpControlPlane.advertisements", bgp?.advertisements ?? {}],
    ["cilium.bgpControlPlane.nodeConfigOverrides", bgp?.nodeConfigOverrides ?? {}],
    ["cilium.gatewayAPI.gateways", gatewayAPI?.gateways ?? {}],
    ["cilium.gatewayAPI.httpRoutes", gatewayAPI?.httpRoutes ?? {}],
    ["cilium.gatewayAPI.grpcRoutes", gatewayAPI?.grpcRoutes ?? {}],
    ["cilium.gatewayAPI.tlsRoutes", gatewayAPI?.tlsRoutes ?? {}],
  ];
}

function* objectName(cilium: CiliumSpec): Iterable<Finding> {
  for (const [path, names] of namedObjects(cilium)) {
    for (const name of Object.keys(names).filter((each) => !isDnsName(each))) {
      yield {
        propertyPath: propertyPath([...path.split("."), name]),
        got: name,
        reason: "it is no name of a Kubernetes object: a DNS name in lower case",
        fix: "write for example home",
      };
    }
  }
}

/** Maps whose keys are the user's own words. */
const FREE_MAPS = ["annotations", "serviceAnnotations", "labels", "matchLabels"];

function* objectNamespace({ values: _, ...features }: CiliumSpec): Iterable<Finding> {
  for (const [path, got] of namespaces(features, ["cilium"])) {
    if (isDnsLabel(got)) continue;
    yield {
      propertyPath: propertyPath(path),
      got,
      reason: "it is no name of a namespace: up to 63 of a-z, 0-9 and -",
      fix: "write for example shop",
    };
  }
}

/** Every namespace in the features, wherever it stands. */
function* namespaces(
  value: unknown,
  path: readonly (string | number)[],
): Iterable<[readonly (string | number)[], string]> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    if (FREE_MAPS.includes(String(key))) continue;
    const isName =
      key === "namespace" ||
      key === "defaultSecretNamespace" ||
      path.at(-1) === "excludedNamespaces";
    if (isName && typeof inner === "string") yield [[...path, key], inner];
    else yield* namespaces(inner, [...path, key]);
  }
}

/** What Cilium's policies may say before a label: where it comes from. */
const SOURCE = /^(k8s|any|cidr|cidrgroup|reserved|node|fqdn|container|cni):/;

/** A selector of labels, as far as rules look at it. */
export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

function* labelSelector({ values: _, ...features }: CiliumSpec): Iterable<Finding> {
  for (const [path, { matchLabels = {}, matchExpressions = [] }] of selectors(features, [
    "cilium",
  ])) {
    for (const [key, value] of Object.entries(matchLabels)) {
      const reason = labelKeyFault(key.replace(SOURCE, "")) ?? labelValueFault(value);
      if (reason) yield fault([...path, "matchLabels", key], value, reason);
    }
    for (const [index, expression] of matchExpressions.entries()) {
      const reason = expressionFault(expression);
      if (reason) yield fault([...path, "matchExpressions", index], expression, reason);
    }
  }
}

function fault(path: readonly (string | number)[], got: unknown, reason: string): Finding {
  return {
    propertyPath: propertyPath(path),
    got,
    reason,
    fix: "write it as Kubernetes does, for example { key: zone, operator: In, values: [a, b] }",
  };
}

function expressionFault({
  key,
  operator,
  values = [],
}: NonNullable<Selector["matchExpressions"]>[number]): string | undefined {
  const takesValues = operator === "In" || operator === "NotIn";
  if (takesValues && values.length === 0) return `${operator} needs values`;
  if (!takesValues && values.length > 0) return `${operator} takes no values`;
  return labelKeyFault(key.replace(SOURCE, "")) ?? values.map(labelValueFault).find(Boolean);
}

/** Every selector in the features, wherever it stands. */
function* selectors(
  value: unknown,
  path: readonly (string | number)[],
): Iterable<[readonly (string | number)[], Selector]> {
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) yield* selectors(inner, [...path, index]);
  } else if (typeof value === "object" && value !== null) {
    if ("matchLabels" in value || "matchExpressions" in value) yield [path, value as Selector];
    else for (const [key, inner] of Object.entries(value)) yield* selectors(inner, [...path, key]);
  }
}
