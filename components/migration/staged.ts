import * as z from "zod/mini";

import type { CiliumSpec } from "../spec";
import { ciliumSchema } from "../spec/ciliumSchema";

/** Values of the chart, by their first key, that need policies, the replacement of kube-proxy or eBPF's routes. */
const WAITING: ReadonlySet<string> = new Set([
  "autoDirectNodeRoutes",
  "bandwidthManager",
  "bgpControlPlane",
  "bpf",
  "clustermesh",
  "egressGateway",
  "encryption",
  "gatewayAPI",
  "hostFirewall",
  "ingressController",
  "kubeProxyReplacement",
  "l2announcements",
  "loadBalancer",
  "localRedirectPolicies",
  "nodePort",
  "policyEnforcementMode",
  "routingMode",
]);

/**
 * Cilium as it is installed at the stage of its migration: the spec says what shall be in the end.
 * Features come with the last stage, because most need policies or the replacement of kube-proxy. Pure.
 *
 * @returns the same object where there is no migration, or it is done
 */
export function stagedCilium(cilium: CiliumSpec): CiliumSpec {
  const { migration } = cilium;
  if (!migration || migration.stage === "done") return cilium;
  const { version, chart, repositoryOpts, imageRegistry, timeout, installMethod } = cilium;
  const base = {
    ...{ version, chart, repositoryOpts, imageRegistry, timeout, migration },
    kubeProxyReplacement: false,
  };
  const staged =
    migration.stage === "planned"
      ? { ...base, installMethod: "none", hubble: { enabled: false } }
      : {
          ...base,
          installMethod,
          operatorReplicas: cilium.operatorReplicas,
          hubble: cilium.hubble,
          values: withoutFeatures(cilium.values),
        };
  return z.parse(ciliumSchema, staged);
}

function withoutFeatures(values: CiliumSpec["values"]): CiliumSpec["values"] {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !WAITING.has(key)));
}

/** Cilium as it shall be in the end, which is what its rules are asked about. Pure. */
export function ciliumInTheEnd(cilium: CiliumSpec): CiliumSpec {
  const { migration } = cilium;
  return migration ? { ...cilium, migration: { ...migration, stage: "done" } } : cilium;
}
