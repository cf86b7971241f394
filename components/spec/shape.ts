import * as z from "zod/mini";

import type { Problem } from "../problems";
import { isChartKey } from "../values/keyIndex";
import { nearest } from "./nearest";
import { deepCopy, protoKeys } from "./plainData";
import { propertyPath } from "./propertyPath";
import type { ClusterSpec } from "./schema";
import { clusterSchema } from "./schema";

export interface ParsedShape {
  readonly problems: Problem[];
  /**
   * What the rules look at: the whole spec, or what is left of it when values of the wrong shape are
   * taken out and something of the right shape is put in their place. Absent when nothing is left.
   */
  readonly spec?: ClusterSpec;
}

type Issue = z.core.$ZodIssue;

/** The first phase: keys and types. Wrong ones do not hide what the rules find elsewhere. */
export function parseShape(raw: unknown): ParsedShape {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    return { problems: [noCluster(raw)] };
  }
  const copy = deepCopy(raw) as Record<string, unknown>;
  const lost = [...protoKeys(raw)].map(protoKey);
  const first = z.safeParse(clusterSchema, copy, { reportInput: true });
  if (first.success) return { problems: lost, spec: first.data };

  const problems = [...lost, ...first.error.issues.flatMap(problemsOf)];
  for (const issue of first.error.issues) takeOut(copy, issue);
  const second = z.safeParse(clusterSchema, copy);
  return second.success ? { problems, spec: second.data } : { problems };
}

function noCluster(raw: unknown): Problem {
  return {
    id: "no-cluster",
    propertyPath: "",
    got: raw,
    reason:
      raw === undefined || raw === null
        ? "the stack configuration holds no cluster"
        : "the cluster is an object with keys such as clusterName and nodes",
    fix: "write it under talos-cilium:cluster in Pulumi.<stack>.yaml; Pulumi.dev.yaml is an example",
  };
}

/** What an issue of the schema says to a user; its path is that in the cluster. */
export function problemsOf(issue: Issue): Problem[] {
  const path = propertyPath(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...issue.path, key], keysAt(issue.path)));
    case "invalid_value":
      return [wrongValue(path, issue.input, issue.values.map(String))];
    case "invalid_type":
      return [
        issue.input === undefined
          ? missing(path, issue.expected, schemaAt(issue.path))
          : wrongType(path, issue.input, issue.expected),
      ];
    case "too_small":
      return [outOfRange(path, issue.input, `at least ${issue.minimum}`)];
    case "too_big":
      return [outOfRange(path, issue.input, `at most ${issue.maximum}`)];
    default:
      return [wrongType(path, issue.input, issue.code)];
  }
}

/** An unknown key, with the nearest of those that its object has. */
export function unknownKey(path: readonly PropertyKey[], known: readonly string[]): Problem {
  const key = String(path.at(-1));
  const guess = nearest(key, known);
  // The chart's own names for what is a key here differ by their case at most.
  const isRespelt = guess?.toLowerCase() === key.toLowerCase();
  const fix = guess ? `did you mean ${guess}?` : `remove it; known are ${known.join(", ")}`;
  return {
    id: "unknown-key",
    propertyPath: propertyPath(path),
    reason: `there is no key ${key} here`,
    fix: !isRespelt && isOfChart(path) ? toValues(path) : fix,
  };
}

/** Whether it is a key of Cilium's chart, written where keys of the spec belong. */
function isOfChart([top, ...keys]: readonly PropertyKey[]): boolean {
  return top === "cilium" && isChartKey(keys.map(String));
}

function toValues([top, ...keys]: readonly PropertyKey[]): string {
  return `it is a value of the chart: write it as ${propertyPath([top!, "values", ...keys])}`;
}

/** A key that JavaScript takes for something else. */
export function protoKey(path: readonly PropertyKey[]): Problem {
  return {
    id: "unknown-key",
    propertyPath: propertyPath(path),
    reason: "a key of this name would be lost, and with it all below",
    fix: "remove it",
  };
}

function wrongValue(path: string, got: unknown, allowed: readonly string[]): Problem {
  const guess = typeof got === "string" ? nearest(got, allowed) : undefined;
  return {
    id: got === undefined ? "missing" : "not-allowed",
    propertyPath: path,
    got,
    reason: `it must be one of ${allowed.join(", ")}`,
    fix: guess ? `write ${guess}` : `choose one of them`,
  };
}

function missing(path: string, expected: string, schema: z.core.$ZodType | undefined): Problem {
  const [example] =
    ((schema && z.globalRegistry.get(schema)?.["examples"]) as unknown[] | undefined) ?? [];
  const required = schema instanceof z.ZodMiniObject ? requiredKeys(schema) : [];
  const holding = required.length > 0 ? ` with ${required.join(", ")}` : "";
  return {
    id: "missing",
    propertyPath: path,
    reason: "it is required and has no default",
    fix: `add ${nameOf(expected)}${holding}${example === undefined ? "" : `, for example ${String(example)}`}`,
  };
}

function requiredKeys({ shape }: z.ZodMiniObject): string[] {
  return Object.keys(shape).filter((key) => !z.safeParse(shape[key]!, undefined).success);
}

function wrongType(path: string, got: unknown, expected: string): Problem {
  const correction = corrected(got, expected);
  return {
    id: "wrong-type",
    propertyPath: path,
    got,
    reason: `it must be ${nameOf(expected)}`,
    fix: correction ? `write ${correction}` : `replace it by ${nameOf(expected)}`,
  };
}

function outOfRange(path: string, got: unknown, bound: string): Problem {
  return {
    id: "out-of-range",
    propertyPath: path,
    got,
    reason: `it must be ${bound}`,
    fix: `write a number of ${bound}`,
  };
}

