import { type IpFamily, parseCidr } from "../spec/cidr";
import { type ChartValues, isMap, valueAt } from "./chartValues";

/** The chart's own, where nothing is said. */
const OWN_POOL = ["10.0.0.0/8"];

/**
 * Networks that pods get their addresses from, as the values' IPAM decides it: Kubernetes gives out
 * podSubnets, Cilium its own pools, and of a cloud's nothing is known. Pure.
 */
export function podNetworksOf(
  values: ChartValues,
  podSubnets: readonly string[] = [],
): readonly string[] {
  switch (valueAt(values, ["ipam", "mode"]) ?? "cluster-pool") {
    case "kubernetes":
      return podSubnets;
    case "cluster-pool":
      return [
        ...clusterPool(
          values,
          "IPv4",
          valueAt(values, ["ipv4", "enabled"]) === false ? [] : OWN_POOL,
        ),
        ...clusterPool(values, "IPv6", []),
      ];
    case "multi-pool":
      return pools(values);
    default:
      return [];
  }
}

/** The one network of a family; undefined where there is none, or several, which one CIDR does not hold. Pure. */
export function onlyNetwork(networks: readonly string[], family: IpFamily): string | undefined {
  const found = networks.filter((each) => parseCidr(each)?.family === family);
  return found.length === 1 ? found[0] : undefined;
}

function clusterPool(
  values: ChartValues,
  family: IpFamily,
  unset: readonly string[],
): readonly string[] {
  const list = valueAt(values, ["ipam", "operator", `clusterPool${family}PodCIDRList`]);
  if (Array.isArray(list)) return list.map(String);
  // The chart takes a list also as a text.
  return typeof list === "string" ? list.split(" ") : unset;
}

function pools(values: ChartValues): string[] {
  const all = valueAt(values, ["ipam", "operator", "autoCreateCiliumPodIPPools"]);
  if (!isMap(all)) return [];
  return Object.values(all).flatMap((pool) =>
    ["ipv4", "ipv6"].flatMap((family) => {
      const cidrs = isMap(pool) ? valueAt(pool, [family, "cidrs"]) : undefined;
      return Array.isArray(cidrs) ? cidrs.map(String) : [];
    }),
  );
}
