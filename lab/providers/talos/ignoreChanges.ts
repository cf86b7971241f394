import { isPropertyMap, type PropertyMap, type PropertyValue } from "../property";

/** The new inputs with the properties at these paths as they are in the state. */
export function applyIgnoreChanges(
  olds: PropertyMap,
  news: PropertyMap,
  paths: readonly string[],
): PropertyMap {
  const result = structuredCloneOf(news) as PropertyMap;
  for (const path of paths) {
    ignore(parsePropertyPath(path), olds, result);
  }
  return result;
}

function ignore(path: string[], from: PropertyValue, to: PropertyValue): void {
  const [name, ...rest] = path;
  if (name === undefined) {
    return;
  }
  if (name === "*") {
    for (const key of keysOf(from, to)) {
      ignore([key, ...rest], from, to);
    }
    return;
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    const index = Number(name);
    const [old, current] = [from[index], to[index]];
    if (old === undefined || current === undefined) {
      return;
    }
    if (rest.length === 0) {
      to[index] = old;
    } else {
      ignore(rest, old, current);
    }
    return;
  }
  if (!isPropertyMap(from) || !isPropertyMap(to)) {
    return;
  }
  const [old, current] = [from[name], to[name]];
  if (rest.length > 0) {
    if (old !== undefined && current !== undefined) {
      ignore(rest, old, current);
    }
  } else if (old === undefined) {
    delete to[name];
  } else {
    to[name] = old;
  }
}

function keysOf(from: PropertyValue, to: PropertyValue): string[] {
  if (Array.isArray(from) && Array.isArray(to)) {
    return from.map((_item, index) => String(index));
  }
  return isPropertyMap(from) && isPropertyMap(to)
    ? [...new Set([...Object.keys(from), ...Object.keys(to)])]
    : [];
}

/** `a.b[0]["c.d"]` → a, b, 0, c.d */
function parsePropertyPath(path: string): string[] {
  const parts: string[] = [];
  for (const match of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[\]]+)/g)) {
    parts.push(match[1]?.replace(/\\(.)/g, "$1") ?? match[2] ?? match[3] ?? "");
  }
  return parts;
}

function structuredCloneOf(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) {
    return value.map(structuredCloneOf);
  }
  return isPropertyMap(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          item === undefined ? item : structuredCloneOf(item),
        ]),
      )
    : value;
}
