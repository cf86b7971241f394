import { isPropertyMap, Secret, type PropertyMap, type PropertyValue } from "../property";
import { isObject, type Attributes, type TerraformObject, type TerraformValue } from "./attributes";

/** Where the bridge keeps what it needs to make the provider's state from the outputs again. */
export const RAW_STATE_DELTA = "__pulumi_raw_state_delta";

const IGNORED: PropertyMap = { obj: {} };

/**
 * The difference between outputs and the state that they came from, in the bridge's form: what has a value in
 * the state and no output (nulls) is replaced, what is an object or a list is named as such.
 * @throws as the bridge 3.129 does after the work is done where only some of a resource's `timeouts` are set:
 *   it leaves them out of the delta and then finds that the state cannot be made again.
 */
export function rawStateDelta(
  attributes: Attributes,
  outputs: PropertyMap,
  state: TerraformObject,
): PropertyValue {
  const { timeouts } = state;
  if (isObject(timeouts) && Object.values(timeouts).some((value) => value === null)) {
    throw new Error("recovered raw state does not byte-for-byte match the original raw state");
  }
  const properties: PropertyMap = {};
  for (const name of Object.keys(attributes)) {
    if (name !== "timeouts") {
      properties[name] = deltaOf(outputs[name], state[name] ?? null);
    } else if (isObject(timeouts)) {
      properties[name] = IGNORED;
    }
  }
  return objectDelta(properties);
}

function objectDelta(properties: PropertyMap): PropertyMap {
  const needed = Object.entries(properties).filter(([, delta]) => delta !== undefined);
  return { obj: needed.length === 0 ? {} : { ps: Object.fromEntries(needed) } };
}

/** `undefined` where the output is the state's value itself. */
function deltaOf(
  output: PropertyValue | undefined,
  value: TerraformValue,
): PropertyValue | undefined {
  if (output === undefined) {
    return new Secret({ replace: { raw: value as PropertyValue } });
  }
  if (output instanceof Secret) {
    return deltaOf(output.value, value);
  }
  if (Array.isArray(value) && Array.isArray(output)) {
    const elements: PropertyMap = {};
    value.forEach((item, index) => {
      elements[String(index)] = deltaOf(output[index], item);
    });
    const needed = Object.entries(elements).filter(([, delta]) => delta !== undefined);
    return { arr: needed.length === 0 ? {} : { el: Object.fromEntries(needed) } };
  }
  if (isObject(value) && isPropertyMap(output)) {
    const properties: PropertyMap = {};
    for (const [name, item] of Object.entries(value)) {
      properties[name] = deltaOf(output[name], item);
    }
    return objectDelta(properties);
  }
  return undefined;
}
