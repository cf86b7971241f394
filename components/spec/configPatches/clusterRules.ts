import { parseCidr } from "../cidr";
import { isEndpointUri, parseGoUrl } from "./goUrl";
import { at, entriesAt, listAt, textAt } from "./machineDocuments";
import type { MachineDocuments } from "./machineDocuments";
import type { CheckedMachine, MachineFinding, MachineRule } from "./machineRule";
import { isAddress } from "./scalars";

/** What a machine refuses under `cluster`. */
export const clusterRules: readonly MachineRule[] = [
  { id: "patch-cni", check: cni },
  { id: "patch-inline-manifest", check: inlineManifest },
  { id: "patch-etcd-on-worker", check: etcdOnWorker },
  { id: "patch-etcd-subnet", check: etcdSubnet },
  { id: "patch-dns-domain", check: dnsDomain },
  { id: "patch-discovery", check: discovery },
  { id: "patch-cloud-provider", check: cloudProvider },
  { id: "patch-api-server-authorization", check: authorization },
  { id: "patch-resources", check: resources },
];

const AUTHORIZERS = ["Node", "RBAC", "Webhook"];
const DNS_NAME = /^([a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})(\.[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})*[._]?$/;

function* cni([main]: MachineDocuments, { machineType }: CheckedMachine): Iterable<MachineFinding> {
  const config = at(main, "cluster", "network", "cni");
  if (config === undefined || machineType === "worker") return;
  const name = textAt(config, "name");
  const where = "cluster.network.cni";
  if (!["flannel", "custom", "none"].includes(name)) {
    yield {
      where: `${where}.name`,
      got: name,
      reason: "machines know flannel, custom and none",
      fix: "write none: Cilium is installed by the program",
    };
    return;
  }
  if (name !== "custom" && listAt(config, "urls").length > 0) {
    yield {
      where: `${where}.urls`,
      got: listAt(config, "urls"),
      reason: `machines refuse urls for the CNI ${name}`,
      fix: "remove them",
    };
  }
  for (const [index, url] of (name === "custom" ? listAt(config, "urls") : []).entries()) {
    if (!isEndpointUri(String(url))) yield badUrl(`${where}.urls[${index}]`, url);
  }
  const flannel = at(config, "flannel");
  const hasFlannel =
    listAt(flannel, "extraArgs").length > 0 || at(flannel, "kubeNetworkPoliciesEnabled") === true;
  if (name !== "flannel" && hasFlannel) {
    yield {
      where: `${where}.flannel`,
      reason: `machines refuse settings of flannel for the CNI ${name}`,
      fix: "remove them",
    };
  }
}

function* inlineManifest([main]: MachineDocuments): Iterable<MachineFinding> {
  const names = listAt(main, "cluster", "inlineManifests").map((item) => textAt(item, "name"));
  for (const [index, name] of names.entries()) {
    const empty = name.trim() === "";
    if (!empty && names.indexOf(name) === index) continue;
    yield {
      where: `cluster.inlineManifests[${index}].name`,
      got: name,
      reason: empty
        ? "machines refuse an inline manifest without a name"
        : "machines refuse two inline manifests of one name; lists of patches are appended",
      fix: empty
        ? "name it"
        : "give each manifest a name of its own, and each patch a manifest once",
    };
  }
}

function* etcdOnWorker(
  [main]: MachineDocuments,
  { machineType }: CheckedMachine,
): Iterable<MachineFinding> {
  if (machineType !== "worker" || at(main, "cluster", "etcd") === undefined) return;
  yield {
    where: "cluster.etcd",
    reason: "machines refuse settings of etcd on a worker",
    fix: "move the patch to controlPlaneConfigPatches",
  };
}

function* etcdSubnet([main]: MachineDocuments): Iterable<MachineFinding> {
  const etcd = at(main, "cluster", "etcd");
  if (textAt(etcd, "subnet") !== "" && listAt(etcd, "advertisedSubnets").length > 0) {
    yield {
      where: "cluster.etcd.subnet",
      got: textAt(etcd, "subnet"),
      reason: "machines refuse it beside advertisedSubnets",
      fix: "keep advertisedSubnets",
    };
  }
  for (const key of ["advertisedSubnets", "listenSubnets"]) {
    for (const [index, subnet] of listAt(etcd, key).entries()) {
      yield* badSubnet(`cluster.etcd.${key}[${index}]`, subnet);
    }
  }
  const subnet = textAt(etcd, "subnet");
  if (subnet !== "") yield* badSubnet("cluster.etcd.subnet", subnet);
}

