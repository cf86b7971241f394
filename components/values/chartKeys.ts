import { isMap } from "./chartValues";

/**
 * What a chart knows: for each key the types that it takes, or the keys below it.
 *
 * Types are words joined by `|`: `null`, `boolean`, `integer`, `number`, `string`, `array`,
 * `string[]`, `object` (a map with keys of the user's own), `any`, a range `integer(0..255)`, and
 * `=word` for a word that stands for itself. The key `*` allows any other key beside those named.
 */
export interface ChartKeys {
  readonly [key: string]: string | ChartKeys;
}

/** What of a chart says which keys it knows. */
export interface ChartSources {
  /** Parsed `values.yaml`. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Parsed `values.schema.json`. @default no types */
  readonly schema?: unknown;
  /** Text of every template; keys that only stand there are known, of any type. @default none */
  readonly templates?: readonly string[];
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Maps that the chart hands on to Kubernetes as they are. */
const HANDED_ON =
  /(^|[a-z])(Annotations|annotations|Labels|labels|NodeSelector|nodeSelector|Affinity|affinity|Resources|resources|PodSecurityContext|podSecurityContext|UpdateStrategy|updateStrategy|lifecycle|seLinuxOptions)$/;

/** The key index of a chart. */
export function chartKeysFrom({ values, schema, templates = [] }: ChartSources): ChartKeys {
  const known = keysOf(values, schema as Schema | undefined) as Record<string, string | ChartKeys>;
  for (const path of templatePaths(templates)) addLive(known, path);
  // Helm's own, in every chart.
  return sorted({ ...known, global: "object" });
}

function keysOf(values: unknown, schema: Schema | undefined): string | ChartKeys {
  const properties = schema?.properties ?? {};
  const named = isMap(values) ? values : {};
  const keys = new Set([...Object.keys(named), ...Object.keys(properties)]);
  if (keys.size === 0) return schema ? typesOf(schema) : isMap(values) ? "object" : "any";
  const inner: Record<string, string | ChartKeys> = {};
  for (const key of keys) {
    const below = keysOf(named[key], schema && (properties[key] ?? {}));
    inner[key] = typeof below === "object" && isHandedOn(key, below) ? open(below) : below;
  }
  return inner;
}

function open(keys: ChartKeys): ChartKeys {
  const inner = Object.entries(keys).map(([key, below]) => [
    key,
    typeof below === "object" ? open(below) : below,
  ]);
  return { ...Object.fromEntries(inner), "*": "any" } as ChartKeys;
}

/** A security context is Kubernetes' own, unless the chart has lists of capabilities in it. */
function isHandedOn(key: string, keys: ChartKeys): boolean {
  if (key !== "securityContext") return HANDED_ON.test(key);
  const capabilities = keys["capabilities"];
  return (
    typeof capabilities !== "object" ||
    Object.keys(capabilities).every((list) => list === "add" || list === "drop")
  );
}

function typesOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((word) => `=${String(word)}`).join("|");
  if (schema.oneOf) return schema.oneOf.map(typesOf).join("|");
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? ["any"]);
  return types
    .map((type) => {
      if (type === "array" && isListOfStrings(schema.items)) return "string[]";
      if (schema.minimum === undefined || schema.maximum === undefined) return type;
      return type === "integer" || type === "number"
        ? `${type}(${schema.minimum}..${schema.maximum})`
        : type;
    })
    .join("|");
}

function isListOfStrings(items: Schema | undefined): boolean {
  const alternatives = items?.anyOf ?? [];
  return alternatives.length > 0 && alternatives.every(({ type }) => type === "string");
}

/** Keys that templates read: by path, by `hasKey`, `get` or `dig`, and through a variable. */
function templatePaths(templates: readonly string[]): string[][] {
  const paths = new Set<string>();
  for (const text of templates) {
    for (const path of [...pathsAt(text, String.raw`\.Values`), ...variablePaths(text)])
      paths.add(path);
    for (const match of text.matchAll(/dig((?:\s+"\w+")+)\s[^{}]*?\.Values((?:\.\w+)*)/g)) {
      const [, keys, path] = match as unknown as [string, string, string];
      paths.add([path, ...[...keys.matchAll(/\w+/g)].map(([key]) => `.${key}`)].join("").slice(1));
    }
  }
  paths.delete("AsMap");
  return [...paths].map((path) => path.split("."));
}

function variablePaths(text: string): string[] {
  return [...text.matchAll(/\$(\w+)\s*:?=([^{}]*)/g)].flatMap(([, name, expression]) => {
    const keys = pathsAt(text, String.raw`\$${name}\b`);
    return pathsAt(expression as string, String.raw`\.Values`).flatMap((path) =>
      keys.map((key) => `${path}.${key}`),
    );
  });
}

/** What is read below a root, which is given as a regular expression. */
function pathsAt(text: string, root: string): string[] {
  const byPath = new RegExp(`${root}((?:\\.[A-Za-z_]\\w*)+)`, "g");
  const byName = new RegExp(
    `(?:hasKey|get)\\s+\\(?\\S*?${root}((?:\\.\\w+)*)\\)?\\s+"(\\w+)"`,
    "g",
  );
  return [
    ...[...text.matchAll(byPath)].map(([, path]) => (path as string).slice(1)),
    ...[...text.matchAll(byName)].map(([, path, key]) => `${path}.${key}`.slice(1)),
  ];
}

function addLive(keys: Record<string, string | ChartKeys>, [key, ...rest]: string[]): void {
  if (key === undefined) return;
  const below = keys[key];
  if (typeof below === "object") {
    addLive(below as Record<string, string | ChartKeys>, rest);
  } else if (below === undefined) {
    keys[key] = rest.length === 0 ? "any" : {};
    if (rest.length > 0) addLive(keys[key] as Record<string, string | ChartKeys>, rest);
  }
}

function sorted(keys: ChartKeys): ChartKeys {
  return Object.fromEntries(
    Object.entries(keys)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, typeof value === "string" ? value : sorted(value)]),
  );
}
