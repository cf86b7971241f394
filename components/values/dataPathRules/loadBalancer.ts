import type { ChartValues } from "../chartValues";
import type { DataPathRule } from "./dataPathRule";
import { get, given, replacesKubeProxy, routesNatively } from "./facts";

/** Sizes of Maglev's table that agents take: primes. */
export const MAGLEV_TABLE_SIZES: readonly number[] = [
  251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071,
];

/** How services are balanced. */
export const loadBalancerRules: readonly DataPathRule[] = [
  {
    id: "load-balancer-kube-proxy",
    path: "kubeProxyReplacement",
    input: "loadBalancer",
    breaks: (values) =>
      !replacesKubeProxy(values) &&
      (answersDirectly(values) ||
        get(values, "loadBalancer.algorithm") === "maglev" ||
        isAccelerated(values)),
    reason: "kube-proxy balances the services of this cluster, and knows nothing of it",
    fix: "set kubeProxyReplacement to true, or leave loadBalancer out",
  },
  {
    id: "dsr-tunnel",
    path: "loadBalancer.mode",
    input: "loadBalancer.mode",
    breaks: (values) =>
      answersDirectly(values) && !routesNatively(values) && dispatch(values) !== "geneve",
    reason: "through tunnels only Geneve hands the address of the service on",
    fix: "set routing.mode to native, or dsrDispatch and routing.tunnelProtocol to geneve",
  },
  {
    id: "dsr-geneve",
    path: "loadBalancer.dsrDispatch",
    input: "loadBalancer.dsrDispatch",
    breaks: (values) =>
      answersDirectly(values) &&
      dispatch(values) === "geneve" &&
      get(values, "tunnelProtocol") !== "geneve",
    reason: "agents make a device for Geneve only where that is the protocol of the tunnels",
    fix: "set routing.tunnelProtocol to geneve, also with native routing",
  },
  {
    id: "maglev-table-size",
    path: "maglev.tableSize",
    input: "loadBalancer.maglevTableSize",
    breaks: (values) =>
      given(values, "maglev.tableSize") &&
      !MAGLEV_TABLE_SIZES.includes(Number(get(values, "maglev.tableSize"))),
    reason: "no agent starts with a table of another size than some primes",
    fix: `set one of ${MAGLEV_TABLE_SIZES.join(", ")}`,
  },
];

function answersDirectly(values: ChartValues): boolean {
  return /^(dsr|hybrid)$/.test(String(get(values, "loadBalancer.mode")));
}

function isAccelerated(values: ChartValues): boolean {
  return /^(native|best-effort)$/.test(String(get(values, "loadBalancer.acceleration")));
}

function dispatch(values: ChartValues): unknown {
  return get(values, "loadBalancer.dsrDispatch") ?? "opt";
}
