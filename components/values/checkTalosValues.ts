import type { Problem } from "../problems";
import type { ChartValues } from "./chartValues";
import { isMap, valueAt } from "./chartValues";
import { FORBIDDEN_CAPABILITIES } from "./talos";

const VALUES = "cilium.values";

/**
 * What of the values cannot work on Talos, whatever the chart says: the price of taking a user at
 * their word where they give a mandatory key themselves.
 *
 * @param values as the chart gets them
 */
export function checkTalosValues(values: ChartValues): Problem[] {
  return [
    ...capabilityProblems(values),
    ...refused(values, "cgroup.autoMount.enabled", true, {
      reason: "Talos has mounted cgroup v2 at /sys/fs/cgroup, and nothing may mount it again",
      fix: "remove it",
    }),
    ...refused(values, "nodeinit.enabled", true, {
      reason: "its pods ask for SYS_MODULE, which Talos gives to nothing",
      fix: "remove it",
    }),
    ...generatedKeys(values),
  ];
}

function capabilityProblems(values: ChartValues): Problem[] {
  const lists = valueAt(values, ["securityContext", "capabilities"]);
  if (!isMap(lists)) return [];
  return Object.entries(lists).flatMap(([list, capabilities]) => {
    const forbidden = FORBIDDEN_CAPABILITIES.filter(
      (capability) => Array.isArray(capabilities) && capabilities.includes(capability),
    );
    if (forbidden.length === 0) return [];
    return [
      {
        id: "talos-capability",
        propertyPath: `${VALUES}.securityContext.capabilities.${list}`,
        got: forbidden,
        reason: "Talos gives these to no container, and a pod that asks for one does not start",
        fix: `take ${forbidden.join(" and ")} out of the list, or remove the list`,
      },
    ];
  });
}

function refused(
  values: ChartValues,
  path: string,
  wrong: unknown,
  words: { reason: string; fix: string },
): Problem[] {
  const got = valueAt(values, path.split("."));
  return got === wrong
    ? [{ id: "talos-value", propertyPath: `${VALUES}.${path}`, got, ...words }]
    : [];
}

/** With `helm`, the chart's default, each render of the release has new private keys in it. */
export function generatedKeys(values: ChartValues): Problem[] {
  const hubble = valueAt(values, ["hubble"]);
  const hasTLS =
    isMap(hubble) && hubble["enabled"] !== false && valueAt(hubble, ["tls", "enabled"]) !== false;
  return [
    ...(hasTLS ? generatedBy(values, "hubble.tls.auto", false) : []),
    ...(valueAt(values, ["clustermesh", "useAPIServer"]) === true
      ? generatedBy(values, "clustermesh.apiserver.tls.auto", true)
      : []),
  ];
}

/** @param unset whether certificates are made where nothing is said */
function generatedBy(values: ChartValues, auto: string, unset: boolean): Problem[] {
  const { enabled = unset, method = "helm" } = (valueAt(values, auto.split(".")) ??
    {}) as ChartValues;
  if (enabled !== true || method !== "helm") return [];
  return [
    {
      id: "generated-keys",
      propertyPath: `${VALUES}.${auto}.method`,
      got: method,
      reason: "with helm every render makes new private keys, which the values cannot keep",
      fix: `remove ${auto}, or set the method to cronJob or certmanager`,
    },
  ];
}
