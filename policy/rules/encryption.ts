import type { PatchDocument } from "./configPatches";
import type { Finding } from "./finding";
import type { KubernetesObject } from "./kubernetesObjects";
import { UNKNOWN, isObject, pathText, valueAt } from "./propertyTree";

/** Of any other word the chart makes no encryption, and no error either. */
const TRANSPARENT = ["wireguard", "ipsec"];
const CHART_DEFAULT = "ipsec";
const AGENT_SETTINGS = "cilium-config";

/**
 * Cilium encrypts the traffic between nodes.
 *
 * @param values of Cilium's chart
 * @param at where they stand in the resource
 */
export function trafficFindings(values: unknown, at: readonly string[] = ["values"]): Finding[] {
  const encryption = valueAt(values, "encryption");
  const enabled = valueAt(encryption, "enabled");
  const type = valueAt(encryption, "type") ?? CHART_DEFAULT;
  if ([values, encryption, enabled, type].includes(UNKNOWN)) return [];
  if (enabled === true && TRANSPARENT.includes(String(type))) return [];
  const got = enabled === true ? `type ${JSON.stringify(type)}` : "not enabled";
  return [inClear([...at, "encryption"], got)];
}

/** The same of a rendered chart, by the settings that agents read. */
export function settingsTrafficFindings({ kind, path, content }: KubernetesObject): Finding[] {
  if (kind !== "ConfigMap" || valueAt(content, "metadata", "name") !== AGENT_SETTINGS) return [];
  const data = valueAt(content, "data");
  const settings = TRANSPARENT.map((type) => valueAt(data, `enable-${type}`));
  if ([data, ...settings].includes(UNKNOWN) || settings.includes("true")) return [];
  return [inClear([...path, "data"], "neither enable-wireguard nor enable-ipsec")];
}

function inClear(path: readonly string[], got: string): Finding {
  return {
    propertyPath: pathText(path),
    got,
    reason: "this stack is marked prod, and pods of different nodes would talk in clear",
    fix: "set `encryption: {enabled: true, type: wireguard}` in `cilium.values`",
  };
}

/** The volumes with what a stolen disk would tell: machine configuration and keys; etcd and pods. */
const VOLUMES = ["STATE", "EPHEMERAL"];

/**
 * Talos encrypts the system disk: `VolumeConfig` documents, or `machine.systemDiskEncryption` of older
 * contracts. @param documents of a machine's config patches
 */
export function diskFindings(documents: readonly PatchDocument[]): Finding[] {
  const missing = VOLUMES.filter(
    (volume) => !documents.some(({ content }) => encrypts(content, volume)),
  );
  if (missing.length === 0) return [];
  return [
    {
      propertyPath: "configPatches",
      got: `no encryption of ${missing.join(" and ")}`,
      reason: "this stack is marked prod, and a disk that leaves the rack would hold keys in clear",
      fix: "patch in a `VolumeConfig` with `encryption` for each, before the machine is installed",
    },
  ];
}

function encrypts(content: unknown, volume: string): boolean {
  const isVolume =
    valueAt(content, "kind") === "VolumeConfig" && valueAt(content, "name") === volume;
  const encryption = isVolume
    ? valueAt(content, "encryption")
    : valueAt(content, "machine", "systemDiskEncryption", volume.toLowerCase());
  const keys = isObject(encryption) ? encryption["keys"] : undefined;
  return Array.isArray(keys) && keys.length > 0;
}
