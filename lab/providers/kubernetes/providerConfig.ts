import type { CheckRequest, CheckResult, DiffRequest, DiffResult } from "../protocol";
import type { PropertyMap, PropertyValue } from "../property";
import { activeCluster, parseKubeconfig, type Kubeconfig, type Overrides } from "./kubeconfig";
import { typeOfUrn, nameOfUrn } from "./kinds";
import { deepEqual, isRecord, isUnknown, stripped } from "./plain";

/** Checks a provider resource's arguments. Inputs are given back as they came. */
export function checkConfig({ urn, news }: CheckRequest): CheckResult {
  const plain = stripped(news) as PropertyMap;
  const failures = plain.strictMode === "true" ? strictFailures(urn, plain) : [];
  if (failures.length > 0) return { inputs: news, failures };
  const rendering = isTruthy(plain.renderYamlToDirectory);
  if (rendering) {
    const incompatible = ["cluster", "context", "kubeconfig"].filter(
      (name) =>
        isTruthy(plain[name]) && !(name === "kubeconfig" && plain[name] === process.env.KUBECONFIG),
    );
    if (incompatible.length > 0) {
      const reason = (name: string): string =>
        `"${name}" arg is not compatible with "renderYamlToDirectory" arg`;
      return {
        inputs: news,
        failures: incompatible.map((property) => ({ property, reason: reason(property) })),
      };
    }
  }
  if ((plain.alwaysRender === true || plain.alwaysRender === "true") && !rendering) {
    const reason = '"alwaysRender" requires "renderYamlToDirectory" to be set';
    return { inputs: news, failures: [{ property: "alwaysRender", reason }] };
  }
  return { inputs: news };
}

function strictFailures(urn: string, plain: PropertyMap): { property: string; reason: string }[] {
  if (!typeOfUrn(urn).startsWith("pulumi:providers:")) return [];
  const failures = [];
  if (nameOfUrn(urn).startsWith("default")) {
    failures.push({ property: "", reason: "strict mode prohibits default provider" });
  }
  for (const property of ["kubeconfig", "context"]) {
    if (plain[property] === undefined || plain[property] === null || plain[property] === "") {
      const reason = `strict mode requires Provider "${property}" argument`;
      failures.push({ property, reason });
    }
  }
  return failures;
}

function isTruthy(value: PropertyValue | undefined): boolean {
  return (typeof value === "string" && value !== "") || value === true;
}

/**
 * Decides whether a changed provider replaces itself and so everything made with it: when the cluster that the
 * kubeconfig points at changed, unless `clusterIdentifier` says that it is the same.
 * @throws where the old or the new kubeconfig is none
 */
export function diffConfig({ olds, news }: DiffRequest): DiffResult {
  const before = stripped(olds) as PropertyMap;
  const after = stripped(news) as PropertyMap;
  const changed = changedKeys(before, after);
  if (changed.length === 0) return { changes: "DIFF_NONE" };
  const identifier = [before.clusterIdentifier, after.clusterIdentifier];
  const identified = identifier[0] !== undefined && identifier[1] !== undefined;
  const replaces: string[] = [];
  const result = (diffs: string[]): DiffResult => ({
    changes: "DIFF_SOME",
    diffs,
    replaces: identified && deepEqual(identifier[0], identifier[1]) ? [] : replaces,
  });
  if (identified && !deepEqual(identifier[0], identifier[1])) replaces.push("clusterIdentifier");
  const unknown = ["kubeconfig", "context", "cluster"].find((key) => isUnknown(after[key]));
  if (unknown) {
    replaces.push(unknown);
    return result([unknown]);
  }
  const oldCluster = activeCluster(configOf(before.kubeconfig), overridesOf(before));
  const newCluster = activeCluster(configOf(after.kubeconfig), overridesOf(after));
  if (changed.includes("renderYamlToDirectory")) replaces.push("renderYamlToDirectory");
  if (oldCluster && newCluster && !deepEqual(oldCluster, newCluster)) {
    replaces.push(...["kubeconfig", "context", "cluster"].filter((key) => changed.includes(key)));
  }
  return result(changed);
}

function changedKeys(before: PropertyMap, after: PropertyMap): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.filter((key) => !deepEqual(before[key] ?? null, after[key] ?? null));
}

function configOf(value: PropertyValue | undefined): Kubeconfig {
  if (value === undefined || value === null) return parseKubeconfig("");
  if (typeof value !== "string" && !isRecord(value)) {
    throw new Error(`unexpected kubeconfig format, type: ${typeof value}`);
  }
  try {
    return parseKubeconfig(typeof value === "string" ? value : JSON.stringify(value));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`failed to parse kubeconfig: ${message}`, { cause: error });
  }
}

function overridesOf(args: PropertyMap): Overrides {
  const { context, cluster } = args;
  return {
    ...(typeof context === "string" ? { context } : {}),
    ...(typeof cluster === "string" ? { cluster } : {}),
  };
}
