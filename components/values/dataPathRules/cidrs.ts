import { type IpFamily, parseCidr } from "../../spec/cidr";
import { type ChartValues, isMap } from "../chartValues";
import type { DataPathRule } from "./dataPathRule";
import { get, given, isTrue, on } from "./facts";

interface CidrKey {
  readonly path: string;
  readonly family: IpFamily;
  readonly input?: string;
  /** Whether the chart hands it on. @default it always does */
  readonly isRead?: (values: ChartValues, minor: number) => boolean;
}

const STRICT = { family: "IPv4", input: "encryption.strictMode.cidr" } as const;

/** Networks that agents or the operator parse, of one family each. The chart renders any text. */
const CIDR_KEYS: readonly CidrKey[] = [
  ...(["IPv4", "IPv6"] as const).flatMap((family): CidrKey[] => {
    const native = `${family.toLowerCase()}NativeRoutingCIDR`;
    return [
      { path: native, family, input: `routing.${native}` },
      {
        path: `ipam.operator.clusterPool${family}PodCIDRList`,
        family,
        isRead: (values) =>
          (get(values, "ipam.mode") ?? "cluster-pool") === "cluster-pool" &&
          on(values, `${family.toLowerCase()}.enabled`, family === "IPv4"),
      },
    ];
  }),
  {
    ...STRICT,
    path: "encryption.strictMode.cidr",
    isRead: (values, minor) => minor < 20 && isTrue(values, "encryption.strictMode.enabled"),
  },
  {
    ...STRICT,
    path: "encryption.strictMode.egress.cidr",
    isRead: (values, minor) => minor > 18 && isTrue(values, "encryption.strictMode.egress.enabled"),
  },
];

const POOLS = "ipam.operator.autoCreateCiliumPodIPPools";

/** Pools that the operator makes at its start, of any name. */
const poolNetworks: DataPathRule = {
  id: "chart-value-cidr",
  path: POOLS,
  breaks: (values) => {
    const pools = get(values, POOLS);
    if (get(values, "ipam.mode") !== "multi-pool" || !isMap(pools)) return false;
    return Object.values(pools).some(
      (pool) => isMap(pool) && (hasWrongNetwork(pool, "IPv4") || hasWrongNetwork(pool, "IPv6")),
    );
  },
  reason:
    "a network of a pool is none of its family, or smaller than what a node gets of it, and the operator does not start",
  fix: "write networks in CIDR notation under ipv4.cidrs and ipv6.cidrs, with a maskSize that is no smaller than their prefix",
};

function hasWrongNetwork(pool: ChartValues, family: IpFamily): boolean {
  const at = family.toLowerCase();
  const size = get(pool, `${at}.maskSize`);
  return networks(get(pool, `${at}.cidrs`) ?? []).some((text) => {
    const network = parseCidr(text);
    return network?.family !== family || Number(size ?? network.prefix) < network.prefix;
  });
}

const keyNetworks = CIDR_KEYS.map(({ path, family, input, isRead = () => true }): DataPathRule => ({
  id: "chart-value-cidr",
  path,
  ...(input !== undefined && { input }),
  breaks: (values, { minor }) =>
    given(values, path) &&
    isRead(values, minor) &&
    networks(get(values, path)).some((text) => parseCidr(text)?.family !== family),
  reason: `it is no ${family} network, and what reads it does not start`,
  fix: `write a network in CIDR notation, such as ${family === "IPv4" ? "10.244.0.0/16" : "fd00:10:244::/56"}`,
}));

/** Families of the pods' networks, where Kubernetes gives nodes their part of them. */
const families = (["IPv4", "IPv6"] as const).flatMap((family): DataPathRule[] => {
  const path = `${family.toLowerCase()}.enabled`;
  const isOn = (values: ChartValues) => on(values, path, family === "IPv4");
  const hasPods = (podNetworks: readonly string[]) =>
    podNetworks.some((text) => parseCidr(text)?.family === family);
  const isJudged = (values: ChartValues, podNetworks: readonly string[]) =>
    get(values, "ipam.mode") === "kubernetes" && podNetworks.length > 0;
  return [
    {
      id: "pod-family-missing",
      silenceable: true,
      path,
      breaks: (values, { podNetworks = [] }) =>
        isJudged(values, podNetworks) && isOn(values) && !hasPods(podNetworks),
      reason: `agents wait for an ${family} network of their node, and podSubnets has none`,
      fix: `set it to false, or add an ${family} network to podSubnets and serviceSubnets`,
    },
    {
      id: "pod-family-off",
      warns: true,
      path,
      breaks: (values, { podNetworks = [] }) =>
        isJudged(values, podNetworks) && !isOn(values) && hasPods(podNetworks),
      reason: `podSubnets has an ${family} network, and no pod gets an address of it`,
      fix: "set it to true, or take the network out of podSubnets and serviceSubnets",
    },
  ];
});

export const cidrRules: readonly DataPathRule[] = [...keyNetworks, poolNetworks, ...families];

/** The chart takes a list also as a text, with spaces between. */
function networks(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : String(value).split(" ");
}
