import { parseAddress, parseCidr } from "../cidr";
import { bondFaults } from "./bondFaults";
import { isHostWithPort, isWireguardKey } from "./endpoints";
import { at, listAt, textAt } from "./machineDocuments";
import type { MachineDocuments } from "./machineDocuments";
import type { CheckedMachine, MachineFinding, MachineRule } from "./machineRule";

/** What a machine refuses under `machine.network.interfaces`. */
export const networkRules: readonly MachineRule[] = [
  { id: "patch-interface", check: interfaceSelector },
  { id: "patch-interface-address", check: interfaceAddress },
  { id: "patch-interface-route", check: interfaceRoute },
  { id: "patch-interface-bond", check: interfaceBond },
  { id: "patch-interface-wireguard", check: interfaceWireguard },
  { id: "patch-interface-bonded", check: interfaceBonded },
  { id: "patch-vip", check: vip },
];

function allDevices(main: MachineDocuments[number] | undefined) {
  return listAt(main, "machine", "network", "interfaces").map((device, index) => ({
    device,
    where: `machine.network.interfaces[${index}]`,
  }));
}

function devices(main: MachineDocuments[number] | undefined) {
  return allDevices(main).filter(({ device }) => at(device, "ignore") !== true);
}

function* interfaceSelector([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const { device, where } of devices(main)) {
    const name = textAt(device, "interface");
    const selector = at(device, "deviceSelector");
    const hasSelector = typeof selector === "object" && selector !== null;
    const empty = hasSelector && Object.values(selector).every((value) => value === "");
    if ((name !== "") !== hasSelector && !empty) continue;
    yield {
      where,
      got: hasSelector ? { interface: name, deviceSelector: selector } : undefined,
      reason:
        name !== "" && hasSelector
          ? "machines refuse interface beside deviceSelector"
          : "machines refuse an interface of which nothing says which link it is",
      fix: name !== "" && hasSelector ? "keep one of them" : "add interface or deviceSelector",
    };
  }
}

function* interfaceAddress([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const { device, where } of devices(main)) {
    const links = [
      { link: device, path: where },
      ...listAt(device, "vlans").map((link, index) => ({ link, path: `${where}.vlans[${index}]` })),
    ];
    for (const { link, path } of links) {
      const addresses = listAt(link, "addresses");
      const cidr = textAt(link, "cidr");
      if (cidr !== "" && addresses.length > 0) {
        yield {
          where: `${path}.cidr`,
          got: cidr,
          reason: "machines refuse it beside addresses",
          fix: "add it to addresses",
        };
      }
      for (const address of [...addresses, ...(cidr === "" ? [] : [cidr])]) {
        if (parseCidr(String(address)) ?? parseAddress(String(address))) continue;
        yield {
          where: `${path}.addresses`,
          got: address,
          reason: "machines refuse what is no address with or without a prefix length",
          fix: "write an address such as 10.5.0.11/24",
        };
      }
    }
  }
}

function* interfaceRoute([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const { device, where } of devices(main)) {
    for (const [index, route] of listAt(device, "routes").entries()) {
      const path = `${where}.routes[${index}]`;
      const network = textAt(route, "network");
      const gateway = textAt(route, "gateway");
      const source = textAt(route, "source");
      if (network !== "" && !parseCidr(network)) {
        yield badAddress(`${path}.network`, network, "a network such as 0.0.0.0/0");
      }
      if (gateway !== "" && !parseAddress(gateway)) {
        yield badAddress(`${path}.gateway`, gateway, "an address such as 10.5.0.1");
      }
      if (source !== "" && !parseAddress(source)) {
        yield badAddress(`${path}.source`, source, "an address such as 10.5.0.11");
      }
      if (network === "" && gateway === "") {
        yield {
          where: path,
          got: route,
          reason: "machines refuse a route with neither a network nor a gateway",
          fix: "add one",
        };
      }
    }
  }
}

function badAddress(where: string, got: string, wanted: string): MachineFinding {
  return { where, got, reason: "machines refuse it: it does not parse", fix: `write ${wanted}` };
}

