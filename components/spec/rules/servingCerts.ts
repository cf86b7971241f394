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
  const got = kubelet.extraArgs[FLAG];
  if (hasApprover(spec) || got === undefined || !isGoTrue(got)) return;
  yield {
    propertyPath: `kubelet.extraArgs.${FLAG}`,
    got,
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

/** Whether a flag of a program in Go is on; Go's strconv.ParseBool takes these. */
export function isGoTrue(text: string): boolean {
  return ["1", "t", "T", "true", "True", "TRUE"].includes(text);
}

/** Whether somebody approves what kubelets ask for. */
export function hasApprover({ servingCertApprover, cilium }: ClusterSpec): boolean {
  return servingCertApprover || cilium.servingCertApprover !== undefined;
}
