import { clusterJsonSchema } from "../../components/spec/jsonSchema";

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

interface Section {
  readonly path: string;
  readonly about: string;
  readonly schema: Schema;
}

/** `docs/configuration.md`: a table for each object, in the order in which they stand in a file. */
export function configurationPage(): string {
  const sections = sectionsOf("", clusterJsonSchema() as Schema);
  return [
    "<!-- Written by `npx tsx scripts/writeDocs.ts` from components/spec/schema.ts. -->",
    "# Configuration",
    "Everything that stands under `talos-cilium:cluster` in `Pulumi.<stack>.yaml`. An unknown key is",
    "refused. No version has a default. What may not stand together is in [rules.md](rules.md). Editors",
    "complete the keys with the first line `# yaml-language-server: $schema=./schemas/stack.schema.json`.\n",
    "A secret does not stand here but beside it, as `talos-cilium:<name>`, and is named in",
    "[`configPatchesFrom`](components.md#patches-that-carry-keys). Go durations are written as `90s`,",
    "`10m` or `1h30m`.\n",
    ...sections.map(sectionText),
  ].join("\n");
}

/** An object and, behind it, those inside it. */
function sectionsOf(path: string, schema: Schema): Section[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const at = path === "" ? key : `${path}.${key}`;
    return sectionsOf(placeOf(at, property), objectIn(property));
  });
  if (!schema.properties) return inner;
  return [{ path, about: schema.description ?? "", schema }, ...inner];
}

function placeOf(path: string, { items, additionalProperties }: Schema): string {
  if (items?.properties) return `${path}[]`;
  return isSchema(additionalProperties) && additionalProperties.properties
    ? `${path}.<name>`
    : path;
}

function objectIn(schema: Schema): Schema {
  const { items, additionalProperties } = schema;
  const inner = items ?? (isSchema(additionalProperties) ? additionalProperties : schema);
  return { ...inner, description: schema.description };
}

function sectionText({ path, about, schema }: Section): string {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(([key, property]) =>
    [
      `\`${key}\``,
      typeText(property, path === "" ? key : `${path}.${key}`),
      required.has(key) ? "required" : defaultText(property),
      `${cell(property.description ?? "")}${exampleText(property)}`,
    ].join(" | "),
  );
  return [
    path === "" ? "## The cluster\n" : `## \`${path}\`\n\n${about}\n`,
    "| key | type | default | |",
    "| --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row} |`),
    "",
  ].join("\n");
}

function typeText(property: Schema, path: string): string {
  const { type, items, additionalProperties } = property;
  const place = placeOf(path, property);
  const link = (word: string) => `[${word}](#${anchor(place)})`;
  if (property.enum) return property.enum.map((word) => `\`${word}\``).join(", ");
  if (property.properties) return link("object");
  if (items) return items.properties ? link("list of objects") : `list of ${plural(items)}`;
  if (isSchema(additionalProperties)) {
    if (additionalProperties.properties) return link("objects by name");
    return additionalProperties.type ? `${plural(additionalProperties)} by name` : "object";
  }
  return { string: "text", boolean: "true or false", integer: "whole number" }[type!] ?? type!;
}

function plural({ type }: Schema): string {
  return { string: "texts", integer: "whole numbers" }[type!] ?? `${type}s`;
}

function defaultText(property: Schema): string {
  if (property.default === undefined) return "optional";
  const text = JSON.stringify(property.default);
  return text === "[]" || text === "{}" ? "none" : `\`${text}\``;
}

function exampleText({ examples, enum: words }: Schema): string {
  const [example] = examples ?? [];
  return example === undefined || words ? "" : ` Example: \`${cell(JSON.stringify(example))}\``;
}

function isSchema(schema: Schema | boolean | undefined): schema is Schema {
  return typeof schema === "object";
}

/** As GitHub makes it of a heading that is one piece of code. */
function anchor(heading: string): string {
  return heading.toLowerCase().replace(/[^a-z0-9 -]/g, "");
}

/** A bar would end the cell of a table, also inside code. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
