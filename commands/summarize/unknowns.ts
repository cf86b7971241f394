import { propertyPath } from "../../components/spec/propertyPath";
import type { Change } from "./changes";
import { UNKNOWN } from "./preview";

/** Inputs of resources of one type that only the update will tell. */
export interface UnknownInputs {
  readonly type: string;
  readonly names: readonly string[];
  readonly properties: readonly string[];
}

/** What the preview could not know yet, by type of resource and by property. Pure. */
export function unknownInputs(changes: readonly Change[]): UnknownInputs[] {
  const groups = new Map<string, { type: string; names: string[]; properties: string[] }>();
  for (const { type, name, new: after } of changes) {
    const properties = unknownPaths(after?.inputs, []);
    if (properties.length === 0) continue;
    const key = JSON.stringify([type, properties]);
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { type, names: [name], properties });
  }
  return [...groups.values()];
}

function unknownPaths(value: unknown, path: readonly (string | number)[]): string[] {
  if (value === UNKNOWN) return [propertyPath(path)];
  if (typeof value === "string" && value.includes(UNKNOWN)) return [propertyPath(path)];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    unknownPaths(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
