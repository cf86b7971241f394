import { readFileSync } from "node:fs";
import path from "node:path";
import { parseGoYaml } from "./goYaml";
import { isRecord, isUnknown, stripped } from "./plain";
import type { PropertyMap } from "../property";

/** A Helm release's arguments and results by their names in the schema. */
export type Release = Record<string, unknown> & {
  name: string;
  namespace: string;
  chart: string;
  version: string;
  timeout: number;
  values: Record<string, unknown>;
};

const flags = [
  "allowNullValues",
  "atomic",
  "cleanupOnFail",
  "createNamespace",
  "dependencyUpdate",
  "devel",
  "disableCRDHooks",
  "disableOpenapiValidation",
  "disableWebhooks",
  "forceUpdate",
  "lint",
  "recreatePods",
  "renderSubchartNotes",
  "replace",
  "resetValues",
  "reuseValues",
  "skipAwait",
  "skipCrds",
  "verify",
  "waitForJobs",
];
const texts = ["chart", "description", "keyring", "name", "namespace", "postrender", "version"];
const repositoryFields = ["repo", "caFile", "certFile", "keyFile", "password", "username"];
const ASSET = "c44067f5952c0a294b673a41bacd8c17";

/**
 * Reads a release's properties: every argument gets its default, an unknown one too, and values of files come under
 * those of the program.
 * @param directory what the paths of values files are relative to
 */
export function decodeRelease(properties: PropertyMap, directory: string): Release {
  const given = known(stripped(properties)) as Record<string, unknown>;
  const problems: string[] = [];
  const typed = (name: string, type: string, value: unknown, zero: unknown): unknown => {
    if (value === undefined || value === null) return zero;
    if (typeof value === type) return value;
    const field = name.charAt(0).toUpperCase() + name.slice(1);
    const wanted = { boolean: "bool", number: "int" }[type] ?? type;
    const shown =
      typeof value === "boolean" ? "bool" : typeof value === "number" ? "float64" : typeof value;
    problems.push(
      `* '${field}' expected type '${wanted}', got unconvertible type '${shown}', value: '${String(value)}'`,
    );
    return zero;
  };
  const release: Record<string, unknown> = {};
  for (const name of flags) release[name] = typed(name, "boolean", given[name], false);
  for (const name of texts) release[name] = typed(name, "string", given[name], "");
  release.timeout = Math.trunc(typed("timeout", "number", given.timeout, 0) as number);
  if (typeof given.maxHistory === "number") release.maxHistory = Math.trunc(given.maxHistory);
  const { repositoryOpts, values, resourceNames, status } = given;
  if (isRecord(repositoryOpts)) {
    const field = (name: string): unknown => typed(name, "string", repositoryOpts[name], "");
    release.repositoryOpts = Object.fromEntries(
      repositoryFields.map((name) => [name, field(name)]),
    );
  }
  if (isRecord(resourceNames)) release.resourceNames = resourceNames;
  if (isRecord(status)) release.status = status;
  if (problems.length > 0) {
    const list = problems.join("\n");
    throw new Error(`decoding failure: ${problems.length} error(s) decoding:\n\n${list}`);
  }
  const files = Array.isArray(given.valueYamlFiles) ? given.valueYamlFiles : [];
  const fromFiles = files.reduce<Record<string, unknown>>(
    (merged, file) => mergeValues(merged, valuesOf(file, directory)),
    {},
  );
  release.values = mergeValues(fromFiles, isRecord(values) ? values : {});
  return release as Release;
}

/** Unknown values as nothing at all, which is how a release is decoded in a preview. */
function known(value: unknown): unknown {
  if (isUnknown(value)) return null;
  if (Array.isArray(value)) return value.map(known);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, known(item)]));
}

function valuesOf(file: unknown, directory: string): Record<string, unknown> {
  const asset = isRecord(file) && Object.values(file).includes(ASSET) ? file : undefined;
  if (!asset) throw new Error("unsupported type for 'valueYamlFiles' arg: []interface {}");
  const text =
    typeof asset.text === "string" && asset.text !== ""
      ? asset.text
      : readFileSync(path.resolve(directory, String(asset.path ?? "")), "utf8");
  const values = parseGoYaml(text);
  return isRecord(values) ? values : {};
}

/** The id of a release in the state: `namespace/name`. */
export function releaseId({ namespace, name }: Release): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** Merges chart values: objects key by key, anything else by replacement. */
export function mergeValues(
  base: Record<string, unknown>,
  over: Record<string, unknown>,
): Record<string, unknown> {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const under = result[key];
    result[key] = isRecord(value) && isRecord(under) ? mergeValues(under, value) : value;
  }
  return result;
}

/** What a program left out: the provider's namespace, five minutes where it waits, gnupg's keyring where it verifies. */
export function setReleaseDefaults(properties: PropertyMap, defaultNamespace: string): void {
  if (properties.namespace === undefined || properties.namespace === "") {
    properties.namespace = defaultNamespace;
  }
  const waits = properties.skipAwait === undefined || properties.skipAwait === false;
  if (waits && properties.timeout === undefined) properties.timeout = 300;
  if (properties.verify === true && !properties.keyring) {
    properties.keyring = path.join(process.env.HOME ?? "", ".gnupg", "pubring.gpg");
  }
}
