import { contains, parseAddress } from "../../cidr";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import { hasOtherAddresses, isBalancedElsewhere, isReplaced } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";
import { portOwner } from "./hostPorts";
import { rangeOf } from "./lbIPAM";

/** Gateway API and the Gateways of a spec. */
export const gatewayAPIRules: readonly CiliumRule[] = [
  { id: "gateway-kube-proxy", check: gatewayKubeProxy },
  { id: "gateway-no-pool", warns: true, check: gatewayNoPool },
  { id: "gateway-name", check: gatewayName },
  { id: "gateway-port", check: gatewayPort },
  { id: "gateway-host-port", check: gatewayHostPort },
  { id: "gateway-listener", check: gatewayListener },
  { id: "gateway-tls", check: gatewayTLS },
  { id: "gateway-address", check: gatewayAddress },
];

/** Of the name of a Service, which begins with `cilium-gateway-`. */
const LONGEST_NAME = 63 - "cilium-gateway-".length;

function* gatewayKubeProxy(cilium: CiliumSpec): Iterable<Finding> {
  if (!cilium.gatewayAPI || isReplaced(cilium)) return;
  yield {
    propertyPath: "cilium.gatewayAPI",
    reason:
      "what comes to a gateway reaches Envoy only through Cilium's own Services, and kube-proxy serves them here",
    fix: "set kubeProxyReplacement to true and kubeProxy to false, or leave gatewayAPI out",
  };
}

function* gatewayNoPool(cilium: CiliumSpec): Iterable<Finding> {
  const { gatewayAPI, lbIPAM } = cilium;
  if (!gatewayAPI || gatewayAPI.hostNetwork || hasOtherAddresses(cilium)) return;
  if (Object.keys(lbIPAM?.pools ?? {}).length > 0) return;
  const all = Object.values(gatewayAPI.gateways);
  const isElsewhere = all.every((each) => isBalancedElsewhere(each.serviceAnnotations));
  if (all.length > 0 && isElsewhere) return;
  yield {
    propertyPath: "cilium.gatewayAPI",
    reason: "each Gateway has a Service of type LoadBalancer, and no pool has an address for it",
    fix: "add lbIPAM.pools, or listen on the nodes with gatewayAPI.hostNetwork; nothing is wrong where a cloud gives addresses out",
  };
}

function* gatewayName(cilium: CiliumSpec): Iterable<Finding> {
  for (const name of Object.keys(gatewaysOf(cilium)).filter((each) => each.length > LONGEST_NAME)) {
    yield {
      propertyPath: at(name),
      got: name,
      reason: `the name of its Service, cilium-gateway-${name}, is longer than 63 characters`,
      fix: `shorten it to ${LONGEST_NAME}`,
    };
  }
}

function* gatewayPort(cilium: CiliumSpec): Iterable<Finding> {
  for (const { path, listener } of listenersOf(cilium)) {
    if (listener.port >= 1 && listener.port <= 65535) continue;
    yield {
      propertyPath: `${path}.port`,
      got: listener.port,
      reason: "it is no port",
      fix: "write a number from 1 to 65535, such as 443",
    };
  }
}

function* gatewayHostPort(cilium: CiliumSpec): Iterable<Finding> {
  const { hostNetwork } = cilium.gatewayAPI ?? {};
  if (!hostNetwork) return;
  const all = [...listenersOf(cilium)];
  for (const [index, { path, gateway, listener }] of all.entries()) {
    if (listener.port < 1024 && !hostNetwork.privilegedPorts) {
      yield {
        propertyPath: `${path}.port`,
        got: listener.port,
        reason: "without privilegedPorts Envoy may not listen below 1024 on a node",
        fix: "set hostNetwork.privilegedPorts to true, or choose a port from 1024 on",
      };
    }
    const owner = portOwner(cilium, listener.port);
    if (owner) {
      yield {
        propertyPath: `${path}.port`,
        got: listener.port,
        reason: `on the nodes it is the port of ${owner}`,
        fix: "choose another port",
      };
    }
    const other = all
      .slice(0, index)
      .find((one) => one.gateway !== gateway && one.listener.port === listener.port);
    if (!other) continue;
    yield {
      propertyPath: `${path}.port`,
      got: listener.port,
      reason: `${other.path} has the same port, and on the nodes' addresses it is one Gateway's`,
      fix: "put both listeners into one Gateway, or choose another port",
    };
  }
}