function* interfaceBond([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const { device, where } of devices(main)) {
    const bond = at(device, "bond");
    for (const [field, reason] of bond === undefined ? [] : bondFaults(bond)) {
      yield {
        where: `${where}.bond.${field}`,
        got: at(bond, field),
        reason: `machines refuse it: ${reason}`,
        fix: "correct the bond",
      };
    }
  }
}

function* interfaceWireguard([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const { device, where } of devices(main)) {
    const wireguard = at(device, "wireguard");
    if (wireguard === undefined) continue;
    if (!isWireguardKey(textAt(wireguard, "privateKey"))) {
      yield badValue(`${where}.wireguard.privateKey`, undefined, "a key is 32 bytes in base64");
    }
    for (const [index, peer] of listAt(wireguard, "peers").entries()) {
      const path = `${where}.wireguard.peers[${index}]`;
      const key = textAt(peer, "publicKey");
      const endpoint = textAt(peer, "endpoint");
      if (!isWireguardKey(key)) {
        yield badValue(`${path}.publicKey`, key, "a key is 32 bytes in base64");
      }
      if (endpoint !== "" && !isHostWithPort(endpoint)) {
        yield badValue(`${path}.endpoint`, endpoint, "it must be a host and a port");
      }
      for (const range of listAt(peer, "allowedIPs")) {
        if (parseCidr(String(range))) continue;
        yield badValue(`${path}.allowedIPs`, range, "each is a network such as 10.9.0.0/16");
      }
    }
  }
}

function badValue(where: string, got: unknown, reason: string): MachineFinding {
  return {
    where,
    ...(got !== undefined && { got }),
    reason: `machines refuse it: ${reason}`,
    fix: "correct it",
  };
}

function* interfaceBonded([main]: MachineDocuments): Iterable<MachineFinding> {
  const owners = new Map<string, string>();
  for (const { device, where } of allDevices(main)) {
    const name = textAt(device, "interface");
    const bond = at(device, "bond");
    const bridge = at(device, "bridge");
    if (bond !== undefined && bridge !== undefined) {
      yield { where, got: name, reason: "machines refuse bond beside bridge", fix: "keep one" };
    }
    if (listAt(bond, "interfaces").length > 0 && listAt(bond, "deviceSelectors").length > 0) {
      yield {
        where: `${where}.bond`,
        reason: "machines refuse interfaces beside deviceSelectors",
        fix: "keep one",
      };
    }
    for (const inner of [...listAt(bond, "interfaces"), ...listAt(bridge, "interfaces")]) {
      const link = String(inner);
      const owner = owners.get(link);
      if (owner !== undefined && owner !== name) {
        yield {
          where,
          got: link,
          reason: `machines refuse a link that is part of ${owner} and of ${name}`,
          fix: "remove it from one of them",
        };
      }
      owners.set(link, name);
    }
  }
  for (const { device, where } of devices(main)) {
    const addressed =
      at(device, "dhcp") === true ||
      listAt(device, "addresses").length > 0 ||
      textAt(device, "cidr") !== "" ||
      at(device, "vip") !== undefined;
    if (!addressed || !owners.has(textAt(device, "interface"))) continue;
    yield {
      where,
      got: textAt(device, "interface"),
      reason: "machines refuse addresses on a link that is part of a bond or bridge",
      fix: "move them to the bond or bridge",
    };
  }
}

function* vip([main]: MachineDocuments, { machineType }: CheckedMachine): Iterable<MachineFinding> {
  for (const { device, where } of allDevices(main)) {
    const own = at(device, "vip");
    const ofVlans = listAt(device, "vlans").some((vlan) => at(vlan, "vip") !== undefined);
    if (machineType === "worker" && (own !== undefined || ofVlans)) {
      yield {
        where: `${where}.vip`,
        reason: "machines refuse a floating address on a worker",
        fix: "move the patch to controlPlaneConfigPatches",
      };
    }
    const isIgnored = at(device, "ignore") === true;
    if (own !== undefined && !isIgnored && !parseAddress(textAt(own, "ip"))) {
      yield badAddress(`${where}.vip.ip`, textAt(own, "ip"), "an address such as 10.5.0.100");
    }
  }
}
