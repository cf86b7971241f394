import { isPropertyMap, Secret, type PropertyMap, type PropertyValue } from "../property";
import type { Attribute, Attributes } from "./attributes";

/** After a refresh: the inputs that were there, with the outputs' values. */
export function refreshedInputs(inputs: PropertyMap, outputs: PropertyMap): PropertyMap {
  const refreshed: PropertyMap = {};
  for (const [name, input] of Object.entries(inputs)) {
    const output = outputs[name];
    if (output !== undefined && input !== undefined) {
      refreshed[name] = refreshedValue(input, output);
    }
  }
  return refreshed;
}

function refreshedValue(input: PropertyValue, output: PropertyValue): PropertyValue {
  return isPropertyMap(input) && isPropertyMap(output) ? refreshedInputs(input, output) : output;
}

/** After an import: what a program could have set and what is no default. */
export function importedInputs(attributes: Attributes, outputs: PropertyMap): PropertyMap {
  const inputs: PropertyMap = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    const output = outputs[name];
    if (output === undefined || !(attribute.required || attribute.optional)) {
      continue;
    }
    const value =
      attribute.type === "object" && isPropertyMap(output)
        ? importedInputs(attribute.attributes, output)
        : output;
    if (attribute.required || !isDefaultOrZero(attribute, value)) {
      inputs[name] = value;
    }
  }
  return inputs;
}

function isDefaultOrZero(attribute: Attribute, value: PropertyValue): boolean {
  const plain = value instanceof Secret ? value.value : value;
  if (attribute.default !== undefined) {
    return plain === attribute.default;
  }
  if (Array.isArray(plain)) {
    return plain.length === 0;
  }
  return isPropertyMap(plain)
    ? Object.keys(plain).length === 0
    : plain === null || plain === "" || plain === false || plain === 0;
}
