import { loadAll } from "js-yaml";

import { isSecretArgument, isSecretEntry, standsForSecret } from "./secretForms";

/**
 * Whether a text in YAML or JSON, as Talos takes manifests and files inline, holds a secret by where
 * it stands: in a Kubernetes Secret, as a container's variable, under a key of a file. Pure.
 */
export function holdsSecretDocument(text: string): boolean {
  // A word alone, or a line of prose, is no document.
  if (!/[{:]/.test(text) || !(text.includes("\n") || /^\s*[{[]/.test(text))) return false;
  const documents = documentsOf(text);
  // Pieces are looked at one by one, so that one which cannot be read hides no other.
  return documents ? documents.some(holdsSecret) : text.split(/^---/m).some(looksLikeSecret);
}

function documentsOf(text: string): unknown[] | undefined {
  try {
    // `json`: a key that stands twice is somebody else's problem.
    return loadAll(text, undefined, { json: true });
  } catch {
    return undefined;
  }
}

function looksLikeSecret(manifest: string): boolean {
  return (
    /^\s*kind: *["']?Secret["']?\s*(?:#.*)?$/m.test(manifest) &&
    /^\s*(?:data|stringData):(?! *\{\} *$)/m.test(manifest)
  );
}

function holdsSecret(document: unknown): boolean {
  if (!isTree(document)) return false;
  const { kind, apiVersion, items } = document;
  if (kind === "Secret") return [document["data"], document["stringData"]].some(holdsData);
  if (Array.isArray(items) && /List$/.test(String(kind))) return items.some(holdsSecret);
  const isObjectOfCluster = typeof kind === "string" && typeof apiVersion === "string";
  // A file that a component reads is written like an object, and is none.
  const isFile = !isObjectOfCluster || IS_FILE.test(`${apiVersion}/${kind}`);
  return [...entriesOf(document)].some(({ owner, key, path }) =>
    Array.isArray(owner)
      ? isSecretArgument(owner, Number(key))
      : isFile
        ? isSecretEntry(owner, key) || (key === "auth" && path.includes("auths"))
        : // Whatever else of an object is called so mostly names a secret, as in an ExternalSecret.
          key === "value" && /env$/i.test(path.at(-2) ?? "") && isSecretEntry(owner, key),
  );
}

/** kubeconfigs, and what kubelets and API servers are configured by. */
const IS_FILE = /\.config\.k8s\.io\/|^v1\/(?:Config|Encryption\w+)$/;

function holdsData(data: unknown): boolean {
  return isTree(data) && Object.values(data).some((value) => !standsForSecret(String(value ?? "")));
}

interface Entry {
  readonly owner: object;
  readonly key: string;
  /** Of the owner. */
  readonly path: readonly string[];
}

/** Every scalar that may be a secret. Aliases are followed once, since they may multiply. */
function* entriesOf(
  owner: object,
  path: readonly string[] = [],
  seen = new Set<object>(),
): Iterable<Entry> {
  if (seen.has(owner)) return;
  seen.add(owner);
  for (const [key, inner] of Object.entries(owner)) {
    if (isTree(inner)) yield* entriesOf(inner, [...path, key], seen);
    else if (typeof inner === "string" || typeof inner === "number") {
      if (!standsForSecret(String(inner))) yield { owner, key, path };
    }
  }
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
