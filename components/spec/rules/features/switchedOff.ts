import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import { ownValue } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";

/** A key of `cilium` and a value of the user's own that say the opposite; the value wins. */
export const switchedOffRules: readonly CiliumRule[] = [
  { id: "feature-switched-off", silenceable: true, check: featureSwitchedOff },
  { id: "feature-said-otherwise", check: featureSaidOtherwise },
];

/** Features that are on when their key is there, and the chart's switch of each. */
const SWITCHES = {
  l2Announcements: "l2announcements.enabled",
  bgpControlPlane: "bgpControlPlane.enabled",
  gatewayAPI: "gatewayAPI.enabled",
  ingressController: "ingressController.enabled",
  encryption: "encryption.enabled",
  bandwidthManager: "bandwidthManager.enabled",
  hostFirewall: "hostFirewall.enabled",
  egressGateway: "egressGateway.enabled",
  localRedirectPolicies: "localRedirectPolicies.enabled",
  clusterMesh: "clustermesh.useAPIServer",
} as const satisfies Partial<Record<keyof CiliumSpec, string>>;

function* featureSwitchedOff(cilium: CiliumSpec): Iterable<Finding> {
  const asked = [
    ...Object.entries(SWITCHES).filter(([key]) => cilium[key as keyof typeof SWITCHES]),
    ...(cilium.hubble.relay ? [["hubble.relay", "hubble.relay.enabled"] as const] : []),
    ...(cilium.hubble.ui ? [["hubble.ui", "hubble.ui.enabled"] as const] : []),
  ];
  for (const [key, path] of asked) {
    const got = ownValue(cilium, path);
    if (String(got) !== "false") continue;
    yield {
      propertyPath: `cilium.values.${path}`,
      got,
      reason: `it switches off what cilium.${key} asks for, whose objects then do nothing`,
      fix: `remove it, or leave cilium.${key} out`,
    };
  }
}

// Others of a mesh, and the program itself, go by the key of `cilium`; agents by the value.
function* featureSaidOtherwise(cilium: CiliumSpec): Iterable<Finding> {
  const { clusterMesh, encryption } = cilium;
  const said: [string, unknown, string][] = [
    ["clusterMesh.name", clusterMesh?.name, "cluster.name"],
    ["clusterMesh.id", clusterMesh?.id, "cluster.id"],
    ["encryption.type", encryption?.type, "encryption.type"],
  ];
  for (const [key, ours, path] of said) {
    const got = ownValue(cilium, path);
    if (ours === undefined || got === undefined || String(got) === String(ours)) continue;
    yield {
      propertyPath: `cilium.values.${path}`,
      got,
      reason: `cilium.${key} says ${String(ours)}, by which everything else goes`,
      fix: "remove it",
    };
  }
}
