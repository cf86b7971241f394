import type { ClusterSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** Certificates that kubelets serve with. */
export const servingCertRules: readonly Rule[] = [
  { id: "serving-cert-approver", check: servingCertApprover },
  { id: "serving-cert-approver-twice", warns: true, check: twoApprovers },
];

const FLAG = "rotate-server-certificates";

function* servingCertApprover(spec: ClusterSpec): Iterable<Finding> {
  const { kubelet } = spec;
  if (hasApprover(spec) || kubelet.extraArgs[FLAG] !== "true") return;
  yield {
    propertyPath: `kubelet.extraArgs.${FLAG}`,
    got: "true",
    reason:
      "nothing approves the certificates that kubelets then ask for, so logs, exec and metrics fail",
    fix: "remove it, set cilium.servingCertApprover to {}, or install an approver and set servingCertApprover to true",
  };
}

function* twoApprovers({ servingCertApprover: got, cilium }: ClusterSpec): Iterable<Finding> {
  if (!got || !cilium.servingCertApprover) return;
  yield {
    propertyPath: "servingCertApprover",
    got,
    reason:
      "it says that an approver comes by other means, and cilium.servingCertApprover installs one",
    fix: "keep one of the two",
  };
}

/** Whether somebody approves what kubelets ask for. */
export function hasApprover({ servingCertApprover, cilium }: ClusterSpec): boolean {
  return servingCertApprover || cilium.servingCertApprover !== undefined;
}
