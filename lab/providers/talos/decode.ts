import { isPropertyMap, Secret, type PropertyMap, type PropertyValue } from "../property";
import {
  isObject,
  isUnknown,
  type Attribute,
  type Attributes,
  type TerraformObject,
  type TerraformValue,
} from "./attributes";
import { isSensitive } from "./encode";

/** The provider's state as outputs: nulls are left out, sensitive leaves are secrets where they are known. */
export function decodeObject(attributes: Attributes, state: TerraformObject): PropertyMap {
  const outputs: PropertyMap = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    const value = state[name] ?? null;
    if (value !== null) {
      outputs[name] = decodeValue(attribute, value);
    }
  }
  return outputs;
}

function decodeValue(attribute: Attribute, value: TerraformValue): PropertyValue {
  if (isUnknown(value) || value === null) {
    return value;
  }
  const decoded = decodeKnown(attribute, value);
  return isSensitive(attribute) ? new Secret(decoded) : decoded;
}

function decodeKnown(attribute: Attribute, value: TerraformValue): PropertyValue {
  if (attribute.type === "object" && isObject(value)) {
    return decodeObject(attribute.attributes, value);
  }
  if (attribute.type === "list" && Array.isArray(value)) {
    const { element } = attribute;
    return value.map((item) =>
      element !== "string" && isObject(item)
        ? decodeObject(element, item)
        : (item as PropertyValue),
    );
  }
  return value as PropertyValue;
}

/** A program's inputs with the sensitive ones marked, whatever their type; unknown ones too. */
export function markSecrets(attributes: Attributes, inputs: PropertyMap): PropertyMap {
  const marked: PropertyMap = {};
  for (const [name, value] of Object.entries(inputs)) {
    const attribute = attributes[name];
    marked[name] = value === undefined || attribute === undefined ? value : mark(attribute, value);
  }
  return marked;
}

function mark(attribute: Attribute, value: PropertyValue): PropertyValue {
  if (value instanceof Secret) {
    return value;
  }
  const inner =
    attribute.type === "object" && isPropertyMap(value)
      ? markSecrets(attribute.attributes, value)
      : value;
  return isSensitive(attribute) ? new Secret(inner) : inner;
}
