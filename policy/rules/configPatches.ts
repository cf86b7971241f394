import { parseAllDocuments } from "yaml";

import { UNKNOWN, nodesOf, valueAt } from "./propertyTree";

/** A document of a machine's configuration, and where it stands in the resource. */
export interface PatchDocument {
  readonly path: readonly string[];
  readonly content: unknown;
}

/**
 * The documents of a machine's configuration and of its patches; of a manifest that one holds as text,
 * the documents too. What a preview does not know is left out.
 *
 * @param props of a ConfigurationApply
 */
export function patchDocuments(props: unknown): readonly PatchDocument[] {
  const patches = valueAt(props, "configPatches");
  const texts: [text: unknown, path: readonly string[]][] = [
    [valueAt(props, "machineConfigurationInput"), ["machineConfigurationInput"]],
    ...(Array.isArray(patches) ? patches : []).map((patch: unknown, index): [unknown, string[]] => [
      patch,
      ["configPatches", `${index}`],
    ]),
  ];
  return texts.flatMap(([text, path]) => (typeof text === "string" ? documents(text, path) : []));
}

/** Whether a preview knows every patch: what is missing may stand in the one that it does not know. */
export function arePatchesKnown(props: unknown): boolean {
  const patches = valueAt(props, "configPatches");
  return patches !== UNKNOWN && !(Array.isArray(patches) && patches.includes(UNKNOWN));
}

/** Whether a document is a Kubernetes object of a manifest, not a part of the machine's configuration. */
export function isManifest({ path }: PatchDocument): boolean {
  return path.at(-1) === "contents";
}

/** By text: every policy asks, of every machine, and the objects of Cilium are long. */
const parsed = new Map<string, readonly PatchDocument[]>();

function documents(text: string, at: readonly string[]): PatchDocument[] {
  if (!parsed.has(text)) parsed.set(text, parse(text));
  return parsed.get(text)!.map(({ path, content }) => ({ path: [...at, ...path], content }));
}

/** The documents of a text, each with its path in it. */
function parse(text: string): PatchDocument[] {
  return parseAllDocuments(text).flatMap((document) => {
    // What does not parse is refused by Talos, and named there.
    if (document.errors.length > 0) return [];
    const content: unknown = document.toJS();
    const contents = Array.isArray(content) ? content.map(addedBy) : [content];
    return contents.flatMap((each) => [{ path: [], content: each }, ...manifests(each)]);
  });
}

/** What an operation of a JSON 6902 patch puts there, as a document that has nothing else. */
function addedBy(operation: unknown): unknown {
  const [op, pointer] = [valueAt(operation, "op"), valueAt(operation, "path")];
  if ((op !== "add" && op !== "replace") || typeof pointer !== "string") return undefined;
  const keys = pointer.split("/").slice(1);
  return keys.reduceRight<unknown>(
    (value, key) => ({ [key.replaceAll("~1", "/").replaceAll("~0", "~")]: value }),
    valueAt(operation, "value"),
  );
}

function manifests(content: unknown): PatchDocument[] {
  return [...nodesOf(content)].flatMap(({ path, value }) => {
    const isText = path.at(-3) === "inlineManifests" && path.at(-1) === "contents";
    return isText && typeof value === "string" ? documents(value, path) : [];
  });
}
