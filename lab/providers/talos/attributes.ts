import { Unknown } from "../property";

/** A value of the provider behind the bridge: complete objects, null for what is not set, no secrets. */
export type TerraformValue =
  | null
  | boolean
  | number
  | string
  | Unknown
  | TerraformValue[]
  | TerraformObject;

/** Properties by Pulumi's name; every attribute of the schema is there. */
export interface TerraformObject {
  [name: string]: TerraformValue;
}

/** A fault found in a value that is neither null nor unknown. */
export type Validator = (
  value: TerraformValue,
  terraformPath: string,
) => { summary: string; detail: string } | undefined;

interface AttributeFlags {
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  /** Sent to the provider and never kept in its state. */
  writeOnly?: boolean;
  /** Planned where the program sets nothing. */
  default?: string | boolean;
  /** Keeps the old value where nothing else is planned, instead of an unknown one. */
  useStateForUnknown?: boolean;
  validators?: Validator[];
  description?: string;
  deprecation?: string;
}

/** One attribute of a resource or function, as the real provider's schema has it. */
export type Attribute = AttributeFlags &
  (
    | { type: "string" | "bool" | "number" }
    | { type: "list"; element: "string" | Attributes }
    | { type: "object"; attributes: Attributes }
  );

/** Attributes by Pulumi's name. */
export type Attributes = Record<string, Attribute>;

/** Terraform's name of a property, which its messages use: `machineSecrets` → `machine_secrets`. */
export function terraformName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function isUnknown(value: TerraformValue | undefined): value is Unknown {
  return value instanceof Unknown;
}

/** True for a known object. */
export function isObject(value: TerraformValue | undefined): value is TerraformObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isUnknown(value);
}

/** All attributes null. */
export function nullObject(attributes: Attributes): TerraformObject {
  return Object.fromEntries(Object.keys(attributes).map((name) => [name, null]));
}

/** A known string, else empty, as Go's `ValueString`. */
export function stringOf(value: TerraformValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The strings of a list, an empty one for each null; none where the list is null or unknown. */
export function stringsOf(value: TerraformValue | undefined): string[] {
  return Array.isArray(value) ? value.map(stringOf) : [];
}

/** Deep equality; an unknown value equals an unknown value. */
export function sameValue(a: TerraformValue, b: TerraformValue): boolean {
  if (isUnknown(a) || isUnknown(b)) {
    return isUnknown(a) && isUnknown(b);
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => sameValue(item, b[index] as TerraformValue))
    );
  }
  if (isObject(a) && isObject(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].every((name) => sameValue(a[name] ?? null, b[name] ?? null));
  }
  return a === b;
}
