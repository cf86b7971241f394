import { contains, parseAddress, parseCidr } from "../cidr";
import { links } from "../networks";
import type { ClusterSpec, NodeSpec } from "../schema";
import { type Owned, duplicates } from "./duplicates";
import type { Finding, Rule } from "./rule";

/** An address on several links, of one machine or of several. */
export const sharedAddressRules: readonly Rule[] = [
  { id: "duplicate-link-address", silenceable: true, check: duplicateLinkAddress },
];

interface LinkAddress extends Owned {
  readonly owner: string;
  readonly link?: string;
  /** Whether several links may have it: without a network of its own it says nothing of neighbours. */
  readonly isShareable: boolean;
}

function* duplicateLinkAddress({ nodes }: ClusterSpec): Iterable<Finding> {
  const all = nodes.map((node, index) => [...addressesOf(node, index)]);
  for (const own of all) {
    for (const { earlier, later } of duplicates(own)) {
      if (later.isShareable && earlier.link !== later.link) continue;
      yield {
        propertyPath: later.propertyPath,
        got: later.key,
        reason: `${earlier.propertyPath} is the same address of the same machine (${later.owner})`,
        fix: "remove one of them",
      };
    }
  }
  // The address that a machine is reached at is its own, whatever its links say.
  const reached = nodes.map(({ ipAddress, hostname }, index) => ({
    key: parseAddress(ipAddress)?.text ?? "",
    propertyPath: `nodes[${index}].ipAddress`,
    owner: hostname,
    isShareable: false,
  }));
  const isReached = new Set(reached.map(({ key }) => key));
  const owners = all.flatMap((own, index) => {
    const firsts = new Map([...own].reverse().map((each) => [each.key, each]));
    firsts.delete(reached[index]!.key);
    return [...firsts.values()].filter(
      ({ key, isShareable }) => !isShareable || isReached.has(key),
    );
  });
  for (const { earlier, later } of duplicates([...reached, ...owners])) {
    if (later.key === "" || later.propertyPath.endsWith("ipAddress")) continue;
    yield {
      propertyPath: later.propertyPath,
      got: later.key,
      reason: `${earlier.propertyPath} (${earlier.owner}) has the same address as this one (${later.owner})`,
      fix: "give each machine an address of its own",
    };
  }
}

/** These mean something else on each link, and may be on all. */
const LOCAL = ["127.0.0.0/8", "::1/128", "169.254.0.0/16", "fe80::/10"];

function* addressesOf(node: NodeSpec, index: number): Iterable<LinkAddress> {
  for (const { link, propertyPath } of links(node, index)) {
    const name = "interface" in link ? link.interface : undefined;
    for (const [at, text] of (link.addresses ?? []).entries()) {
      const network = parseCidr(text) ?? parseAddress(text);
      const address = network && parseAddress(text.split("/")[0]!);
      if (!address || LOCAL.some((local) => contains(parseCidr(local)!, address))) continue;
      yield {
        key: address.text,
        propertyPath: `${propertyPath}.addresses[${at}]`,
        owner: node.hostname,
        link: propertyPath,
        isShareable: network.prefix === address.prefix || /^(lo$|dummy)/.test(name ?? ""),
      };
    }
  }
}
