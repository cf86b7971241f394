/** Whether a value is a list or an object as YAML gives them, and nothing with a life of its own. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** Freezes a value and everything in it, so that no room changes what another one reads. */
export function deepFreeze<T>(value: T): T {
  if (isPlain(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** A copy down to the last list and object, so that nothing of the caller's is changed or frozen. */
export function deepCopy(value: unknown): unknown {
  if (!isPlain(value)) return value;
  if (Array.isArray(value)) return value.map(deepCopy);
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    // A key of this name would set the prototype; `protoKeys` says where one stood.
    if (key !== "__proto__") copy[key] = deepCopy(inner);
  }
  return copy;
}

/** Where a key is called `__proto__`, which no copy keeps. */
export function* protoKeys(
  value: unknown,
  path: readonly PropertyKey[] = [],
): Iterable<readonly PropertyKey[]> {
  if (!isPlain(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === "__proto__") yield at;
    else yield* protoKeys(inner, at);
  }
}
