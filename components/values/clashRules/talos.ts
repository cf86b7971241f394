import { mandatoryValues } from "../talos";
import { type ClashRule, capabilities, get, given, on } from "./clashRule";

const AGENT = "securityContext.capabilities.ciliumAgent";
const CLEAN = "securityContext.capabilities.cleanCiliumState";

const rules: readonly ClashRule[] = [
  ...[AGENT, CLEAN].map((path): ClashRule => ({
    id: path === AGENT ? "agent-capability-missing" : "clean-capability-missing",
    warns: true,
    path,
    breaks: (values) => {
      const list = capabilities(values, path);
      return (
        Array.isArray(get(values, path)) &&
        !on(values, "securityContext.privileged") &&
        capabilities(mandatoryValues, path).some((capability) => !list.includes(capability))
      );
    },
    reason: `a list of one's own replaces ours, and this one lacks some of ${capabilities(mandatoryValues, path).join(", ")}`,
    fix: "remove the list, or write it whole and add what you want",
  })),
  {
    id: "cgroup-root",
    path: "cgroup.hostRoot",
    breaks: (values) =>
      on(values, "cgroup.autoMount.enabled", true) === false &&
      given(values, "cgroup.hostRoot") &&
      get(values, "cgroup.hostRoot") !== "/sys/fs/cgroup",
    reason: "Talos has cgroup v2 at /sys/fs/cgroup, and agents would look for it elsewhere",
    fix: "set /sys/fs/cgroup, or remove it",
  },
  {
    id: "namespace-override",
    warns: true,
    path: "namespaceOverride",
    breaks: (values) =>
      given(values, "namespaceOverride") && get(values, "namespaceOverride") !== "kube-system",
    reason:
      "Talos lets privileged pods run in kube-system only, and the chart makes no other namespace for its pods",
    fix: "remove it, or make the namespace before with the label pod-security.kubernetes.io/enforce: privileged",
  },
  {
    id: "spire-namespace",
    warns: true,
    path: "authentication.mutual.spire.install.enabled",
    breaks: (values) =>
      on(values, "authentication.mutual.spire.enabled") &&
      on(values, "authentication.mutual.spire.install.enabled", true),
    reason: "SPIRE's agents use the host's network and paths, which Talos forbids in cilium-spire",
    fix: "label the namespace cilium-spire with pod-security.kubernetes.io/enforce: privileged",
  },
];

/** What Talos does not let pods do, or has done already. */
export const talosRules: readonly ClashRule[] = rules.map((rule) => ({ ...rule, onTalos: true }));
