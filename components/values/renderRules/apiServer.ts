import { isMap } from "../chartValues";
import { get, given, on, type RenderRule } from "./renderRule";

const BACKOFF_VARIABLES = ["KUBE_CLIENT_BACKOFF_BASE", "KUBE_CLIENT_BACKOFF_DURATION"];

/** How Cilium reaches the API server. */
export const apiServerRules: readonly RenderRule[] = [
  {
    path: "k8sServiceHostRef",
    since: 18,
    breaks: (values) =>
      given(values, "k8sServiceHostRef.name") &&
      given(values, "k8sServiceHostRef.key") &&
      given(values, "k8sServiceHost"),
    reason: "k8sServiceHost and k8sServiceHostRef exclude each other",
    fix: "keep one of them: with k8sServiceHostRef, set k8sServiceHost to null",
  },
  {
    path: "k8sServiceHost",
    since: 14,
    onTalos: true,
    breaks: (values) => get(values, "k8sServiceHost") === "auto",
    reason: "auto reads a ConfigMap cluster-info in kube-public, which Talos does not make",
    fix: "set 127.0.0.1, and k8sServicePort to KubePrism's port, 7445",
  },
  {
    path: "extraEnv",
    since: 18,
    breaks: (values) => {
      const variables = get(values, "extraEnv");
      return (
        on(values, "k8sClientExponentialBackoff.enabled", true) &&
        Array.isArray(variables) &&
        variables.some(
          (variable: unknown) =>
            isMap(variable) && BACKOFF_VARIABLES.includes(String(variable["name"])),
        )
      );
    },
    reason: `k8sClientExponentialBackoff sets ${BACKOFF_VARIABLES.join(" and ")} already`,
    fix: "set k8sClientExponentialBackoff.backoffBaseSeconds and .backoffMaxDurationSeconds",
  },
];