function badUrl(where: string, got: unknown): MachineFinding {
  return { where, got, reason: "machines refuse what is no URL", fix: "write the full URL" };
}

/** What is no network or address, with or without a leading exclamation mark. */
export function* badSubnet(where: string, subnet: unknown): Iterable<MachineFinding> {
  const text = String(subnet).replace(/^!/, "");
  if (parseCidr(text) ?? isAddress(text)) return;
  yield {
    where,
    got: subnet,
    reason: "machines refuse what is no network in CIDR notation",
    fix: "write a network such as 10.5.0.0/24",
  };
}

function* dnsDomain([main]: MachineDocuments): Iterable<MachineFinding> {
  const got = textAt(main, "cluster", "network", "dnsDomain");
  if (got === "" || (DNS_NAME.test(got) && got.replaceAll(".", "").length <= 255)) return;
  yield {
    where: "cluster.network.dnsDomain",
    got,
    reason: "machines refuse what is no DNS name",
    fix: "remove it from the patch and set dnsDomain in the spec",
  };
}

function* discovery([main]: MachineDocuments): Iterable<MachineFinding> {
  const config = at(main, "cluster", "discovery");
  const enabled = at(config, "enabled") === true;
  if (!enabled || at(config, "registries", "service", "disabled") === true) return;
  for (const key of ["id", "secret"]) {
    if (textAt(main, "cluster", key) !== "") continue;
    yield {
      where: `cluster.${key}`,
      reason: `machines refuse cluster.discovery without cluster.${key}`,
      fix: "remove it from the patch; it comes from the machine secrets",
    };
  }
  const endpoint = textAt(config, "registries", "service", "endpoint");
  const url = parseGoUrl(endpoint);
  if (endpoint === "" || (url?.isRequestUri && ["", "/"].includes(url.path))) return;
  yield {
    where: "cluster.discovery.registries.service.endpoint",
    got: endpoint,
    reason: "machines refuse what is no URL, or one with a path",
    fix: "write for example https://discovery.talos.dev/",
  };
}

function* cloudProvider([main]: MachineDocuments): Iterable<MachineFinding> {
  const provider = at(main, "cluster", "externalCloudProvider");
  const manifests = listAt(provider, "manifests");
  if (manifests.length > 0 && at(provider, "enabled") !== true) {
    yield {
      where: "cluster.externalCloudProvider.manifests",
      got: manifests,
      reason: "machines refuse manifests of a cloud provider that is off",
      fix: "add enabled: true",
    };
    return;
  }
  for (const [index, url] of manifests.entries()) {
    if (isEndpointUri(String(url))) continue;
    yield badUrl(`cluster.externalCloudProvider.manifests[${index}]`, url);
  }
}

function* authorization([main]: MachineDocuments): Iterable<MachineFinding> {
  const apiServer = at(main, "cluster", "apiServer");
  const authorizers = listAt(apiServer, "authorizationConfig");
  if (authorizers.length === 0) return;
  for (const [index, authorizer] of authorizers.entries()) {
    const type = textAt(authorizer, "type");
    if (AUTHORIZERS.includes(type) && textAt(authorizer, "name") !== "") continue;
    yield {
      where: `cluster.apiServer.authorizationConfig[${index}]`,
      got: authorizer,
      reason: `machines refuse it: each has a name and a type, one of ${AUTHORIZERS.join(", ")}`,
      fix: "correct it",
    };
  }
  for (const [flag] of entriesAt(apiServer, "extraArgs")) {
    if (flag !== "authorization-mode" && !flag.startsWith("authorization-webhook-")) continue;
    yield {
      where: `cluster.apiServer.extraArgs.${flag}`,
      reason: "machines refuse it beside authorizationConfig",
      fix: "keep authorizationConfig",
    };
  }
}

function* resources([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const part of ["apiServer", "controllerManager", "scheduler"]) {
    for (const list of ["requests", "limits"]) {
      for (const [name] of entriesAt(main, "cluster", part, "resources", list)) {
        if (name === "cpu" || name === "memory") continue;
        yield {
          where: `cluster.${part}.resources.${list}.${name}`,
          reason: "machines know cpu and memory",
          fix: "remove it",
        };
      }
    }
  }
}
