import { parseAddress, parseCidr } from "../../cidr";
import type { CiliumSpec } from "../../schema";
import { parseVersion } from "../../versions";
import type { Finding } from "../rule";
import { bgpFamilyRules } from "./bgpFamilies";
import { bgpOverrideRules } from "./bgpOverrides";
import { LARGEST_ASN, type Path, advertisedBy, at, instancesOf, of } from "./bgpParts";
import { bgpPasswordRules } from "./bgpPasswords";
import type { CiliumRule } from "./ciliumRule";

/** BGP; what depends on the nodes stands in the rules of the cluster. */
export const bgpRules: readonly CiliumRule[] = [
  { id: "bgp-instances", check: bgpInstances },
  { id: "bgp-name", check: bgpName },
  { id: "bgp-number", check: bgpNumber },
  { id: "bgp-peer-address", check: bgpPeerAddress },
  { id: "bgp-peer-config", check: bgpPeerConfig },
  { id: "bgp-nothing", warns: true, check: bgpNothing },
  ...bgpFamilyRules,
  { id: "bgp-advertisement", check: bgpAdvertisement },
  { id: "bgp-community", check: bgpCommunity },
  ...bgpPasswordRules,
  { id: "bgp-timers", check: bgpTimers },
  { id: "bgp-router-id", check: bgpRouterID },
  { id: "bgp-version", check: bgpVersion },
  ...bgpOverrideRules,
];

const NAMES = [
  ...["internet", "planned-shut", "accept-own", "llgr-stale", "no-llgr", "blackhole"],
  ...["route-filter-translated-v4", "route-filter-v4", "route-filter-translated-v6"],
  ...["route-filter-v6", "no-export", "no-advertise", "no-export-subconfed", "no-peer"],
];

function* bgpInstances(cilium: CiliumSpec): Iterable<Finding> {
  for (const [name, { bgpInstances: got }] of Object.entries(of(cilium).clusterConfigs)) {
    if (got.length >= 1 && got.length <= 16) continue;
    yield {
      propertyPath: at("clusterConfigs", name, "bgpInstances"),
      got: got.length,
      reason: "a node has 1 to 16 instances",
      fix: "add an instance with its peers, or remove the entry",
    };
  }
}

function* bgpName(cilium: CiliumSpec): Iterable<Finding> {
  for (const { path, instance } of instancesOf(cilium)) {
    const names: [Path, string][] = [
      [[...path, "name"], instance.name],
      ...instance.peers.map(({ name }, index): [Path, string] => [
        [...path, "peers", index, "name"],
        name,
      ]),
    ];
    for (const [place, got] of names) {
      if (got.length >= 1 && got.length <= 255) continue;
      yield {
        propertyPath: at(...place),
        got,
        reason: "a name has 1 to 255 characters",
        fix: "write for example tor-1",
      };
    }
  }
}

function* bgpNumber(cilium: CiliumSpec): Iterable<Finding> {
  for (const { path, instance } of instancesOf(cilium)) {
    const numbers = [
      { key: [...path, "localASN"], got: instance.localASN, least: 1, most: LARGEST_ASN },
      { key: [...path, "localPort"], got: instance.localPort, least: 1, most: 65535 },
      ...instance.peers.map(({ peerASN }, index) => ({
        key: [...path, "peers", index, "peerASN"],
        got: peerASN,
        least: 0,
        most: LARGEST_ASN,
      })),
    ];
    yield* outOfRange(numbers);
  }
  for (const [name, config] of Object.entries(of(cilium).peerConfigs)) {
    const number = (key: string, got: number | undefined, least: number, most: number) => ({
      key: ["peerConfigs", name, key],
      got,
      least,
      most,
    });
    yield* outOfRange([
      number("ebgpMultihop", config.ebgpMultihop, 1, 255),
      number("restartTimeSeconds", config.restartTimeSeconds, 1, 4095),
      number("connectRetryTimeSeconds", config.connectRetryTimeSeconds, 1, 2147483647),
      number("holdTimeSeconds", config.holdTimeSeconds, 3, 65535),
      number("keepAliveTimeSeconds", config.keepAliveTimeSeconds, 1, 65535),
      number("peerPort", config.peerPort, 1, 65535),
    ]);
  }
  for (const { path, one } of advertisedBy(cilium)) {
    const key = [...path, "localPreference"];
    yield* outOfRange([{ key, got: one.localPreference, least: 0, most: LARGEST_ASN }]);
  }
}

function* outOfRange(
  numbers: readonly { key: Path; got: number | undefined; least: number; most: number }[],
): Iterable<Finding> {
  for (const { key, got, least, most } of numbers) {
    if (got === undefined || (got >= least && got <= most)) continue;
    yield {
      propertyPath: at(...key),
      got,
      reason: `it is not from ${least} to ${most}`,
      fix: "write a number in that range",
    };
  }
}

function* bgpPeerAddress(cilium: CiliumSpec): Iterable<Finding> {
  for (const { path, instance } of instancesOf(cilium)) {
    for (const [index, { peerAddress: got, autoDiscovery }] of instance.peers.entries()) {
      const where = [...path, "peers", index];
      if ((got === undefined) === (autoDiscovery === undefined)) {
        yield {
          propertyPath: at(...where),
          got: got ?? "neither",
          reason: "a peer has an address, or is the default gateway",
          fix: "keep one of peerAddress and autoDiscovery",
        };
      } else if (got !== undefined && !parseAddress(got)) {
        const bare = got.split("/")[0]!;
        yield {
          propertyPath: at(...where, "peerAddress"),
          got,
          reason: parseAddress(bare)
            ? "an address of a peer has no mask; CiliumBGPPeeringPolicy had one"
            : "it is no address",
          fix: `write ${parseAddress(bare) ? bare : "for example 10.5.0.1"}`,
        };
      }
    }
  }
}