function* gatewayListener(cilium: CiliumSpec): Iterable<Finding> {
  for (const [name, { listeners }] of Object.entries(gatewaysOf(cilium))) {
    if (Object.keys(listeners).length > 0) continue;
    yield {
      propertyPath: at(name, "listeners"),
      got: {},
      reason: "a Gateway has at least one listener",
      fix: "add for example http: { port: 80, protocol: HTTP }",
    };
  }
  const all = [...listenersOf(cilium)];
  for (const [index, { path, gateway, listener }] of all.entries()) {
    const other = all
      .slice(0, index)
      .find(
        (one) =>
          one.gateway === gateway &&
          one.listener.port === listener.port &&
          (one.listener.protocol === "HTTP") === (listener.protocol === "HTTP") &&
          one.listener.hostname === listener.hostname,
      );
    if (!other) continue;
    yield {
      propertyPath: path,
      got: listener,
      reason: `${other.path} listens for the same`,
      fix: "give it another port or hostname, or remove it",
    };
  }
}

function* gatewayTLS(cilium: CiliumSpec): Iterable<Finding> {
  for (const { path, listener } of listenersOf(cilium)) {
    const { protocol, tls } = listener;
    if (!tls) continue;
    const finding = (key: string, got: unknown, reason: string, fix: string) => ({
      propertyPath: `${path}.tls${key}`,
      got,
      reason,
      fix,
    });
    if (protocol === "HTTP") {
      yield finding("", tls, "HTTP is not encrypted", "set protocol to HTTPS, or remove tls");
    } else if (protocol === "HTTPS" && tls.mode === "Passthrough") {
      yield finding(
        ".mode",
        tls.mode,
        "an HTTPS listener decrypts",
        "set protocol to TLS and attach a TLSRoute, or mode to Terminate",
      );
    } else if ((tls.certificateFrom === undefined) !== (tls.privateKeyFrom === undefined)) {
      yield finding(
        "",
        tls,
        "a Secret is made of a certificate and its key",
        "write both certificateFrom and privateKeyFrom, or none where something else makes the Secret",
      );
    }
  }
}

function* gatewayAddress(cilium: CiliumSpec): Iterable<Finding> {
  const blocks = Object.values(cilium.lbIPAM?.pools ?? {}).flatMap((pool) => pool.blocks);
  for (const [name, { addresses = [] }] of Object.entries(gatewaysOf(cilium))) {
    for (const [index, got] of addresses.entries()) {
      const address = parseAddress(got);
      const pooled = blocks.some((block) => {
        const range = rangeOf(block);
        return address && range && contains(range, address);
      });
      if (address && (pooled || blocks.length === 0)) continue;
      yield {
        propertyPath: at(name, "addresses", index),
        got,
        reason: address ? "no pool of cilium.lbIPAM holds it" : "it is no address",
        fix: "write an address of a pool, or leave addresses out",
      };
    }
  }
}

type Gateways = NonNullable<CiliumSpec["gatewayAPI"]>["gateways"];

function gatewaysOf({ gatewayAPI }: CiliumSpec): Gateways {
  return gatewayAPI?.gateways ?? {};
}

function* listenersOf(cilium: CiliumSpec) {
  for (const [gateway, { listeners }] of Object.entries(gatewaysOf(cilium))) {
    for (const [name, listener] of Object.entries(listeners)) {
      yield { gateway, listener, path: at(gateway, "listeners", name) };
    }
  }
}

function at(...path: readonly (string | number)[]): string {
  return propertyPath(["cilium", "gatewayAPI", "gateways", ...path]);
}
