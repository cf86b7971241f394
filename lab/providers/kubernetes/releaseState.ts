import { gunzipSync } from "node:zlib";
import { UNKNOWN, type PropertyMap } from "../property";
import { isRecord, isSecret, pluck, secret } from "./plain";
import { mergeValues, type Release } from "./releaseInputs";
import { annotateSecrets, annotateUnknowns } from "./secrets";

/** A revision as Helm keeps it in the cluster. */
export interface StoredRelease {
  name: string;
  namespace: string;
  version: number;
  status: string;
  manifest: string;
  config: Record<string, unknown>;
  chart: { name: string; version: string; appVersion: string };
}

/** Reads the `release` entry of the Secret (or ConfigMap) of a revision. */
export function decodeStoredRelease(data: string): StoredRelease {
  const packed = Buffer.from(data, "base64");
  const zipped = packed[0] === 0x1f && packed[1] === 0x8b && packed[2] === 0x08;
  const release: unknown = JSON.parse((zipped ? gunzipSync(packed) : packed).toString("utf8"));
  const text = (...path: string[]): string => {
    const value = pluck(release, ...path);
    return typeof value === "string" ? value : "";
  };
  const config = pluck(release, "config");
  return {
    name: text("name"),
    namespace: text("namespace"),
    version: Number(pluck(release, "version") ?? 0),
    status: text("info", "status"),
    manifest: text("manifest"),
    config: isRecord(config) ? config : {},
    chart: {
      name: text("chart", "metadata", "name"),
      version: text("chart", "metadata", "version"),
      appVersion: text("chart", "metadata", "appVersion"),
    },
  };
}

/** The release with what Helm made of it: merged values, versions, names of its objects, status. */
export function withStored(release: Release, stored: StoredRelease): Release {
  const { chart } = stored;
  return {
    ...release,
    name: release.name || stored.name,
    namespace: release.namespace || stored.namespace,
    chart: release.chart || chart.name,
    values: mergeValues(release.values, stored.config),
    version: chart.version,
    resourceNames: resourceNames(stored.manifest),
    status: {
      appVersion: chart.appVersion,
      chart: chart.name,
      name: stored.name,
      namespace: stored.namespace,
      revision: stored.version,
      status: stored.status,
      version: chart.version,
    },
  };
}

/** Names of a manifest's objects by kind: `DaemonSet.apps/apps/v1` → `kube-system/cilium`. */
export function resourceNames(manifest: string): Record<string, string[]> {
  const names = new Map<string, Set<string>>();
  for (const document of manifest.split(/^---\s*$|^---\s+(?=#)/m)) {
    const apiVersion = field(document, "", "apiVersion");
    const kind = field(document, "", "kind");
    if (!apiVersion || !kind) continue;
    const metadata =
      /^metadata:[^\n]*\n((?:(?:[ \t]+[^\n]*|#[^\n]*)?\n?)*)/m.exec(document)?.[1] ?? "";
    const indent = /^( +)\S/m.exec(metadata)?.[1] ?? "  ";
    const name = field(metadata, indent, "name");
    const namespace = field(metadata, indent, "namespace");
    const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
    const key = `${kind}${group}/${apiVersion}`;
    const set = names.get(key) ?? new Set<string>();
    names.set(key, set.add(namespace === "" ? name : `${namespace}/${name}`));
  }
  return Object.fromEntries([...names].map(([key, set]) => [key, [...set].sort()]));
}

function field(text: string, indent: string, name: string): string {
  const match = new RegExp(`^${indent}"?${name}"?:[ \\t]*(.*)$`, "m").exec(text);
  const value = (match?.[1] ?? "").replace(/\s+#.*$/, "").trim();
  return value.replace(/^(["'])(.*)\1$/, "$2");
}

/** What goes into the state: the release, and in `__inputs`, encrypted as a whole, the inputs that made it. */
export function checkpointRelease(
  inputs: PropertyMap,
  release: Release,
  preview: boolean,
): PropertyMap {
  const object: Record<string, unknown> = structuredClone({ resourceNames: {}, ...release });
  annotateUnknowns(object, inputs);
  annotateSecrets(object, inputs);
  object.__inputs = secret(inputs);
  if (preview) {
    object.resourceNames = UNKNOWN;
    object.status = UNKNOWN;
  }
  return object as PropertyMap;
}

/** The inputs that a state keeps; undefined where it has none, as in an import. */
export function inputsOfState(state: PropertyMap): PropertyMap | undefined {
  const { __inputs: inputs } = state;
  const value = isSecret(inputs) ? inputs.value : inputs;
  return isRecord(value) ? (value as PropertyMap) : undefined;
}
