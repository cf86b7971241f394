import { labelKeyFault, labelValueFault, taintFault } from "../kubernetesNames";
import { badSubnet } from "./clusterRules";
import { at, entriesAt, kindOf, listAt, textAt } from "./machineDocuments";
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
  { id: "patch-disks", check: disks },
  { id: "patch-disk-encryption", check: diskEncryption },
  { id: "patch-kubespan", check: kubeSpan },
  { id: "patch-set-twice", check: setTwice },
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
const KUBE_SPAN_MINIMUM_MTU = 1280;

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
        (RESERVED_ANNOTATIONS.includes(key) ? "Talos keeps this annotation to itself" : undefined);
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
    if (!/^(tcp|udp):\/\/[^/]+/.test(endpoint)) {
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

function* disks([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const [index, disk] of listAt(main, "machine", "disks").entries()) {
    const partitions = listAt(disk, "partitions");
    for (const [at_, partition] of partitions.entries()) {
      const size = at(partition, "size");
      if (at_ === partitions.length - 1 || (size !== undefined && size !== 0 && size !== "0"))
        continue;
      yield {
        where: `machine.disks[${index}].partitions[${at_}]`,
        reason: "machines refuse a partition of the whole disk that is not the last",
        fix: "give it a size",
      };
    }
  }
}

function* diskEncryption([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const [name, partition] of entriesAt(main, "machine", "systemDiskEncryption")) {
    if (partition === null) continue;
    const keys = listAt(partition, "keys");
    const where = `machine.systemDiskEncryption.${name}.keys`;
    if (keys.length === 0) {
      yield { where, reason: "machines refuse encryption without a key", fix: "add a key" };
    }
    const slots = keys.map((key) => Number(at(key, "slot") ?? 0));
    for (const [index, key] of keys.entries()) {
      if (slots.indexOf(slots[index]!) < index) {
        yield {
          where: `${where}[${index}].slot`,
          got: slots[index],
          reason: "machines refuse two keys in one slot; lists of patches are appended",
          fix: "give each key a slot of its own",
        };
      }
      if (["nodeID", "static", "kms", "tpm"].every((kind) => at(key, kind) === undefined)) {
        yield {
          where: `${where}[${index}]`,
          reason: "machines refuse a key that says nothing of where it comes from",
          fix: "add nodeID, static, kms or tpm",
        };
      }
    }
  }
}

function* kubeSpan([main, ...others]: MachineDocuments): Iterable<MachineFinding> {
  const document = others.find((other) => kindOf(other) === "KubeSpanConfig");
  const where = document ? "KubeSpanConfig" : "machine.network.kubespan";
  const config = document ?? at(main, "machine", "network", "kubespan");
  if (!document && at(config, "enabled") !== true) return;
  const mtu = at(config, "mtu");
  if (typeof mtu === "number" && mtu !== 0 && mtu < KUBE_SPAN_MINIMUM_MTU) {
    yield {
      where: `${where}.mtu`,
      got: mtu,
      reason: `machines refuse less than ${KUBE_SPAN_MINIMUM_MTU}`,
      fix: `write ${KUBE_SPAN_MINIMUM_MTU} or more`,
    };
  }
  if (!document && at(main, "cluster", "discovery", "enabled") !== true) {
    yield {
      where,
      reason: "machines refuse KubeSpan without cluster.discovery",
      fix: "leave cluster.discovery.enabled at true",
    };
  }
  for (const [index, endpoint] of listAt(config, "filters", "endpoints").entries()) {
    yield* badSubnet(`${where}.filters.endpoints[${index}]`, endpoint);
  }
}

/** Settings that newer documents have taken over, and that machines refuse in both places. */
const TAKEN_OVER: readonly { kind: string; paths: readonly (readonly string[])[] }[] = [
  {
    kind: "ResolverConfig",
    paths: [
      ["machine", "network", "nameservers"],
      ["machine", "network", "searchDomains"],
      ["machine", "network", "disableSearchDomain"],
    ],
  },
  {
    kind: "TimeSyncConfig",
    paths: [
      ["machine", "time", "disabled"],
      ["machine", "time", "servers"],
      ["machine", "time", "bootTimeout"],
    ],
  },
  { kind: "KubeSpanConfig", paths: [["machine", "network", "kubespan"]] },
];

function* setTwice([main, ...others]: MachineDocuments): Iterable<MachineFinding> {
  for (const { kind, paths } of TAKEN_OVER) {
    if (!others.some((other) => kindOf(other) === kind)) continue;
    for (const path of paths) {
      const value = at(main, ...path);
      if (value === undefined || value === null || value === false) continue;
      if (Array.isArray(value) && value.length === 0) continue;
      yield {
        where: path.join("."),
        got: value,
        reason: `machines refuse it beside a ${kind} document`,
        fix: "keep the document",
      };
    }
  }
}
