import { nearest } from "../nearest";
import type { KeyFault } from "./checkKeys";
import { checkKeys } from "./checkKeys";
import { splitDeletions } from "./deletes";
import { documentId, kindOf } from "./machineDocuments";
import { formOf } from "./merge";
import type { PatchDocument, PatchFault } from "./parsePatch";
import type { Form, ReadForm } from "./talosTypes";
import { documentKinds, fieldsOf, readForm } from "./talosTypes";

const MAIN_KEYS = ["machine", "cluster", "debug", "persist"];

/** What is wrong with the documents of a patch by themselves, whatever they are applied to. */
export function* documentFaults(documents: readonly PatchDocument[]): Iterable<PatchFault> {
  const seen = new Set<string>();
  let loaded = 0;
  for (const document of documents) {
    const { deletions, rest } = splitDeletions(document);
    if (deletions.length > 0 || rest) loaded++;
    const identity = deletions.some(({ path }) => path.length === 0) || rest;
    if (!identity) continue;
    const kindFault = identityFault(document);
    if (kindFault) {
      yield { ...kindFault, line: document.lineOf(["kind"]) };
      continue;
    }
    if (!rest) continue;
    if (seen.has(documentId(rest))) {
      yield {
        id: "patch-duplicate-document",
        line: document.lineOf([]),
        got: documentId(rest),
        reason: "the patch holds this document twice",
        fix: "put both into one, or into two patches",
      };
    }
    seen.add(documentId(rest));
    for (const fault of [...checkKeys(rest, formOf(rest)), ...mergeKeyFaults(document)]) {
      yield { ...fault, line: document.lineOf(fault.path) };
    }
  }
  if (loaded === 0) {
    yield {
      id: "patch-empty",
      reason: "it holds nothing to patch, which the provider refuses",
      fix: "remove it",
    };
  }
}

/** Takings-over that Talos' own check of unknown keys refuses: it takes `<<` for a key like others. */
function* mergeKeyFaults({ value, mergeKeys }: PatchDocument): Iterable<KeyFault> {
  for (const { path, isAlias } of mergeKeys) {
    const shape = shapeAt(formOf(value), path);
    if (shape !== "object" && (shape !== "map" || isAlias)) continue;
    yield {
      id: "patch-unknown-key",
      path: [...path, "<<"],
      reason: "Talos takes << for a key that it does not know",
      fix: "write the keys out",
    };
  }
}

function shapeAt(form: Form, [key, ...rest]: readonly (string | number)[]): ReadForm["shape"] {
  const { shape, type, element } = readForm(form);
  if (key === undefined || shape === "any") return shape;
  return shapeAt((shape === "object" ? fieldsOf(type)?.[key] : element) ?? "any", rest);
}

function identityFault({ value }: PatchDocument): Omit<PatchFault, "line"> | undefined {
  const kind = value["kind"];
  const apiVersion = value["apiVersion"];
  const hasKind = kind !== undefined && kind !== null && kind !== "";
  const isMain = MAIN_KEYS.some((key) => key in value) || apiVersion === "v1alpha1";
  if (!hasKind && (isMain || value["$patch"] === "delete")) return undefined;
  if (!hasKind) {
    const key = Object.keys(value)[0] ?? "";
    const guess = nearest(key, MAIN_KEYS);
    return {
      id: "patch-unknown-key",
      got: key,
      reason: "it has neither machine nor cluster, and no kind that says what it is",
      fix: guess ? `did you mean ${guess}?` : "put the keys under machine or cluster",
    };
  }
  const known = documentKinds.includes(kindOf(value));
  if (known && apiVersion === "v1alpha1") return undefined;
  if (known) {
    return {
      id: "patch-unknown-kind",
      got: { apiVersion, kind },
      reason: "documents of Talos have apiVersion: v1alpha1",
      fix: "write apiVersion: v1alpha1",
    };
  }
  const guess = nearest(String(kind), documentKinds);
  return {
    id: "patch-unknown-kind",
    got: { apiVersion, kind },
    reason: "Talos has no document of this kind",
    fix: guess
      ? `did you mean ${guess}?`
      : "Kubernetes objects go into cluster.inlineManifests; remove others",
  };
}
