import type { Problem } from "../problems";
import type { ChartKeys } from "./chartKeys";
import type { ChartValues } from "./chartValues";
import { isMap, valueAt } from "./chartValues";
import { chartKeysOf } from "./keyIndex";
import { minorNumber } from "./minorNumber";
import { nearestKey } from "./nearestKey";
import type { Platform } from "./platform";
import { holdsRemovedKey, removedKey } from "./removedKeys";
import { renderRules } from "./renderRules";
import { isOfType, typesInWords } from "./valueType";
import { wordRules } from "./wordRules";

/** Where a cluster's configuration has the values. */
const VALUES = "cilium.values";

/**
 * What of the values the chart does not know, cannot read, or ends its render at. Neither the
 * chart's schema nor a preview of the release finds an unknown key.
 *
 * @param values as the chart gets them
 * @param version of Cilium, `1.20.0`
 * @param chartKeys @default what Cilium's own chart of that minor knows; keys of a minor without an
 * index are not checked
 */
export function checkValues(
  values: ChartValues,
  version: string,
  chartKeys: ChartKeys | undefined = chartKeysOf(version),
  platform: Platform = "talos",
): Problem[] {
  const minor = minorNumber(version);
  return [
    ...(chartKeys ? keyProblems(values, chartKeys, { values, version }, "") : []),
    ...wordProblems(values, minor),
    ...renderRules
      .filter(
        ({ since, onTalos, breaks }) =>
          minor >= since && !(onTalos && platform !== "talos") && breaks(values, minor),
      )
      .map(({ path, reason, fix }) => problem("chart-value-refused", path, values, reason, fix)),
  ];
}

interface Context {
  readonly values: ChartValues;
  readonly version: string;
}

function keyProblems(
  values: ChartValues,
  keys: ChartKeys,
  context: Context,
  parent: string,
): Problem[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = parent === "" ? key : `${parent}.${key}`;
    const known = Object.hasOwn(keys, key) ? keys[key] : keys["*"];
    const removed = removedKey(path, context.version);
    if (removed && (known === undefined || known === "any")) {
      if (value === null || (removed.impliedByReplacement && value === replaces(context.values))) {
        return [];
      }
      const reason = `the chart has no such key since ${removed.since}, and takes no notice of it or ends its render`;
      return [problem("removed-chart-key", path, context.values, reason, removed.fix)];
    }
    if (known === undefined) {
      return isMap(value) && holdsRemovedKey(path)
        ? keyProblems(value, {}, context, path)
        : [unknownKey(key, value, keys, parent, context)];
    }
    if (typeof known === "string") {
      return isOfType(value, known) ? [] : [wrongType(path, typesInWords(known), context)];
    }
    if (isMap(value)) return keyProblems(value, known, context, path);
    if (value !== null) return [wrongType(path, "map", context)];
    return "*" in known ? [] : [takenOut(path, context)];
  });
}

function wordProblems(values: ChartValues, minor: number): Problem[] {
  return Object.entries(wordRules).flatMap(([path, { words: all, since = {}, anyCase, harm }]) => {
    // A version that is none has no minor, and takes any word that some version takes.
    const words = all.filter((word) => !(minor < (since[word] ?? 0)));
    const value = valueAt(values, path.split("."));
    if (value === undefined || value === null) return [];
    if (words.includes(anyCase ? String(value).toLowerCase() : String(value))) return [];
    const choice = words.filter((word) => word !== "").join(", ");
    return [problem("chart-value-word", path, values, harm, `set one of ${choice}`)];
  });
}

function unknownKey(
  key: string,
  value: unknown,
  keys: ChartKeys,
  parent: string,
  { version }: Context,
): Problem {
  const within = (name: string) => (parent === "" ? name : `${parent}.${name}`);
  const nearest = nearestKey(key, Object.keys(keys));
  const fix = isKnown(key.split("."), keys)
    ? `a dot parts keys only behind --set; write ${key.split(".").join(": { ")}: …${" }".repeat(key.split(".").length - 1)}`
    : nearest
      ? `did you mean ${within(nearest)}?`
      : "remove it, or look the key up in the chart's values.yaml";
  const path = within(key);
  return {
    id: "unknown-chart-key",
    propertyPath: `${VALUES}.${path}`,
    ...(!isSecret(value, path) && { got: value }),
    reason: `Cilium's chart ${version} has no such key and would take no notice of it`,
    fix,
  };
}

/** Whether keys one below the other, as `--set` has them with dots, are the chart's. */
function isKnown([key = "", ...rest]: readonly string[], keys: ChartKeys): boolean {
  const known = Object.hasOwn(keys, key) ? keys[key] : keys["*"];
  if (rest.length === 0 || known === undefined) return known !== undefined;
  return typeof known === "string" ? known === "any" : isKnown(rest, known);
}

function wrongType(path: string, expected: string, { values }: Context): Problem {
  return problem(
    "chart-value-type",
    path,
    values,
    `the chart takes ${withArticle(expected)} here`,
    `give ${withArticle(expected)}, or remove the key to get the chart's default`,
  );
}

function withArticle(types: string): string {
  if (types.startsWith('"')) return types;
  return `${/^[aeiou]/.test(types) ? "an" : "a"} ${types}`;
}

/** Helm takes null for "without the chart's own", and templates do not look whether a map is there. */
function takenOut(path: string, { values }: Context): Problem {
  return problem(
    "chart-value-null",
    path,
    values,
    "null takes out all that the chart has below, and the render ends where a template reads it",
    "remove the key to get the chart's own, or write {}",
  );
}

function problem(
  id: string,
  path: string,
  values: ChartValues,
  reason: string,
  fix: string,
): Problem {
  const got = valueAt(values, path.split("."));
  return {
    id,
    propertyPath: `${VALUES}.${path}`,
    ...(got !== undefined && !isSecret(got, path) && { got }),
    reason,
    fix,
  };
}

function replaces(values: ChartValues): boolean {
  return String(values["kubeProxyReplacement"]) === "true";
}

function isSecret(value: unknown, path: string): boolean {
  return typeof value === "string" && /(key|cert|password|token|secret)$/i.test(path);
}
