import { readFileSync, readdirSync } from "node:fs";

import { loadAll } from "js-yaml";

import type { Manifest } from "../../components/cilium/objects";
import { sharedData } from "./sharedData";

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
}

interface Definition {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

const read = new Map<string, readonly Definition[]>();

/**
 * What of an object the recorded CRDs would refuse, without the rules that only an API server can
 * compute (CEL, defaults, uniqueness of list keys).
 *
 * @param gatewayAPI release of Gateway API
 */
export function schemaFaults(manifest: Manifest, gatewayAPI = "v1.6.1"): string[] {
  const [group, version] = manifest.apiVersion.split("/");
  const files =
    group === "cilium.io"
      ? readdirSync(sharedData("crds", "cilium"))
          .filter((file) => manifest.kind.toLowerCase().startsWith(file.slice(0, -6).slice(0, -2)))
          .map((file) => sharedData("crds", "cilium", file))
      : group === "monitoring.coreos.com"
        ? [sharedData("crds", "prometheus", "servicemonitors.yaml")]
        : [sharedData("crds", "gateway-api", `standard-${gatewayAPI}.yaml`)];
  const definition = files
    .flatMap(definitionsIn)
    .find(({ spec }) => spec?.group === group && spec.names.kind === manifest.kind);
  if (!definition) return [`there is no kind ${manifest.kind}`];
  const served = definition.spec.versions.find(({ name }) => name === version);
  if (!served?.served) return [`${manifest.kind} is not served as ${version}`];
  return faults(manifest, served.schema.openAPIV3Schema, manifest.kind);
}

function definitionsIn(file: string): readonly Definition[] {
  const known = read.get(file) ?? (loadAll(readFileSync(file, "utf8")) as Definition[]);
  read.set(file, known);
  return known.filter((document) => document?.kind === "CustomResourceDefinition");
}

function faults(value: unknown, schema: Schema, at: string): string[] {
  if (schema["x-kubernetes-int-or-string"]) {
    return ["string", "number"].includes(typeof value) ? [] : [`${at} is no number or text`];
  }
  if (schema.enum && !schema.enum.includes(value))
    return [`${at} is none of ${schema.enum.join()}`];
  switch (schema.type) {
    case "object":
      return objectFaults(value, schema, at);
    case "array":
      if (!Array.isArray(value)) return [`${at} is no list`];
      return [
        ...bounds(value.length, schema.minItems, schema.maxItems, `the length of ${at}`),
        ...value.flatMap((item, index) => faults(item, schema.items ?? {}, `${at}[${index}]`)),
      ];
    case "string":
      if (typeof value !== "string") return [`${at} is no text`];
      return [
        ...bounds(value.length, schema.minLength, schema.maxLength, `the length of ${at}`),
        ...(schema.pattern && !new RegExp(schema.pattern).test(value)
          ? [`${at} does not match ${schema.pattern}`]
          : []),
      ];
    case "integer":
    case "number":
      if (typeof value !== "number") return [`${at} is no number`];
      return bounds(value, schema.minimum, schema.maximum, at);
    case "boolean":
      return typeof value === "boolean" ? [] : [`${at} is not true or false`];
    default:
      return [];
  }
}

function objectFaults(value: unknown, schema: Schema, at: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${at} is no object`];
  }
  const { properties = {}, additionalProperties: others, required = [] } = schema;
  const isOpen =
    others === true || schema["x-kubernetes-preserve-unknown-fields"] || /^\w+\.metadata$/.test(at);
  return [
    ...required.filter((key) => !(key in value)).map((key) => `${at}.${key} is missing`),
    ...Object.entries(value).flatMap(([key, inner]) => {
      const known = properties[key] ?? (typeof others === "object" ? others : undefined);
      if (known) return faults(inner, known, `${at}.${key}`);
      return isOpen ? [] : [`${at}.${key} is unknown`];
    }),
  ];
}

function bounds(value: number, least = -Infinity, most = Infinity, what: string): string[] {
  return value < least || value > most ? [`${what} is not from ${least} to ${most}`] : [];
}
