import { table } from "./ownKeys";
import talosKeys from "./talosKeys.json";

/**
 * The form of a value, as `scripts/talosKeys` writes it: `string`, `bool`, `int`, `uint`, `duration`,
 * `bytes` (base64), `any`, `@type` (an object), `(type)` (a scalar with a grammar of its own), and before one of these
 * `*` (may be unset), `[]` (list), `[type]` (list that merges in its own way), `{}` (map). A trailing
 * `!` says that a patch replaces.
 */
export type Form = string;

interface TalosKeys {
  readonly talosVersion: string;
  readonly documents: Readonly<Record<string, { type: string; named?: boolean }>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, Form>>>>;
  readonly words: Readonly<Record<string, readonly string[]>>;
}

const { documents, types, words } = talosKeys as unknown as TalosKeys;
const keys = {
  documents: table(documents),
  types: table(Object.fromEntries(Object.entries(types).map(([type, of]) => [type, table(of)]))),
  words: table(words),
};

/** The first document, which has no kind. */
export const MAIN_DOCUMENT = "@v1alpha1.Config";

/** Kinds of the other documents. */
export const documentKinds: readonly string[] = Object.keys(keys.documents);

/** Form of a document, or undefined when Talos has no such kind. */
export function documentForm(kind: string): Form | undefined {
  const document = keys.documents[kind];
  return document && `@${document.type}`;
}

/** Whether a machine can have several documents of a kind, told apart by their names. */
export function isNamedKind(kind: string): boolean {
  return keys.documents[kind]?.named === true;
}

/** Keys of an object type with their forms; undefined when any key is fine. */
export function fieldsOf(type: string): Readonly<Record<string, Form>> | undefined {
  // Talos reads these by a function of their own, so that they have no keys to reflect on.
  if (type === "x509.PEMEncodedCertificateAndKey") return table({ crt: "bytes", key: "bytes" });
  if (type === "x509.PEMEncodedCertificate") return table({ crt: "bytes" });
  if (type === "x509.PEMEncodedKey") return table({ key: "bytes" });
  const fields = keys.types[type];
  return fields && !("*" in fields) ? fields : undefined;
}

/** Words that a type takes; undefined when it takes others too. */
export function wordsOf(type: string): readonly string[] | undefined {
  return keys.words[type];
}

/** A form taken apart. */
export interface ReadForm {
  readonly shape: "object" | "list" | "map" | "scalar" | "any";
  /** What the object, or a scalar with a grammar of its own, is called; or the scalar itself. */
  readonly type: string;
  /** Form of the list's or map's elements. */
  readonly element: Form;
  /** Type of a list that merges in its own way. */
  readonly merger?: string;
  readonly pointer: boolean;
  readonly replaces: boolean;
}

const read = new Map<Form, ReadForm>();

/** Takes a form apart. */
export function readForm(form: Form): ReadForm {
  let result = read.get(form);
  if (!result) read.set(form, (result = takeApart(form)));
  return result;
}

function takeApart(form: Form): ReadForm {
  const replaces = form.endsWith("!");
  const whole = replaces ? form.slice(0, -1) : form;
  const pointer = whole.startsWith("*");
  const bare = pointer ? whole.slice(1) : whole;
  const base = { type: bare, element: "any", pointer, replaces };
  if (bare.startsWith("@")) {
    const type = bare.slice(1);
    const shape = type === "v1alpha1.Unstructured" ? ("any" as const) : ("object" as const);
    return { ...base, shape, type };
  }
  if (bare.startsWith("(x509.")) return { ...base, shape: "object", type: bare.slice(1, -1) };
  if (bare.startsWith("{}")) return { ...base, shape: "map", element: bare.slice(2) };
  const list = /^\[([^\]]*)\](.*)$/.exec(bare);
  if (list) {
    return { ...base, shape: "list", element: list[2]!, ...(list[1] && { merger: list[1] }) };
  }
  if (bare === "any") return { ...base, shape: "any" };
  return { ...base, shape: "scalar", type: bare.replace(/^\((.*)\)$/, "$1") };
}
