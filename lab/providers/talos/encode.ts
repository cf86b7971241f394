import { isPropertyMap, Secret, Unknown, UNKNOWN, type PropertyValue } from "../property";
import {
  nullObject,
  terraformName,
  type Attribute,
  type Attributes,
  type TerraformObject,
  type TerraformValue,
} from "./attributes";
import { goFormat, goNumber, goQuote, goTypeName } from "./goFormat";

/**
 * Reads a program's properties into the provider's types: strings take numbers and booleans, properties that
 * the schema does not have are left out.
 * @throws in the bridge's words where a value has a type that does not fit; a sensitive value is not shown.
 */
export function encodeObject(
  attributes: Attributes,
  properties: PropertyValue | undefined,
): TerraformObject {
  const encoded = encodeNested(attributes, properties ?? {}, false);
  return encoded === null || encoded instanceof Unknown ? nullObject(attributes) : encoded;
}

function encodeNested(
  attributes: Attributes,
  given: PropertyValue | undefined,
  sensitive: boolean,
): TerraformObject | null | Unknown {
  const value = plain(given);
  if (value instanceof Unknown) {
    return UNKNOWN;
  }
  if (value === null || value === undefined) {
    return null;
  }
  if (!isPropertyMap(value)) {
    throw new Error(
      `Expected an Object PropertyValue, found ${goTypeName(value)} (${goQuote(shown(value, sensitive))})`,
    );
  }
  const object: TerraformObject = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    try {
      object[name] = encodeValue(attribute, value[name]);
    } catch (error) {
      throw new Error(
        `objectEncoder failed on property ${goQuote(terraformName(name))}: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }
  return object;
}

function encodeValue(attribute: Attribute, given: PropertyValue | undefined): TerraformValue {
  const value = plain(given);
  if (value instanceof Unknown) {
    return UNKNOWN;
  }
  if (value === null || value === undefined) {
    return null;
  }
  const sensitive = isSensitive(attribute);
  switch (attribute.type) {
    case "string":
      return encodeString(value, sensitive);
    case "bool":
      if (typeof value !== "boolean") {
        throw new Error("Expected a Boolean");
      }
      return value;
    case "number":
      return typeof value === "number" ? value : null;
    case "object":
      return encodeNested(attribute.attributes, value, sensitive);
    case "list":
      return encodeList(attribute.element, value, sensitive);
  }
}

function encodeString(value: PropertyValue, sensitive: boolean): TerraformValue {
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
      return String(value);
    case "number":
      return goNumber(value);
    default:
      throw new Error(`Expected a string, got: ${shown(value, sensitive)}`);
  }
}

function encodeList(
  element: "string" | Attributes,
  value: PropertyValue,
  sensitive: boolean,
): TerraformValue {
  if (!Array.isArray(value)) {
    throw new Error("Expected an Array PropertyValue");
  }
  return value.map((item, index) => {
    try {
      return element === "string"
        ? encodeValue({ type: "string", sensitive }, item)
        : encodeNested(element, item, sensitive);
    } catch (error) {
      throw new Error(
        `encList failed while encoding element ${index} (${shown(item, sensitive)}): ${(error as Error).message}`,
        { cause: error },
      );
    }
  });
}

/** True where a program's value must not be shown. */
export function isSensitive(attribute: Attribute): boolean {
  return attribute.sensitive === true || attribute.writeOnly === true;
}

function shown(value: PropertyValue | undefined, sensitive: boolean): string {
  return sensitive ? "[secret]" : goFormat(value);
}

function plain(value: PropertyValue | undefined): PropertyValue | undefined {
  return value instanceof Secret ? plain(value.value) : value;
}
