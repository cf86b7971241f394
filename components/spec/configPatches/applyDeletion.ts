import type { Deletion } from "./deletes";
import type { TalosDocument } from "./machineDocuments";
import { isObject } from "./parsePatch";
import type { Form } from "./talosTypes";
import { fieldsOf, readForm } from "./talosTypes";

/** The document without what a deletion names, or undefined when Talos does not find it. Pure. */
export function applyDeletion(
  document: TalosDocument,
  deletion: Deletion,
  form: Form,
): TalosDocument | undefined {
  const result = without(document, deletion.path, form, deletion);
  return result === NOT_FOUND ? undefined : (result as TalosDocument);
}

const NOT_FOUND = Symbol("not found");

function without(
  value: unknown,
  path: readonly (string | number)[],
  form: Form,
  deletion: Deletion,
): unknown {
  const { shape, type, element, pointer } = readForm(form);
  const [key, ...rest] = path;
  if (pointer && (value === undefined || value === null)) return NOT_FOUND;
  if (key === undefined) return NOT_FOUND;
  if (shape === "list") return withoutElement(value, rest, element, deletion);
  // Certificates have no keys by which Talos finds them.
  if (type.startsWith("x509.")) return NOT_FOUND;
  const object = isObject(value) ? value : {};
  const isField = shape === "object";
  const inner = isField ? fieldsOf(type)?.[String(key)] : element;
  if (inner === undefined) return NOT_FOUND;
  // A key that Talos knows is there, set or not; one of a map is there when it is set.
  if (!isField && !Object.hasOwn(object, key)) return NOT_FOUND;
  if (rest.length === 0) return omit(object, key);
  const replaced = without(object[key], rest, inner, deletion);
  return replaced === NOT_FOUND ? NOT_FOUND : { ...object, [key]: replaced };
}

function withoutElement(
  value: unknown,
  rest: readonly (string | number)[],
  form: Form,
  { element }: Deletion,
): unknown {
  if (rest.length > 0 || !element || !Array.isArray(value)) return NOT_FOUND;
  // Talos compares texts only, also of what writes itself as one, but no numbers and booleans.
  const { shape, type } = readForm(form);
  const key = readForm((shape === "object" && fieldsOf(type)?.[element.key]) || "any");
  if (key.shape !== "scalar" || /^(bool|u?int\d*)$/.test(key.type)) return NOT_FOUND;
  const index = value.findIndex(
    (item) =>
      isObject(item) &&
      item[element.key] !== undefined &&
      String(item[element.key]) === element.value,
  );
  return index < 0 ? NOT_FOUND : value.filter((_item, other) => other !== index);
}

function omit(object: Record<string, unknown>, key: string | number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== String(key)));
}
