import type { ClusterSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** Certificates that kubelets serve with. */
export const servingCertRules: readonly Rule[] = [
  { id: "serving-cert-approver", check: servingCertApprover },
];

const FLAG = "rotate-server-certificates";

function* servingCertApprover({
  kubelet,
  servingCertApprover: approver,
}: ClusterSpec): Iterable<Finding> {
  if (approver || kubelet.extraArgs[FLAG] !== "true") return;
  yield {
    propertyPath: `kubelet.extraArgs.${FLAG}`,
    got: "true",
    reason:
      "nothing approves the certificates that kubelets then ask for, so logs, exec and metrics fail",
    fix: "remove it, or install an approver and set servingCertApprover to true",
  };
}
