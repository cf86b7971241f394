import { replacesKubeProxy } from "../rules/cilium";
import { hasApprover, isGoTrue } from "../rules/servingCerts";
import { mayKubeletSet, OTHER_LABEL, WRITES_AS_KUBELET } from "../nodeRestriction";
import { at, entriesAt, listAt, textAt } from "./machineDocuments";
import type { MachineDocuments } from "./machineDocuments";
import type { CheckedMachine, MachineFinding, MachineRule } from "./machineRule";

/** Patches that undo what the spec says; Talos would take them. */
export const programRules: readonly MachineRule[] = [
  { id: "patch-cni-on", check: cniOn },
  { id: "patch-kube-proxy-on", check: kubeProxyOn },
  { id: "patch-kube-proxy-off", check: kubeProxyOff },
  { id: "patch-kube-prism", check: kubePrism },
  { id: "serving-cert-approver", check: servingCertApprover },
  { id: "patch-networks", warns: true, check: networks },
  { id: "patch-node-restriction", silenceable: true, check: nodeRestriction },
  { id: "patch-taint-twice", check: taintTwice },
];

function* cniOn(
  [main]: MachineDocuments,
  { spec, machineType }: CheckedMachine,
): Iterable<MachineFinding> {
  if (!spec || machineType === "worker" || at(main, "cluster") === undefined) return;
  const cni = at(main, "cluster", "network", "cni");
  const name = cni === undefined ? "flannel" : textAt(cni, "name");
  // Names that no machine takes are found by Talos' own rule.
  if (name !== "flannel" && name !== "custom") return;
  yield {
    where: "cluster.network.cni",
    got: name,
    reason: "it switches a CNI of Talos on, which would run beside Cilium",
    fix: "remove it from the patch",
  };
}

function* kubeProxyOn(
  [main]: MachineDocuments,
  { spec, machineType }: CheckedMachine,
): Iterable<MachineFinding> {
  if (!spec || machineType === "worker" || spec.kubeProxy) return;
  if (at(main, "cluster") === undefined) return;
  if (at(main, "cluster", "proxy", "disabled") === true) return;
  yield {
    where: "cluster.proxy.disabled",
    got: at(main, "cluster", "proxy", "disabled"),
    reason: "it switches kube-proxy back on, which kubeProxy: false of the spec keeps off",
    fix: "remove it from the patch, or set kubeProxy to true and cilium.kubeProxyReplacement to false",
  };
}

function* kubeProxyOff(
  [main]: MachineDocuments,
  { spec, machineType }: CheckedMachine,
): Iterable<MachineFinding> {
  if (!spec || machineType === "worker" || !spec.kubeProxy || replacesKubeProxy(spec)) return;
  if (at(main, "cluster", "proxy", "disabled") !== true) return;
  yield {
    where: "cluster.proxy.disabled",
    got: true,
    reason: "it switches kube-proxy off, and Cilium does not replace it",
    fix: "remove it from the patch, or set kubeProxy to false and cilium.kubeProxyReplacement to true",
  };
}

function* kubePrism([main]: MachineDocuments, { spec }: CheckedMachine): Iterable<MachineFinding> {
  if (!spec?.kubePrism.enabled || at(main, "machine") === undefined) return;
  const config = at(main, "machine", "features", "kubePrism");
  const port = at(config, "port") ?? 7445;
  const enabled = at(config, "enabled") === true;
  if (enabled && port === spec.kubePrism.port) return;
  yield {
    where: "machine.features.kubePrism",
    got: config,
    reason: `Cilium reaches the Kubernetes API through KubePrism at port ${spec.kubePrism.port}`,
    fix: "remove it from the patch, and set kubePrism in the spec",
  };
}

function* servingCertApprover(
  [main]: MachineDocuments,
  { spec }: CheckedMachine,
): Iterable<MachineFinding> {
  if (!spec || hasApprover(spec)) return;
  const kubelet = at(main, "machine", "kubelet");
  const flag = at(kubelet, "extraArgs", "rotate-server-certificates");
  const inConfig = at(kubelet, "extraConfig", "serverTLSBootstrap") === true;
  const inFlag = [flag].flat().some((value) => isGoTrue(String(value)));
  if (!inFlag && !inConfig) return;
  yield {
    where: inFlag
      ? "machine.kubelet.extraArgs.rotate-server-certificates"
      : "machine.kubelet.extraConfig.serverTLSBootstrap",
    got: true,
    reason:
      "nothing approves the certificates that kubelets then ask for, so logs, exec and metrics fail",
    fix: "remove it, set cilium.servingCertApprover to {}, or install an approver and set servingCertApprover to true",
  };
}

function* nodeRestriction(
  [main]: MachineDocuments,
  { spec, machineType }: CheckedMachine,
): Iterable<MachineFinding> {
  if (!spec || machineType === "controlplane") return;
  for (const [key, value] of entriesAt(main, "machine", "nodeTaints")) {
    yield {
      where: `machine.nodeTaints[${JSON.stringify(key)}]`,
      got: value,
      reason: `${WRITES_AS_KUBELET}, and a kubelet may not change the taints of its node: with them all other changes of labels and taints are refused`,
      fix: "write it as taints of the machine in the spec, which the kubelet sets when it makes the node",
    };
  }
  for (const [key, value] of entriesAt(main, "machine", "nodeLabels")) {
    if (mayKubeletSet(key)) continue;
    yield {
      where: `machine.nodeLabels[${JSON.stringify(key)}]`,
      got: value,
      reason: `${WRITES_AS_KUBELET}, and a kubelet may not set this label: with it all other changes of labels and taints are refused`,
      fix: OTHER_LABEL,
    };
  }
}

// Lists of patches are joined, and the API server takes no node with two equal taints.
function* taintTwice([main]: MachineDocuments, { spec }: CheckedMachine): Iterable<MachineFinding> {
  if (!spec) return;
  const list = "machine.kubelet.extraConfig.registerWithTaints";
  const seen = new Set<string>();
  for (const [index, taint] of listAt(main, ...list.split(".")).entries()) {
    const got = `${textAt(taint, "key")}:${textAt(taint, "effect")}`;
    if (seen.has(got)) {
      yield {
        where: `${list}[${index}]`,
        got,
        reason:
          "the machine has this taint already, and Kubernetes takes no node that has one twice",
        fix: "remove it from the patch, or from taints of the machine",
      };
    }
    seen.add(got);
  }
}

function* networks([main]: MachineDocuments, { spec }: CheckedMachine): Iterable<MachineFinding> {
  if (!spec || at(main, "cluster") === undefined) return;
  for (const key of ["podSubnets", "serviceSubnets", "dnsDomain"] as const) {
    const got = at(main, "cluster", "network", key);
    if (JSON.stringify(got) === JSON.stringify(spec[key])) continue;
    yield {
      where: `cluster.network.${key}`,
      got,
      reason: `${key} of the spec says ${JSON.stringify(spec[key])}, and only that was checked`,
      fix: `remove it from the patch and set ${key} in the spec`,
    };
  }
}
