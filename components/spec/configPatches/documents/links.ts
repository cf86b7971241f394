import { parseAddress, parseCidr } from "../../cidr";
import { isWireguardKey } from "../endpoints";
import type { TalosDocument } from "../machineDocuments";
import { at, listAt, textAt } from "../machineDocuments";
import { isAddress } from "../scalars";
import type { DocumentFaults, Fault } from "./fault";
import { required } from "./fault";

const RESERVED_TABLES = ["", "0", "253", "254", "255", "unspec", "default", "main", "local"];
const RESERVED_PRIORITIES = [0, 32500, 32501, 32766, 32767];

/** Links, addresses and routes. */
export const linkFaults: DocumentFaults = {
  *LinkConfig(document) {
    yield* link(document);
  },
  *DummyLinkConfig(document) {
    yield* link(document);
  },
  *BridgeConfig(document) {
    yield* link(document);
  },
  *VLANConfig(document) {
    yield* link(document);
    const id = Number(at(document, "vlanID") ?? 0);
    if (id < 1 || id > 4094) yield ["vlanID", "it is required, 1 to 4094"];
    yield* required(document, "parent");
  },
  *BondConfig(document) {
    yield* link(document);
    if (listAt(document, "links").length === 0) yield ["links", "there must be one"];
    yield* required(document, "bondMode");
  },
  *VRFConfig(document) {
    yield* link(document);
    if (RESERVED_TABLES.includes(textAt(document, "table"))) {
      yield ["table", "it must be a routing table that the system does not use"];
    }
  },
  *WireguardConfig(document) {
    yield* link(document);
    yield* required(document, "privateKey");
    const privateKey = textAt(document, "privateKey");
    if (privateKey !== "" && !isWireguardKey(privateKey)) {
      yield ["privateKey", "a key is 32 bytes in base64"];
    }
    const port = Number(at(document, "listenPort") ?? 0);
    if (port < 0 || port > 65535) yield ["listenPort", "it is 0 to 65535"];
    for (const peer of listAt(document, "peers")) {
      if (textAt(peer, "publicKey") === "") yield ["peers", "each has a publicKey"];
      const keys = [textAt(peer, "publicKey"), textAt(peer, "presharedKey")];
      if (keys.some((key) => key !== "" && !isWireguardKey(key))) {
        yield ["peers", "a key is 32 bytes in base64"];
      }
      if (textAt(peer, "persistentKeepaliveInterval").startsWith("-")) {
        yield ["peers", "persistentKeepaliveInterval cannot be negative"];
      }
    }
  },
  *LinkAliasConfig(document) {
    yield* required(document, "name", "selector.match");
    const name = textAt(document, "name");
    if (name.includes("%") && !/^[^%]+%d$/.test(name)) yield ["name", "it can end in %d"];
  },
  *EthernetConfig(document) {
    yield* required(document, "name");
  },
  *DHCPv4Config(document) {
    yield* dhcp(document);
  },
  *DHCPv6Config(document) {
    yield* dhcp(document);
  },
  *BlackholeRouteConfig(document) {
    if (!parseCidr(textAt(document, "name"))) yield ["name", "it is the network, as 10.9.0.0/16"];
  },
  *RoutingRuleConfig(document) {
    const name = textAt(document, "name");
    const priority = /^\d+$/.test(name) ? Number(name) : 0;
    if (RESERVED_PRIORITIES.includes(priority) || priority >= 2 ** 32) {
      yield ["name", `it is the priority, 1 to 32765 without ${RESERVED_PRIORITIES[1]} and 32501`];
    }
    if (Number(at(document, "fwMask") ?? 0) !== 0 && Number(at(document, "fwMark") ?? 0) === 0) {
      yield ["fwMask", "it needs fwMark"];
    }
    const action = textAt(document, "action") || "unicast";
    const unicast = action === "unicast" || action === "unspec";
    if (["", "0", "unspec"].includes(textAt(document, "table")) && unicast) {
      yield ["table", "there must be a table or another action"];
    }
  },
  *Layer2VIPConfig(document) {
    if (!isAddress(textAt(document, "name"))) yield ["name", "it is the floating address"];
    yield* required(document, "link");
  },
  *HCloudVIPConfig(document) {
    if (!isAddress(textAt(document, "name"))) yield ["name", "it is the floating address"];
    yield* required(document, "link", "apiToken");
  },
};

function* link(document: TalosDocument): Iterable<Fault> {
  yield* required(document, "name");
  for (const address of listAt(document, "addresses")) {
    const text = textAt(address, "address");
    const range = parseCidr(text);
    if (!range) yield ["addresses", "each has an address with its prefix length"];
    else if (parseAddress(text.split("/")[0]!)!.first === 0n) {
      yield ["addresses", `${text} is no address of a machine`];
    }
  }
  for (const route of listAt(document, "routes")) {
    for (const key of ["destination", "gateway", "source"]) {
      const text = textAt(route, key);
      if (text === "") continue;
      const range = parseAddress(text.split(/[%/]/)[0]!);
      if (!range || range.first === 0n) {
        yield ["routes", `${key} ${text} must be left out for the default route`];
      }
    }
  }
}

function* dhcp(document: TalosDocument): Iterable<Fault> {
  yield* required(document, "name");
  const isDuid = textAt(document, "clientIdentifier") === "duid";
  if (isDuid !== (textAt(document, "duidRaw") !== "")) {
    yield ["duidRaw", "it stands with clientIdentifier: duid and only with that"];
  }
}
