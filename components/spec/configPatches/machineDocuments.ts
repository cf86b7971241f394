/** A document of a machine configuration; the first one of a machine has neither kind nor version. */
export type TalosDocument = Readonly<Record<string, unknown>>;

/** A machine configuration: the first document and the others. */
export type MachineDocuments = readonly TalosDocument[];

/** Kind of a document; that of the first one is `v1alpha1`. */
export function kindOf(document: TalosDocument): string {
  return typeof document["kind"] === "string" && document["kind"] !== ""
    ? document["kind"]
    : "v1alpha1";
}

/** What tells two documents apart. */
export function documentId(document: TalosDocument): string {
  const kind = kindOf(document);
  const name = textAt(document, "name");
  return kind === "v1alpha1" ? kind : `${kind}/${name}`;
}

/** What stands at a path of an object, or undefined. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? (inner as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

/** The elements of what stands at a path; empty when it is no list. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): unknown[] {
  const list = at(value, ...path);
  return Array.isArray(list) ? list : [];
}

/** The text at a path; empty when there is none. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const text = at(value, ...path);
  return text === undefined || text === null || typeof text === "object" ? "" : String(text);
}

/** The entries of what stands at a path; empty when it is no object. */
export function entriesAt(value: unknown, ...path: readonly (string | number)[]) {
  const object = at(value, ...path);
  return typeof object === "object" && object !== null && !Array.isArray(object)
    ? Object.entries(object as Record<string, unknown>)
    : [];
}
