import {
  isObject,
  isUnknown,
  terraformName,
  type Attribute,
  type Attributes,
  type TerraformObject,
  type TerraformValue,
  type Validator,
} from "./attributes";
import type { Diagnostic } from "./diagnostics";
import { parseGoDuration } from "./goDuration";
import { goQuote } from "./goFormat";

const REFER =
  "Refer to the provider documentation or contact the provider developers for additional information about configurable";

/** What the schema alone has against a configuration: missing, read-only and invalid attributes. */
export function validateSchema(
  attributes: Attributes,
  config: TerraformObject,
  parents: readonly string[] = [],
): Diagnostic[] {
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    validateAttribute(attribute, config[name] ?? null, [...parents, name]),
  );
}

function validateAttribute(
  attribute: Attribute,
  value: TerraformValue,
  path: string[],
): Diagnostic[] {
  const found: Diagnostic[] = [];
  const terraformPath = path.map(terraformName).join(".");
  const error = (summary: string, detail: string): void => {
    found.push({ severity: "error", summary, detail, path });
  };
  if (attribute.computed && !attribute.optional && value !== null) {
    error(
      "Invalid Configuration for Read-Only Attribute",
      "Cannot set value for this attribute as the provider has marked it as read-only. Remove the configuration " +
        `line setting the value.\n\n${REFER} and read-only attributes that are supported.`,
    );
  }
  if (attribute.required && value === null) {
    error(
      "Missing Configuration for Required Attribute",
      `Must set a configuration value for the ${terraformPath} attribute as the provider has marked it as required.` +
        `\n\n${REFER} attributes that are required.`,
    );
  }
  if (value === null || isUnknown(value)) {
    return found;
  }
  for (const validator of attribute.validators ?? []) {
    const fault = validator(value, terraformPath);
    if (fault !== undefined) {
      error(fault.summary, fault.detail);
    }
  }
  if (attribute.type === "object" && isObject(value)) {
    found.push(...validateSchema(attribute.attributes, value, path));
  }
  if (attribute.deprecation !== undefined) {
    const detail = attribute.deprecation;
    found.push({ severity: "warning", summary: "Attribute Deprecated", detail, path });
  }
  return found;
}

/** A string of at least that many bytes. */
export function lengthAtLeast(minimum: number): Validator {
  return (value, path) => {
    const length = Buffer.byteLength(String(value));
    return length >= minimum
      ? undefined
      : {
          summary: "Invalid Attribute Value Length",
          detail: `Attribute ${path} string length must be at least ${minimum}, got: ${length}`,
        };
  };
}

/** One of these strings, exactly. */
export function oneOf(...allowed: string[]): Validator {
  return (value, path) =>
    allowed.includes(String(value))
      ? undefined
      : {
          summary: "Invalid Attribute Value Match",
          detail: `Attribute ${path} value must be one of: [${allowed.map(goQuote).join(" ")}], got: ${goQuote(String(value))}`,
        };
}

/** A duration as Go writes it. */
export const goDuration: Validator = (value) =>
  parseGoDuration(String(value)) !== undefined
    ? undefined
    : {
        summary: "Invalid Attribute Value Time Duration",
        detail:
          `${goQuote(String(value))} must be a string containing a sequence of decimal numbers, each with optional ` +
          'fraction and a unit suffix, such as "300ms", "-1.5h" or "2h45m". Valid time units are "ns", "us" (or ' +
          '"µs"), "ms", "s", "m", "h".',
      };

/** The schema's description of the attribute at a path. */
export function descriptionAt(attributes: Attributes, path: readonly string[]): string | undefined {
  const [name, ...rest] = path;
  const attribute = name === undefined ? undefined : attributes[name];
  if (attribute === undefined || rest.length === 0) {
    return attribute?.description;
  }
  return attribute.type === "object" ? descriptionAt(attribute.attributes, rest) : undefined;
}
