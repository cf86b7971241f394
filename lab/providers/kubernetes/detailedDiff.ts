import type { PropertyDiffKind } from "../protocol";
import { touches } from "./forceNew";
import { deepEqual, isRecord, isUnknown } from "./plain";

export interface PropertyChange {
  kind: PropertyDiffKind;
  inputDiff?: boolean;
}

/** A property that is not there, as opposed to one that is null. */
const absent = Symbol("absent");

type Path = readonly (string | number)[];

interface Sides {
  old: unknown;
  newInput: unknown;
  oldInput: unknown;
}

/**
 * Turns a merge patch into the changes of single properties.
 * @param patch from the old live object to the new inputs
 * @param forceNew fields whose change replaces the resource
 */
export function detailedDiff(
  patch: Record<string, unknown>,
  old: Record<string, unknown>,
  newInputs: Record<string, unknown>,
  oldInputs: Record<string, unknown>,
  forceNew: readonly string[],
): Map<string, PropertyChange> {
  const changes = new Map<string, PropertyChange>();
  const walk = new Walk(forceNew, changes);
  walk.record([], patch, { old, newInput: newInputs, oldInput: oldInputs }, false);
  return changes;
}

/** The properties that make the change a replacement. */
export function replacements(changes: Map<string, PropertyChange>): string[] {
  return [...changes].filter(([, { kind }]) => kind.endsWith("_REPLACE")).map(([path]) => path);
}

class Walk {
  constructor(
    private readonly forceNew: readonly string[],
    private readonly changes: Map<string, PropertyChange>,
  ) {}

  record(path: Path, patch: Record<string, unknown>, sides: Sides, inList: boolean): void {
    for (const [key, value] of Object.entries(patch)) {
      this.value([...path, key], value, at(sides, key), inList);
    }
    // A merge patch replaces lists as a whole, so what is missing inside one was deleted.
    if (!inList || !isRecord(sides.old)) return;
    for (const key of Object.keys(sides.old)) {
      if (!Object.hasOwn(patch, key)) this.value([...path, key], null, at(sides, key), inList);
    }
  }

  private list(path: Path, patch: unknown[], old: unknown[], sides: Sides): void {
    const length = Math.max(patch.length, old.length);
    for (let index = 0; index < length; index++) {
      this.value(
        [...path, index],
        index < patch.length ? patch[index] : null,
        {
          old: index < old.length ? old[index] : absent,
          newInput: element(sides.newInput, index),
          oldInput: element(sides.oldInput, index),
        },
        true,
      );
    }
  }

  private value(path: Path, value: unknown, sides: Sides, inList: boolean): void {
    const { old, newInput, oldInput } = sides;
    // Without a new input it can only be a deletion of what was an input; the rest is the server's.
    if (newInput === absent && (value !== null || oldInput === absent)) return;
    let kind: "ADD" | "DELETE" | "UPDATE";
    if (value === null) {
      if (isUnknown(newInput)) {
        kind = old === absent ? "ADD" : "UPDATE";
      } else {
        kind = "DELETE";
      }
    } else if (old === absent) {
      kind = "ADD";
    } else if (isRecord(value) && isRecord(old)) {
      return this.record(path, value, sides, inList);
    } else if (Array.isArray(value) && Array.isArray(old)) {
      return this.list(path, value, old, sides);
    } else if (deepEqual(value, old)) {
      return;
    } else {
      kind = "UPDATE";
    }
    this.changes.set(pathText(path), {
      kind: touches(wrapped(path, value), this.forceNew) ? `${kind}_REPLACE` : kind,
      ...(kind === "DELETE" ? { inputDiff: true } : {}),
    });
  }
}

function at(sides: Sides, key: string): Sides {
  const of = (value: unknown): unknown =>
    isRecord(value) && Object.hasOwn(value, key) ? value[key] : absent;
  return { old: of(sides.old), newInput: of(sides.newInput), oldInput: of(sides.oldInput) };
}

function element(list: unknown, index: number): unknown {
  return Array.isArray(list) && index < list.length ? list[index] : null;
}

function wrapped(path: Path, value: unknown): unknown {
  return [...path]
    .reverse()
    .reduce<unknown>(
      (inner, step) => (typeof step === "number" ? [inner] : { [step]: inner }),
      value,
    );
}

/** A property path as the engine writes it: `spec.ports[0]`, `metadata.labels["a.b"]`. */
function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (/[."[\]]/.test(step)) return `${text}["${step.replaceAll('"', '\\"')}"]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
