import { isRecord } from "./plain";

/**
 * Reduces a live object to the shape of the inputs that made it, so that what the cluster added shows no difference.
 * Values whose types differ from the inputs' are kept as they are.
 */
export function prune(
  source: Record<string, unknown>,
  shape: Record<string, unknown>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(source)) {
    if (Object.hasOwn(shape, key)) result[key] = pruneValue(value, shape[key]);
  }
  return result;
}

function pruneValue(value: unknown, shape: unknown): unknown {
  if (isRecord(value) && isRecord(shape)) return prune(value, shape);
  if (Array.isArray(value) && Array.isArray(shape)) return pruneList(value, shape);
  return value;
}

function pruneList(source: unknown[], shape: unknown[]): unknown[] {
  if (source.length === 0 || shape.length === 0) return [];
  if (typeOf(source[0]) !== typeOf(shape[0])) return source;
  return source.slice(0, shape.length).map((value, index) => pruneValue(value, shape[index]));
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
}
