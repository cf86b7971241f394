import { isDeepStrictEqual } from "node:util";

import { own, put } from "./ownKeys";
import type { JsonOperation } from "./parsePatch";
import { isObject } from "./parsePatch";

/** Why an operation of a JSON 6902 patch cannot be applied. */
export interface OperationFault {
  readonly index: number;
  readonly reason: string;
}

/**
 * Applies the operations of a JSON 6902 patch to a document, up to the first that fails, as Talos'
 * library does: a key that is not there is replaced by adding it, and copied as null. Pure.
 */
export function applyJsonPatch(
  document: unknown,
  operations: readonly JsonOperation[],
): { readonly value: unknown; readonly fault?: OperationFault } {
  let value = structuredClone(document);
  for (const [index, operation] of operations.entries()) {
    const result = applyOperation(value, operation);
    if ("reason" in result) return { value, fault: { index, reason: result.reason } };
    value = result.value;
  }
  return { value };
}

type Outcome = { readonly value: unknown } | { readonly reason: string };

function applyOperation(root: unknown, operation: JsonOperation): Outcome {
  const { op, path, from, value } = operation;
  if (
    typeof op !== "string" ||
    !["add", "remove", "replace", "move", "copy", "test"].includes(op)
  ) {
    return { reason: `there is no operation ${JSON.stringify(op)}` };
  }
  if (typeof path !== "string") return { reason: "it has no path" };
  const steps = pointer(path);
  switch (op) {
    case "add":
      return set(root, steps, value, "add");
    case "replace":
      return hasPlace(root, steps) ? set(root, steps, value, "replace") : missing(path);
    case "remove":
      return steps.length > 0 && has(root, steps) ? remove(root, steps) : missing(path);
    case "test":
      return isDeepStrictEqual(get(root, steps) ?? null, value ?? null)
        ? { value: root }
        : { reason: `the value at ${path} is another one` };
    default: {
      if (typeof from !== "string") return { reason: "it has no from" };
      const source = pointer(from);
      if (!(op === "move" ? has : hasPlace)(root, source)) return missing(from);
      const moved = structuredClone(get(root, source) ?? null);
      const removed = op === "move" ? remove(root, source) : { value: root };
      return set(removed.value, steps, moved, "add");
    }
  }
}

function missing(path: string): Outcome {
  return { reason: `there is nothing at ${path}` };
}

function pointer(path: string): string[] {
  return path
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function get(root: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) =>
      Array.isArray(value)
        ? value[indexIn(step, value.length)]
        : isObject(value)
          ? own(value, step)
          : undefined,
    root,
  );
}

function has(root: unknown, steps: readonly string[]): boolean {
  const parent = get(root, steps.slice(0, -1));
  const step = steps.at(-1);
  if (step === undefined) return true;
  if (!Array.isArray(parent)) return isObject(parent) && Object.hasOwn(parent, step);
  const index = indexIn(step, parent.length);
  return index >= 0 && index < parent.length;
}

/** Index that a step means; a negative one counts from the end. NaN where it is none. */
function indexIn(step: string, length: number): number {
  if (!/^[-+]?\d+$/.test(step)) return NaN;
  const index = Number(step);
  return index < 0 ? index + length : index;
}

/** Whether there is an object for a key, or an element of a list. */
function hasPlace(root: unknown, steps: readonly string[]): boolean {
  return isObject(get(root, steps.slice(0, -1))) || has(root, steps);
}

function set(
  root: unknown,
  steps: readonly string[],
  value: unknown,
  how: "add" | "replace",
): Outcome {
  const parent = get(root, steps.slice(0, -1));
  const step = steps.at(-1);
  if (step === undefined) return { value };
  if (Array.isArray(parent)) {
    const places = how === "add" ? parent.length + 1 : parent.length;
    const index = how === "add" && step === "-" ? parent.length : indexIn(step, places);
    if (!(index >= 0 && index < places)) return missing(`/${steps.join("/")}`);
    parent.splice(index, how === "replace" ? 1 : 0, value);
  } else if (isObject(parent)) put(parent, step, value);
  else return missing(`/${steps.slice(0, -1).join("/")}`);
  return { value: root };
}

function remove(root: unknown, steps: readonly string[]): { readonly value: unknown } {
  const parent = get(root, steps.slice(0, -1));
  const step = steps.at(-1)!;
  if (Array.isArray(parent)) parent.splice(indexIn(step, parent.length), 1);
  else if (isObject(parent)) delete parent[step];
  return { value: root };
}
