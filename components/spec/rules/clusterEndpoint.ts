import { contains, isHost, parseAddress } from "../cidr";
import {
  endpointHost,
  endpointParts,
  nodeAddresses,
  podNetworks,
  serviceNetworks,
  vips,
} from "../networks";
import type { ClusterSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** Where the Kubernetes API is reached. */
export const clusterEndpointRules: readonly Rule[] = [
  { id: "endpoint-scheme", check: endpointScheme },
  { id: "endpoint-url", check: endpointUrl },
  { id: "endpoint-port", warns: true, check: endpointPort },
  { id: "endpoint-on-worker", check: endpointOnWorker },
  { id: "endpoint-in-cluster-network", check: endpointInClusterNetwork },
  { id: "endpoint-host", warns: true, check: endpointHostUnknown },
];

const PORT = 6443;
const propertyPath = "clusterEndpoint";

function* endpointScheme({ clusterEndpoint: got }: ClusterSpec): Iterable<Finding> {
  if (isHttps(got)) return;
  const rest = got
    .trim()
    .replace(/^([a-z][a-z0-9+.-]*:\/\/|https?:[\\/]*)/i, "")
    .replace(/\/+$/, "");
  const withPort = /:\d+$/.test(rest) && !parseAddress(rest) ? rest : `${bracketed(rest)}:${PORT}`;
  yield {
    propertyPath,
    got: withoutUser(got),
    reason: /^https:\/\//i.test(got)
      ? "the scheme is written in lower case"
      : "the Kubernetes API speaks https only",
    fix:
      rest === ""
        ? `write https://<host>:${PORT}`
        : `write https://${withPort.replace(/^[^]*@/, "")}`,
  };
}

function* endpointUrl({ clusterEndpoint: got }: ClusterSpec): Iterable<Finding> {
  if (!isHttps(got)) return;
  const parts = endpointParts(got);
  if (parts) return yield* endpointOfNobody(got, parts.host, parts.port);
  const isBare = /^https:\/\/(\[[^\]]*\]|[^\s/?#@\\:]+)(:\d*)?\/*$/.test(got);
  yield {
    propertyPath,
    got: withoutUser(got),
    reason: isBare
      ? "its host is neither an address nor a DNS name"
      : "it must be a scheme, a host and a port, and nothing else",
    fix: corrected(got) ?? withBrackets(got),
  };
}

/** A blank before it is a fault of the URL, not of its scheme. */
function isHttps(got: string): boolean {
  return /^\s*https:\/\//.test(got);
}

/** A user and password may stand in it. */
function withoutUser(got: string): string {
  return got.replace(/^(\s*\w+:[\\/]*)[^]*@/, "$1[secret]@");
}

/** The endpoint that is left of a text with something around it; undefined where that is a guess. */
function corrected(got: string): string | undefined {
  if (!URL.canParse(got)) return undefined;
  const [, port = PORT] = /^[^/]*\/\/[^/?#]*:(\d+)\s*(?:[/?#]|$)/.exec(got) ?? [];
  const text = `https://${new URL(got).hostname}:${port}`;
  const host = endpointParts(text)?.host;
  // A number or a short form becomes an address that nobody wrote.
  const isGuess =
    host === undefined || (parseAddress(host)?.family === "IPv4" && !got.includes(host));
  return isGuess ? undefined : `write ${text}`;
}

/** An IPv6 address without brackets cannot be told from its port. */
function withBrackets(got: string): string {
  const rest = got.replace(/^https:\/\//, "").replace(/\/+$/, "");
  const [, address = rest, port = PORT] = /^(.*):(\d{4,5})$/.exec(rest) ?? [];
  return address.includes(":") && parseAddress(address)
    ? `put brackets around the address: https://[${address}]:${port}`
    : `write for example https://api.example.org:${PORT}`;
}

function* endpointOfNobody(got: string, host: string, port: string): Iterable<Finding> {
  const address = parseAddress(host);
  if (/(^|\.)localhost$/.test(host) || (address && !isHost(address))) {
    yield {
      propertyPath,
      got,
      reason: address
        ? "no machine can have this address"
        : "on each machine, and on yours, localhost is that machine itself",
      fix: "use the address of a control plane, a VIP or a load balancer",
    };
  }
  const reason = port === "" ? undefined : (NO_API[Number(port)] ?? beyondPorts(port));
  if (reason !== undefined) {
    yield {
      propertyPath,
      got,
      reason,
      fix: `write the port of the control planes, ${PORT}, or that of a load balancer`,
    };
  }
}

/** Ports at which no Kubernetes API can be. */
const NO_API: Readonly<Record<string, string>> = {
  0: "0 is no port that anything listens on",
  50000: "50000 is the port of the Talos API, not of Kubernetes",
  50001: "50001 is a port of the Talos API, not of Kubernetes",
};

function beyondPorts(port: string): string | undefined {
  return Number(port) > 65535 ? "the last port is 65535" : undefined;
}

function* endpointPort({ clusterEndpoint: got }: ClusterSpec): Iterable<Finding> {
  if (endpointParts(got)?.port !== "") return;
  yield {
    propertyPath,
    got,
    reason: `without a port it means 443, while control planes serve at ${PORT}`,
    fix: `write ${got.replace(/:?\/*$/, "")}:${PORT}, or :443 if a load balancer listens there`,
  };
}

function* endpointOnWorker(spec: ClusterSpec): Iterable<Finding> {
  const address = hostAddress(spec);
  const owners = spec.nodes.filter(
    ({ ipAddress }) => address && parseAddress(ipAddress)?.text === address.text,
  );
  const [worker] = owners;
  if (!worker || owners.some(({ machineType }) => machineType === "controlplane")) return;
  yield {
    propertyPath,
    got: spec.clusterEndpoint,
    reason: `it is the address of ${worker.hostname}, a worker, where no Kubernetes API runs`,
    fix: "use the address of a control plane, a VIP or a load balancer",
  };
}

function* endpointInClusterNetwork(spec: ClusterSpec): Iterable<Finding> {
  const address = hostAddress(spec);
  if (!address || nodeAddresses(spec).some((node) => node.text === address.text)) return;
  for (const network of [...podNetworks(spec), ...serviceNetworks(spec)]) {
    if (!contains(network, address)) continue;
    yield {
      propertyPath,
      got: spec.clusterEndpoint,
      reason: `its address lies in ${network.propertyPath} (${network.text}), which cannot be reached before the cluster runs`,
      fix: "use an address in the network of the machines",
    };
  }
}

function* endpointHostUnknown(spec: ClusterSpec): Iterable<Finding> {
  const address = hostAddress(spec);
  if (!address) return;
  const known = [...nodeAddresses(spec), ...vips(spec)];
  if (known.some(({ text }) => text === address.text)) return;
  const vipInPatch = [
    ...spec.configPatches,
    ...spec.controlPlaneConfigPatches,
    ...spec.nodes.flatMap((node) => node.configPatches),
  ].some((patch) => patch.includes(address.text));
  if (vipInPatch) return;
  yield {
    propertyPath,
    got: spec.clusterEndpoint,
    reason: "its address is neither that of a machine nor a VIP of this spec",
    fix: "use a control plane's address, add vip to a network interface of the control planes, or make sure that a load balancer answers there",
  };
}

function hostAddress(spec: ClusterSpec) {
  const host = endpointHost(spec);
  return host === undefined ? undefined : parseAddress(host);
}

function bracketed(host: string): string {
  return parseAddress(host)?.family === "IPv6" ? `[${host}]` : host;
}
