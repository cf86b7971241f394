import { contains, isHost, parseAddress } from "../cidr";
import { isHostName } from "../kubernetesNames";
import { endpointHost, nodeAddresses, podNetworks, serviceNetworks, vips } from "../networks";
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
  if (/^https:\/\//.test(got)) return;
  const rest = got.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/\/+$/, "");
  const withPort = /:\d+$/.test(rest) && !parseAddress(rest) ? rest : `${bracketed(rest)}:${PORT}`;
  yield {
    propertyPath,
    got,
    reason: "the Kubernetes API speaks https only",
    fix: rest === "" ? `write https://<host>:${PORT}` : `write https://${withPort}`,
  };
}

function* endpointUrl({ clusterEndpoint: got }: ClusterSpec): Iterable<Finding> {
  if (!/^https:\/\//.test(got)) return;
  const url = URL.canParse(got) ? new URL(got) : undefined;
  const host = url?.hostname.replace(/^\[|\]$/g, "") ?? "";
  const isNamed = parseAddress(host) !== undefined || isHostName(host);
  const isBare =
    url !== undefined &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === "" &&
    url.pathname === "/";
  if (isBare && isNamed) return yield* endpointOfNobody(got, host, url.port);
  yield {
    propertyPath,
    // A user and password may stand in it.
    got: url && (url.username !== "" || url.password !== "") ? `https://[secret]@${url.host}` : got,
    reason: isBare
      ? "its host is neither an address nor a DNS name"
      : "it must be a scheme, a host and a port, and nothing else",
    fix: isNamed ? `write https://${bracketed(host)}:${url?.port || PORT}` : withBrackets(got),
  };
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
  const reason = NO_API[port];
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

function* endpointPort({ clusterEndpoint: got }: ClusterSpec): Iterable<Finding> {
  // URL drops a port that is the scheme's own, so the text is asked. A path is a fault of its own.
  const [, rest] = /^https:\/\/([^/]+)\/*$/.exec(got) ?? [];
  if (!URL.canParse(got) || rest === undefined || /:\d+$/.test(rest)) return;
  yield {
    propertyPath,
    got,
    reason: `without a port it means 443, while control planes serve at ${PORT}`,
    fix: `write ${got.replace(/\/+$/, "")}:${PORT}, or :443 if a load balancer listens there`,
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
