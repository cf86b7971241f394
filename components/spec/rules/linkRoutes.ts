import { contains, type IpRange, parseAddress, parseCidr } from "../cidr";
import { links } from "../networks";
import type { ClusterSpec, NodeSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** Static routes of the network interfaces. */
export const linkRouteRules: readonly Rule[] = [
  { id: "link-route", check: linkRoute },
  { id: "link-gateway", warns: true, check: linkGateway },
];

type Link = Pick<NodeSpec["networkInterfaces"][number], "addresses" | "dhcp" | "routes">;

function* linkRoute({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const { route, propertyPath } of routes(nodes)) {
    const { network = "", gateway = "" } = route;
    const destination = parseCidr(network);
    const router = parseAddress(gateway);
    if (network !== "" && !destination) {
      yield {
        propertyPath: `${propertyPath}.network`,
        got: network,
        reason: "it is no network in CIDR notation",
        fix: "write a network such as 0.0.0.0/0",
      };
    }
    if (gateway !== "" && !router) {
      yield {
        propertyPath: `${propertyPath}.gateway`,
        got: gateway,
        reason: "it is no IP address",
        fix: "write the router's address, such as 10.5.0.1",
      };
    }
    // On a VLAN Talos takes it for everything on this link.
    if (network === "" && gateway === "" && !propertyPath.includes(".vlans[")) {
      yield {
        propertyPath,
        got: route,
        reason: "it says neither where it leads nor through which router, and machines refuse it",
        fix: "add gateway, or network where no router is needed",
      };
    }
    if (destination && router && destination.family !== router.family) {
      yield {
        propertyPath: `${propertyPath}.gateway`,
        got: gateway,
        reason: `no ${destination.family} network (${network}) is reached through an ${router.family} router`,
        fix: `write the router's ${destination.family} address`,
      };
    }
  }
}

function* linkGateway({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, node] of nodes.entries()) {
    const all = [...links(node, index)].map(({ link }) => networksOf(link));
    for (const { route, propertyPath, link } of routes([node], index)) {
      const router = parseAddress(route.gateway ?? "");
      if (!router || isAlwaysNear(router) || link.dhcp === true) continue;
      // Who gives a link no address here does it elsewhere, or a router does.
      if (!networksOf(link).some(({ family }) => family === router.family)) continue;
      const near = all.flat().filter(({ family }) => family === router.family);
      if (near.some((network) => contains(network, router))) continue;
      yield {
        propertyPath: `${propertyPath}.gateway`,
        got: route.gateway,
        reason: `it lies in no network of this machine (${near.map(({ text }) => text).join(", ")}), and Linux takes no route to a router that it does not see`,
        fix: `write the router's address in one of them, or add a route of network ${router.text}/${router.prefix} without a gateway`,
      };
    }
  }
}

/** What a link is in: the networks of its addresses, and those that its routes reach without a router. */
function networksOf({ addresses = [], routes: own = [] }: Link): IpRange[] {
  const direct = own
    .filter(({ gateway = "" }) => gateway === "")
    .map(({ network = "" }) => network);
  return [...addresses, ...direct].flatMap((text) => parseCidr(text) ?? parseAddress(text) ?? []);
}

/** Addresses that are near on each link, and the one that stands for none. */
const NEAR = ["0.0.0.0/32", "::/128", "169.254.0.0/16", "fe80::/10"];

function isAlwaysNear(router: IpRange): boolean {
  return NEAR.some((network) => contains(parseCidr(network)!, router));
}

function* routes(nodes: ClusterSpec["nodes"], from = 0) {
  for (const [index, node] of nodes.entries()) {
    for (const { link, propertyPath } of links(node, from + index)) {
      for (const [at, route] of (link.routes ?? []).entries()) {
        yield { route, link, propertyPath: `${propertyPath}.routes[${at}]` };
      }
    }
  }
}
