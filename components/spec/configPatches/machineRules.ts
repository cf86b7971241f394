import { labelKeyFault, labelValueFault, taintFault } from "../kubernetesNames";
import { badSubnet } from "./clusterRules";
import { parseGoUrl } from "./goUrl";
import { at, entriesAt, listAt, textAt } from "./machineDocuments";
import type { MachineDocuments } from "./machineDocuments";
import type { CheckedMachine, MachineFinding, MachineRule } from "./machineRule";

/** What a machine refuses under `machine`. */
export const machineRules: readonly MachineRule[] = [
  { id: "patch-host-dns", check: hostDns },
  { id: "patch-kubelet", check: kubelet },
  { id: "patch-node-labels", check: nodeLabels },
  { id: "patch-talos-api-access", check: talosApiAccess },
  { id: "patch-address-sort", check: addressSort },
  { id: "patch-registries", check: registries },
  { id: "patch-logging", check: logging },
];

/** Fields of the kubelet's configuration that Talos keeps to itself. */
const PROTECTED_KUBELET_FIELDS = [
  "apiVersion",
  "authentication",
  "authorization",
  "cgroupRoot",
  "kind",
  "kubeletCgroups",
  "port",
  "protectKernelDefaults",
  "resolvConf",
  "rotateCertificates",
  "systemCgroups",
  "staticPodPath",
  "seccompDefault",
];
const RESERVED_ANNOTATIONS = ["annotations", "labels", "taints"].map(
  (what) => `talos.dev/owned-${what}`,
);
const TALOS_ROLES = ["os:admin", "os:operator", "os:reader", "os:etcd:backup", "os:impersonator"];

function* hostDns([main]: MachineDocuments): Iterable<MachineFinding> {
  const hostDNS = at(main, "machine", "features", "hostDNS");
  if (at(hostDNS, "forwardKubeDNSToHost") !== true || at(hostDNS, "enabled") === true) return;
  yield {
    where: "machine.features.hostDNS",
    got: hostDNS,
    reason: "machines refuse forwardKubeDNSToHost while the resolver is off",
    fix: "set hostDNS in the spec instead of a patch",
  };
}

function* kubelet([main]: MachineDocuments): Iterable<MachineFinding> {
  const config = at(main, "machine", "kubelet");
  for (const [index, subnet] of listAt(config, "nodeIP", "validSubnets").entries()) {
    yield* badSubnet(`machine.kubelet.nodeIP.validSubnets[${index}]`, subnet);
  }
  for (const [field] of entriesAt(config, "extraConfig")) {
    if (!PROTECTED_KUBELET_FIELDS.includes(field)) continue;
    yield {
      where: `machine.kubelet.extraConfig.${field}`,
      reason: "machines refuse this field of the kubelet, which Talos sets itself",
      fix: "remove it",
    };
  }
}

function* nodeLabels([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const list of ["nodeLabels", "nodeAnnotations", "nodeTaints"]) {
    for (const [key, value] of entriesAt(main, "machine", list)) {
      const text = String(value ?? "");
      const fault =
        labelKeyFault(key) ??
        (list === "nodeLabels" ? labelValueFault(text) : undefined) ??
        (list === "nodeTaints" ? taintFault(text) : undefined) ??
        (list === "nodeAnnotations" && RESERVED_ANNOTATIONS.includes(key)
          ? "Talos keeps this annotation to itself"
          : undefined);
      if (fault === undefined) continue;
      yield {
        where: `machine.${list}[${JSON.stringify(key)}]`,
        got: value,
        reason: `machines refuse it: ${fault}`,
        fix: "correct it; labels and taints of a node also have keys in the spec",
      };
    }
  }
}

function* talosApiAccess(
  [main]: MachineDocuments,
  { machineType }: CheckedMachine,
): Iterable<MachineFinding> {
  const access = at(main, "machine", "features", "kubernetesTalosAPIAccess");
  if (at(access, "enabled") !== true) return;
  const where = "machine.features.kubernetesTalosAPIAccess";
  if (machineType === "worker") {
    yield {
      where,
      reason: "machines refuse it on a worker",
      fix: "move the patch to controlPlaneConfigPatches",
    };
  }
  for (const [index, role] of listAt(access, "allowedRoles").entries()) {
    if (TALOS_ROLES.includes(String(role))) continue;
    yield {
      where: `${where}.allowedRoles[${index}]`,
      got: role,
      reason: "Talos has no such role",
      fix: `choose from ${TALOS_ROLES.join(", ")}`,
    };
  }
}

function* addressSort([main]: MachineDocuments): Iterable<MachineFinding> {
  const got = textAt(main, "machine", "features", "nodeAddressSortAlgorithm");
  if (["", "v1", "v2"].includes(got.toLowerCase())) return;
  yield {
    where: "machine.features.nodeAddressSortAlgorithm",
    got,
    reason: "machines know v1 and v2",
    fix: "write v2",
  };
}

function* registries([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const list of ["mirrors", "config"]) {
    for (const [name, value] of entriesAt(main, "machine", "registries", list)) {
      if (value !== null) continue;
      yield {
        where: `machine.registries.${list}[${JSON.stringify(name)}]`,
        reason: "machines refuse an entry without content",
        fix: "remove it, or write what it shall be",
      };
    }
  }
}

function* logging([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const [index, item] of listAt(main, "machine", "logging", "destinations").entries()) {
    const where = `machine.logging.destinations[${index}]`;
    const endpoint = textAt(item, "endpoint");
    const url = parseGoUrl(endpoint);
    const hasHost = url !== undefined && `${url.hostname}${url.port}` !== "";
    if (!hasHost || !["tcp", "udp"].includes(url.scheme)) {
      yield {
        where: `${where}.endpoint`,
        got: endpoint,
        reason: "machines send logs to tcp:// or udp:// and a host",
        fix: "write for example tcp://10.5.0.9:6051/",
      };
    }
    if (textAt(item, "format") !== "json_lines") {
      yield {
        where: `${where}.format`,
        got: textAt(item, "format"),
        reason: "machines know json_lines only",
        fix: "write format: json_lines",
      };
    }
  }
}