/** YAML reads 1.36 as a number and yes as a text: the commonest mistakes have one answer. */
function corrected(got: unknown, expected: string): string | undefined {
  if (expected === "string" && (typeof got === "number" || typeof got === "boolean")) {
    return `it in quotes: "${got}"`;
  }
  if (expected === "boolean" && (got === "true" || got === "false")) return `${got} without quotes`;
  if (expected === "boolean" && /^(yes|on)$/i.test(String(got))) return "true";
  if (expected === "boolean" && /^(no|off)$/i.test(String(got))) return "false";
  if (expected === "boolean" && isObject(got)) return switchOf(got as Record<string, unknown>);
  if (expected === "array" && typeof got === "string") {
    const elements = got.split(/\s*,\s*/).filter(Boolean);
    return `a list: [${elements.map((each) => JSON.stringify(each)).join(", ")}]`;
  }
  if (expected === "array" && isObject(got))
    return "a list: each element begins with a dash and a space";
  const isOneLine = ["string", "boolean", "number", "int"].includes(expected);
  if (got === null && isOneLine) return "it behind the colon, or remove the key";
  if (got === null) return "it below this key, indented by two spaces more, or remove the key";
  if (expected === "string" && isObject(got)) return "it as a text: | first, and it below as it is";
  const isNested = ["object", "record"].includes(expected);
  if (isNested && !isObject(got)) return "its keys below it, indented by two spaces more";
  return undefined;
}

/** Charts have `{enabled: true}` where the spec has the word alone. */
function switchOf({ enabled, ...rest }: Record<string, unknown>): string | undefined {
  return typeof enabled === "boolean" && Object.keys(rest).length === 0
    ? `${enabled} alone`
    : undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nameOf(expected: string): string {
  const names: Record<string, string> = {
    string: "a text",
    boolean: "true or false",
    array: "a list",
    object: "an object",
    record: "an object",
    number: "a number",
    int: "a whole number",
  };
  return names[expected] ?? `a ${expected}`;
}

function takeOut(root: Record<string, unknown>, issue: Issue): void {
  const last = issue.path.at(-1);
  const parent = issue.path.slice(0, -1).reduce(child, root) as Record<PropertyKey, unknown>;
  if (issue.code === "unrecognized_keys") {
    const object = issue.path.reduce(child, root) as Record<string, unknown>;
    for (const key of issue.keys) delete object[key];
  } else if (last !== undefined) {
    const instead = placeholder(issue);
    // A key that holds nothing is no key to rules that look at all there are.
    if (instead === undefined && !Array.isArray(parent)) delete parent[last];
    else parent[last] = instead;
  }
}

function child(object: unknown, key: PropertyKey): unknown {
  return (object as Record<PropertyKey, unknown>)[key];
}

/** Something of the right shape, by which the rules can go on; its path is left out of what they find. */
function placeholder(issue: Issue): unknown {
  const schema = schemaAt(issue.path);
  if (schema && z.safeParse(schema, undefined).success) return undefined;
  return standIn(issue, schema);
}

/** A value of the type that an issue asks for. */
function standIn(issue: Issue, schema: z.core.$ZodType | undefined): unknown {
  if (issue.code === "invalid_value") return issue.values[0];
  // The far end of the range, which no neighbour is likely to have.
  if (issue.code === "too_small" || issue.code === "too_big") return farEnd(schema, issue);
  if (issue.code !== "invalid_type") return undefined;
  const values: Record<string, unknown> = {
    string: "",
    boolean: false,
    array: [],
    number: 0,
    int: 0,
    record: {},
  };
  if (issue.expected in values) return values[issue.expected];
  return schema ? emptyObject(schema) : {};
}

function farEnd(schema: z.core.$ZodType | undefined, issue: Issue): number | undefined {
  const wanted = issue.code === "too_small" ? "less_than" : "greater_than";
  const { checks = [] } = (schema?._zod.def ?? {}) as z.core.$ZodTypeDef;
  const bounds = checks.map(({ _zod }) => _zod.def as z.core.$ZodCheckLessThanDef);
  return bounds.find(({ check }) => check === wanted)?.value as number | undefined;
}

/** An object of a schema with as little in it as it takes. */
function emptyObject(schema: z.core.$ZodType): unknown {
  const first = z.safeParse(schema, {});
  if (first.success) return {};
  const inner = unwrapped(schema);
  return Object.fromEntries(
    first.error.issues.map((issue): [string, unknown] => {
      const key = String(issue.path[0]);
      const field = inner instanceof z.ZodMiniObject ? unwrapped(inner.shape[key]) : undefined;
      return [key, standIn(issue, field)];
    }),
  );
}

function keysAt(path: readonly PropertyKey[]): string[] {
  const schema = unwrapped(schemaAt(path));
  return schema instanceof z.ZodMiniObject ? Object.keys(schema.shape) : [];
}

/** The schema of what stands at a path, without its optional and default wrappings. */
function schemaAt(path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  let schema: z.core.$ZodType | undefined = clusterSchema;
  for (const [index, key] of path.entries()) {
    if (schema instanceof z.ZodMiniObject) schema = schema.shape[key as string];
    else if (schema instanceof z.ZodMiniArray) schema = schema.def.element;
    else if (schema instanceof z.ZodMiniRecord) schema = schema.def.valueType;
    else return undefined;
    if (index < path.length - 1) schema = unwrapped(schema);
  }
  return schema;
}

function unwrapped(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  let inner = schema;
  while (
    inner instanceof z.ZodMiniOptional ||
    inner instanceof z.ZodMiniDefault ||
    inner instanceof z.ZodMiniPrefault
  ) {
    inner = inner.def.innerType;
  }
  return inner;
}
