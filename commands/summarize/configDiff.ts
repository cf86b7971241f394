import { isSecretArgument } from "../../components/secretForms";
import { documentId } from "../../components/spec/configPatches/machineDocuments";
import { cachedPatch } from "../../components/spec/configPatches/patchCache";
import { propertyPath } from "../../components/spec/propertyPath";
import { SECRET, UNKNOWN } from "./preview";
import type { Redaction } from "./redaction";

type Path = readonly (string | number)[];

/** One setting of a machine configuration. */
interface Leaf {
  /** `v1alpha1` for the first document, else kind and name. */
  readonly document: string;
  readonly path: Path;
  readonly value: unknown;
  /** Whether a patch takes away what stands there. */
  readonly deletes: boolean;
  /** Whether it is the argument behind a flag such as `--token`, which stands on a line of its own. */
  readonly isSecret?: boolean;
}

/** One line of a difference, ready to be shown. */
export interface DiffLine {
  readonly sign: "-" | "+";
  readonly document: string;
  readonly path: Path;
  readonly text: string;
}

export const MAIN = "v1alpha1";

/**
 * What the patches of a machine, or its whole configuration, say differently: what goes first, then
 * what changes, then what is new. A patch that both sides have says nothing new. Pure.
 */
export function diffPatches(
  before: readonly string[],
  after: readonly string[],
  redaction: Redaction,
): DiffLine[] {
  const [removed, added] = withoutCommon(before, after, (text) => text);
  return diffLeaves(removed.flatMap(patchLeaves), added.flatMap(patchLeaves), redaction);
}

/** The same for two trees that are no documents of Talos, as chart values. Pure. */
export function diffTrees(before: unknown, after: unknown, redaction: Redaction): DiffLine[] {
  return diffLeaves(leavesOf("", before), leavesOf("", after), redaction);
}

function diffLeaves(
  before: readonly Leaf[],
  after: readonly Leaf[],
  redaction: Redaction,
): DiffLine[] {
  // Compared by what they are, shown by what may be seen of it.
  const [removed, added] = withoutCommon(before, after, (leaf) => JSON.stringify(leaf));
  const place = ({ document, path }: Leaf) => JSON.stringify([document, path]);
  const line = (sign: "-" | "+", leaf: Leaf): DiffLine => {
    const { document, path, value, deletes, isSecret } = leaf;
    const where = [document === MAIN ? "" : document.replace(/\/$/, ""), placeText(path)]
      .filter((part) => part !== "")
      .join(" ");
    const what = value === undefined ? "" : redaction.value(isSecret ? SECRET : value, path);
    const text = [where, what].filter((part) => part !== "").join(": ");
    return { sign, document, path, text: deletes ? `${text} (deleted by a patch)` : text };
  };
  const places = new Set(added.map(place));
  const changed = new Set(removed.map(place).filter((each) => places.has(each)));
  return [
    ...removed.filter((leaf) => !changed.has(place(leaf))).map((leaf) => line("-", leaf)),
    ...added.filter((leaf) => leaf.deletes).map((leaf) => line("-", leaf)),
    ...[...changed].flatMap((each) => [
      ...removed.filter((leaf) => place(leaf) === each).map((leaf) => line("-", leaf)),
      ...added
        .filter((leaf) => place(leaf) === each && !leaf.deletes)
        .map((leaf) => line("+", leaf)),
    ]),
    ...added
      .filter((leaf) => !changed.has(place(leaf)) && !leaf.deletes)
      .map((leaf) => line("+", leaf)),
  ];
}

/** Two lists without what both have, each as often as both have it. */
function withoutCommon<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): [T[], T[]] {
  return [minus(before, after, keyOf), minus(after, before, keyOf)];
}

function minus<T>(items: readonly T[], others: readonly T[], keyOf: (item: T) => string): T[] {
  const counts = new Map<string, number>();
  for (const key of others.map(keyOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return items.filter((item) => {
    const left = counts.get(keyOf(item)) ?? 0;
    if (left > 0) counts.set(keyOf(item), left - 1);
    return left === 0;
  });
}

function patchLeaves(text: string): Leaf[] {
  const whole = (value: string): Leaf[] => [{ document: "", path: [], value, deletes: false }];
  if (text === SECRET || text === UNKNOWN) return whole(text);
  const patch = cachedPatch(text);
  if (patch.kind === "faulty") return whole("a patch that is no YAML");
  if (patch.kind === "json6902") {
    return patch.operations.map(({ op, path, value }) => ({
      document: MAIN,
      path: pointer(String(path)),
      value,
      deletes: op === "remove",
    }));
  }
  return patch.documents.flatMap(({ value }) => leavesOf(documentId(value), value));
}

/** Items of a list have no place of their own: Talos appends, and one that goes is one that goes. */
function leavesOf(document: string, value: unknown, path: Path = []): Leaf[] {
  const leaf = (inner: unknown, at: Path, deletes = false, isSecret = false): Leaf[] => [
    { document, path: at, value: inner, deletes, ...(isSecret && { isSecret }) },
  ];
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item, index) =>
      isDeletion(item)
        ? leaf({ ...item, $patch: undefined }, [...path, ITEM], true)
        : leaf(item, [...path, ITEM], false, isSecretArgument(value, index)),
    );
  }
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null) return leaf(value, path);
  if (isDeletion(value)) return leaf(undefined, path, true);
  const entries = Object.entries(value).filter(
    // They name the document, which stands before each path.
    ([key]) =>
      path.length > 0 || !document.includes("/") || !["apiVersion", "kind", "name"].includes(key),
  );
  return entries.length === 0
    ? leaf(value, path)
    : entries.flatMap(([key, inner]) => leavesOf(document, inner, [...path, key]));
}

const ITEM = "[]";

function placeText(path: Path): string {
  return propertyPath(path).replaceAll(JSON.stringify([ITEM]), ITEM);
}

function isDeletion(value: unknown): value is Record<string, unknown> {
  return (value as Record<string, unknown> | null)?.["$patch"] === "delete";
}

function pointer(path: string): Path {
  return path
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key === "-" ? ITEM : key));
}