function* bgpPeerConfig(cilium: CiliumSpec): Iterable<Finding> {
  const names = Object.keys(of(cilium).peerConfigs);
  for (const { path, instance } of instancesOf(cilium)) {
    for (const [index, { peerConfig: got }] of instance.peers.entries()) {
      if (got === undefined || names.includes(got)) continue;
      yield {
        propertyPath: at(...path, "peers", index, "peerConfig"),
        got,
        reason: "peerConfigs has no such entry",
        fix: names.length > 0 ? `write one of ${names.join(", ")}` : "add it to peerConfigs",
      };
    }
  }
}

function* bgpNothing(cilium: CiliumSpec): Iterable<Finding> {
  if (!cilium.bgpControlPlane) return;
  if (Object.keys(cilium.bgpControlPlane.advertisements).length === 0) {
    yield {
      propertyPath: at("advertisements"),
      got: {},
      reason: "peers are told nothing",
      fix: "add for example lb: { advertisements: [{ advertisementType: Service }] }",
    };
  }
  for (const { path, instance } of instancesOf(cilium)) {
    const index = instance.peers.findIndex(({ peerConfig }) => peerConfig === undefined);
    if (index < 0) continue;
    yield {
      propertyPath: at(...path, "peers", index, "peerConfig"),
      reason: "without one the peer is told nothing",
      fix: "name an entry of peerConfigs",
    };
  }
}

function* bgpAdvertisement(cilium: CiliumSpec): Iterable<Finding> {
  for (const { path, one } of advertisedBy(cilium)) {
    const { advertisementType: type, selector, addresses } = one;
    const finding = (key: string, got: unknown, reason: string, fix: string) => ({
      propertyPath: at(...path, key),
      got,
      reason,
      fix,
    });
    if (selector && (type === "PodCIDR" || type === "Interface")) {
      yield finding("selector", selector, `${type} is advertised as a whole`, "remove it");
    }
    if (addresses && (type !== "Service" || addresses.length === 0)) {
      yield finding(
        "addresses",
        addresses,
        type === "Service" ? "no address is advertised" : `${type} has no addresses to choose from`,
        "remove it",
      );
    }
    if ((one.interface !== undefined) !== (type === "Interface")) {
      yield finding(
        "interface",
        one.interface,
        type === "Interface" ? "it is not said which one" : `${type} is of no interface`,
        type === "Interface" ? "write its name, such as lo" : "remove it",
      );
    }
  }
}

function* bgpCommunity(cilium: CiliumSpec): Iterable<Finding> {
  for (const { path, one } of advertisedBy(cilium)) {
    for (const [index, got] of (one.communities ?? []).entries()) {
      const parts = got.split(":").map(Number);
      const most = parts.length === 2 ? 65535 : LARGEST_ASN;
      const isNumber =
        /^\d+(:\d+){0,2}$/.test(got) && parts.every((part) => part >= 0 && part <= most);
      if (isNumber || NAMES.includes(got)) continue;
      yield {
        propertyPath: at(...path, "communities", index),
        got,
        reason: "it is neither a standard, a large nor a well-known community",
        fix: "write for example 64512:100, 64512:1:2 or no-export",
      };
    }
  }
}

function* bgpTimers(cilium: CiliumSpec): Iterable<Finding> {
  for (const [name, config] of Object.entries(of(cilium).peerConfigs)) {
    const { holdTimeSeconds = 90, keepAliveTimeSeconds = 30 } = config;
    if (keepAliveTimeSeconds <= holdTimeSeconds) continue;
    yield {
      propertyPath: at("peerConfigs", name, "keepAliveTimeSeconds"),
      got: keepAliveTimeSeconds,
      reason: `the peer is given up after ${holdTimeSeconds} s of silence`,
      fix: "make it a third of holdTimeSeconds",
    };
  }
}

function* bgpRouterID(cilium: CiliumSpec): Iterable<Finding> {
  const { routerIDPool, nodeConfigOverrides } = of(cilium);
  if (routerIDPool !== undefined && parseCidr(routerIDPool)?.family !== "IPv4") {
    yield {
      propertyPath: at("routerIDPool"),
      got: routerIDPool,
      reason: "router IDs have the form of IPv4 addresses",
      fix: "write a network such as 10.42.0.0/24",
    };
  }
  for (const [hostname, { bgpInstances: instances }] of Object.entries(nodeConfigOverrides)) {
    for (const [index, { routerID: got }] of instances.entries()) {
      if (got === undefined || parseAddress(got)?.family === "IPv4") continue;
      yield {
        propertyPath: at("nodeConfigOverrides", hostname, "bgpInstances", index, "routerID"),
        got,
        reason: "it has not the form of an IPv4 address",
        fix: "write for example 10.42.0.1",
      };
    }
  }
}

function* bgpVersion(cilium: CiliumSpec): Iterable<Finding> {
  const version = parseVersion(cilium.version);
  if (!cilium.bgpControlPlane || !version || version.minor >= 18) return;
  const newer = (path: Path, got: unknown): Finding => ({
    propertyPath: at(...path),
    got,
    reason: `Cilium ${cilium.version} does not know it`,
    fix: "leave it out, or use Cilium 1.18 or newer",
  });
  const { routerIDPool } = cilium.bgpControlPlane;
  if (routerIDPool !== undefined) yield newer(["routerIDPool"], routerIDPool);
  for (const { path, instance } of instancesOf(cilium)) {
    for (const [index, { autoDiscovery }] of instance.peers.entries()) {
      if (autoDiscovery) yield newer([...path, "peers", index, "autoDiscovery"], autoDiscovery);
    }
  }
}
