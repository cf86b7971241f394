import { UNKNOWN } from "../property";
import {
  isObject,
  isUnknown,
  nullObject,
  sameValue,
  type Attribute,
  type Attributes,
  type TerraformObject,
  type TerraformValue,
} from "./attributes";

/**
 * What the framework plans before a resource has its say: the configuration over the prior state, defaults, no
 * write-only values, and, if anything changes, unknown for all that the provider may compute, except what keeps its
 * old value.
 */
export function planState(
  attributes: Attributes,
  prior: TerraformObject | null,
  config: TerraformObject,
): TerraformObject {
  const proposed = proposedNew(attributes, prior ?? nullObject(attributes), config);
  const planned = withoutWriteOnly(attributes, withDefaults(attributes, proposed, config));
  const changed = prior === null || !sameValue(planned, prior);
  const marked = changed ? markComputed(attributes, planned, config) : planned;
  return prior === null ? marked : keepState(attributes, marked, prior, config);
}

function proposedNew(
  attributes: Attributes,
  prior: TerraformObject,
  config: TerraformObject,
): TerraformObject {
  return mapAttributes(attributes, (name, attribute) => {
    const wanted = config[name] ?? null;
    const old = prior[name] ?? null;
    if (attribute.computed && wanted === null) {
      return old;
    }
    if (attribute.type === "object" && isObject(wanted)) {
      const nested = attribute.attributes;
      return proposedNew(nested, isObject(old) ? old : nullObject(nested), wanted);
    }
    return wanted;
  });
}

function withDefaults(
  attributes: Attributes,
  planned: TerraformObject,
  config: TerraformObject,
): TerraformObject {
  return mapAttributes(attributes, (name, attribute) => {
    const wanted = config[name] ?? null;
    const value = planned[name] ?? null;
    if (attribute.default !== undefined && wanted === null) {
      return attribute.default;
    }
    return attribute.type === "object" && isObject(value) && isObject(wanted)
      ? withDefaults(attribute.attributes, value, wanted)
      : value;
  });
}

/** State and plan never hold write-only values. */
export function withoutWriteOnly(attributes: Attributes, value: TerraformObject): TerraformObject {
  return mapAttributes(attributes, (name, attribute) =>
    attribute.writeOnly ? null : (value[name] ?? null),
  );
}

function markComputed(
  attributes: Attributes,
  planned: TerraformObject,
  config: TerraformObject,
): TerraformObject {
  return mapAttributes(attributes, (name, attribute) => {
    const wanted = config[name] ?? null;
    const value = planned[name] ?? null;
    if (wanted === null) {
      return attribute.computed && attribute.default === undefined ? UNKNOWN : value;
    }
    return attribute.type === "object" && isObject(value) && isObject(wanted)
      ? markComputed(attribute.attributes, value, wanted)
      : value;
  });
}

function keepState(
  attributes: Attributes,
  planned: TerraformObject,
  prior: TerraformObject,
  config: TerraformObject,
): TerraformObject {
  return mapAttributes(attributes, (name, attribute) => {
    const value = planned[name] ?? null;
    const keeps = attribute.useStateForUnknown && isUnknown(value) && !isUnknown(config[name]);
    return keeps ? (prior[name] ?? null) : value;
  });
}

function mapAttributes(
  attributes: Attributes,
  map: (name: string, attribute: Attribute) => TerraformValue,
): TerraformObject {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [name, map(name, attribute)]),
  );
}

/** Properties whose planned value is not the prior one, in alphabetical order. */
export function changedProperties(prior: TerraformObject, planned: TerraformObject): string[] {
  return Object.keys(planned)
    .filter((name) => !sameValue(prior[name] ?? null, planned[name] ?? null))
    .sort();
}
