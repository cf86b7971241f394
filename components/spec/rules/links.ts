import { type IpRange, isHost, parseAddress, parseCidr } from "../cidr";
import { links } from "../networks";
import type { ClusterSpec } from "../schema";
import { duplicates } from "./duplicates";
import type { Finding, Rule } from "./rule";

/** Network interfaces: which link is meant, and the addresses and VLANs on it. */
export const linkRules: readonly Rule[] = [
  { id: "link-selector", check: linkSelector },
  { id: "link-hardware-address", check: linkHardwareAddress },
  { id: "link-address", check: linkAddress },
  { id: "link-address-network", warns: true, check: linkAddressNetwork },
  { id: "duplicate-vlan", silenceable: true, check: duplicateVlan },
];

/** From this length on a network has no address for itself and none for broadcast. */
const POINT_TO_POINT = { IPv4: 31, IPv6: 127 } as const;

function* linkSelector({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const { networkInterface, propertyPath } of interfaces(nodes)) {
    const { interface: name = "", deviceSelector } = networkInterface;
    const both = name !== "" && deviceSelector !== undefined;
    const says = name !== "" || Object.values(deviceSelector ?? {}).some((value) => value !== "");
    if (both || !says) {
      yield {
        propertyPath,
        got: both
          ? { interface: name, deviceSelector }
          : (deviceSelector ?? networkInterface.interface),
        reason: both
          ? "a link is picked by interface or by deviceSelector, not by both"
          : "nothing says which link is meant",
        fix: both ? "remove one of them" : "add interface, or a deviceSelector with a key",
      };
    }
    if (/[\s/]/.test(name)) {
      yield {
        propertyPath: `${propertyPath}.interface`,
        got: name,
        reason: "no link has a name with a blank or a slash in it",
        fix: `write ${name.trim().replaceAll(/\s|.*\//g, "") || "a name such as enp0s1"}`,
      };
    }
  }
}

// Talos compares the texts as they are, and writes its own in this form.
function* linkHardwareAddress({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const { networkInterface, propertyPath } of interfaces(nodes)) {
    for (const key of ["hardwareAddr", "permanentAddr"] as const) {
      const got = networkInterface.deviceSelector?.[key] ?? "";
      if (/^[0-9a-f:*]*$/.test(got)) continue;
      const corrected = got.trim().toLowerCase().replaceAll("-", ":");
      yield {
        propertyPath: `${propertyPath}.deviceSelector.${key}`,
        got,
        reason: "no link has such an address: they are written in lower case with colons",
        fix: `write ${/^[0-9a-f:*]+$/.test(corrected) ? corrected : "it as 00:1a:2b:3c:4d:5e; * stands for any rest"}`,
      };
    }
  }
}

function* linkAddress({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const { got, propertyPath, address, network } of linkAddresses(nodes)) {
    if (!address || !network) {
      yield {
        propertyPath,
        got,
        reason: "it is no address with a prefix length",
        fix: "write an address such as 10.5.0.11/24",
      };
    } else if (!isHost(address)) {
      yield {
        propertyPath,
        got,
        reason: "no machine can have it: it is unspecified, multicast, reserved or broadcast",
        fix: "write the machine's own address, such as 10.5.0.11/24",
      };
    } else if (
      address.family === "IPv4" &&
      hasBoundaries(network) &&
      address.first === network.last
    ) {
      yield {
        propertyPath,
        got,
        reason: `it is the broadcast address of ${network.text}, which all machines in it answer to`,
        fix: "write the machine's own address in this network",
      };
    }
  }
}

function* linkAddressNetwork({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const { got, propertyPath, address, network } of linkAddresses(nodes)) {
    if (!address || !network || !isHost(address) || !hasBoundaries(network)) continue;
    if (address.first !== network.first) continue;
    yield {
      propertyPath,
      got,
      reason: "it is the address of the network, not of a machine in it",
      fix: "write the machine's own address with this prefix length",
    };
  }
}

function* duplicateVlan({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const { networkInterface, propertyPath } of interfaces(nodes)) {
    const vlans = (networkInterface.vlans ?? []).map(({ vlanId }, at) => ({
      key: String(vlanId),
      propertyPath: `${propertyPath}.vlans[${at}].vlanId`,
    }));
    for (const { earlier, later } of duplicates(vlans)) {
      yield {
        propertyPath: later.propertyPath,
        got: Number(later.key),
        reason: `${earlier.propertyPath} is the same VLAN: machines make one link of both, and another VLAN is missing`,
        fix: "write the tag that is meant, or both as one",
      };
    }
  }
}

function* interfaces(nodes: ClusterSpec["nodes"]) {
  for (const [index, node] of nodes.entries()) {
    for (const [at, networkInterface] of node.networkInterfaces.entries()) {
      yield { networkInterface, propertyPath: `nodes[${index}].networkInterfaces[${at}]` };
    }
  }
}

/** Static addresses of the links; what cannot be read has no address and no network. */
function* linkAddresses(nodes: ClusterSpec["nodes"]) {
  for (const [index, node] of nodes.entries()) {
    for (const { link, propertyPath } of links(node, index)) {
      for (const [at, got] of (link.addresses ?? []).entries()) {
        const network = parseCidr(got) ?? parseAddress(got);
        const address = network && parseAddress(got.split("/")[0]!);
        yield { got, propertyPath: `${propertyPath}.addresses[${at}]`, address, network };
      }
    }
  }
}

function hasBoundaries({ family, prefix }: IpRange): boolean {
  return prefix < POINT_TO_POINT[family];
}
