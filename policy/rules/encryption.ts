import type { PatchDocument } from "./configPatches";
import type { Finding } from "./finding";
import type { KubernetesObject } from "./kubernetesObjects";
import { UNKNOWN, pathText, valueAt } from "./propertyTree";

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
  const missing = VOLUMES.filter((volume) => !isEncrypted(documents, volume));
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

/** In either form; a machine may have both. */
function isEncrypted(documents: readonly PatchDocument[], volume: string): boolean {
  const contents = documents.map(({ content }) => content);
  const ofVolume = contents.filter(
    (content) => valueAt(content, "kind") === "VolumeConfig" && valueAt(content, "name") === volume,
  );
  const olderKeys = ["machine", "systemDiskEncryption", volume.toLowerCase()];
  const ofMachine = contents.filter((content) => valueAt(content, "kind") === undefined);
  return encrypts(ofVolume, ["encryption"]) || encrypts(ofMachine, olderKeys);
}

/** Patches are applied in their order, and a later one may take away what an earlier one wrote. */
function encrypts(contents: readonly unknown[], path: readonly string[]): boolean {
  const at = [...path, "keys"];
  return contents.reduce<boolean>((before, content) => {
    const owners = [content, ...at.map((_, end) => valueAt(content, ...at.slice(0, end + 1)))];
    if (owners.some((each) => valueAt(each, "$patch") === "delete")) return false;
    const keys = valueAt(content, ...at);
    return before || (Array.isArray(keys) && keys.length > 0);
  }, false);
}
