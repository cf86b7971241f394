import { propertyPath } from "../propertyPath";
import { contractMinor } from "../versions";
import { applyDeletion } from "./applyDeletion";
import { applyJsonPatch } from "./applyJsonPatch";
import { checkKeys } from "./checkKeys";
import { decode } from "./decode";
import type { Deletion } from "./deletes";
import { splitDeletions } from "./deletes";
import type { MachineDocuments, TalosDocument } from "./machineDocuments";
import { documentId, kindOf } from "./machineDocuments";
import { formOf, mergeConflicts, mergeDocument } from "./merge";
import type { ParsedPatch, PatchDocument, PatchFault } from "./parsePatch";
import { MAIN_DOCUMENT, isNamedKind } from "./talosTypes";

export interface Applied {
  readonly documents: MachineDocuments;
  readonly faults: readonly PatchFault[];
}

/** Applies one patch to a machine configuration as the provider does, as far as it can. Pure. */
export function applyPatch(
  documents: MachineDocuments,
  patch: ParsedPatch,
  configContract: string,
): Applied {
  switch (patch.kind) {
    case "faulty":
      return { documents, faults: [] };
    case "json6902":
      return applyOperations(documents, patch.operations, configContract);
    case "strategic":
      return patch.documents.reduce<Applied>(
        (applied, document) => {
          const next = applyDocument(applied.documents, document, documents);
          return { documents: next.documents, faults: [...applied.faults, ...next.faults] };
        },
        { documents, faults: [] },
      );
    default:
      return patch satisfies never;
  }
}

function applyOperations(
  documents: MachineDocuments,
  operations: readonly Record<string, unknown>[],
  configContract: string,
): Applied {
  if (documents.length > 1) {
    const empty = operations.length === 0;
    const fromContract = (contractMinor(configContract) ?? 0) >= 12;
    return {
      documents,
      faults: [
        {
          id: empty ? "patch-empty" : "patch-json6902",
          reason: `${empty ? "it holds nothing, which is read as a JSON 6902 patch, and these" : "JSON 6902 patches"} do not work on a configuration of several documents, as ${fromContract ? `every one of contract ${configContract} is` : "another patch makes this one"}`,
          fix: empty
            ? "remove it"
            : "write a strategic merge patch: the keys as they shall stand, and $patch: delete for what shall go",
        },
      ],
    };
  }
  const { value, fault } = applyJsonPatch(documents[0], operations);
  if (fault) {
    const got = operations[fault.index];
    return {
      documents,
      faults: [
        {
          id: "patch-json6902-operation",
          got: { op: got?.["op"], path: got?.["path"] },
          reason: `operation ${fault.index} cannot be applied: ${fault.reason}`,
          fix: "correct the operation",
        },
      ],
    };
  }
  const faults = [...checkKeys(value, MAIN_DOCUMENT)];
  return faults.length > 0
    ? { documents, faults }
    : { documents: [decode(value, MAIN_DOCUMENT) as MachineDocuments[number]], faults: [] };
}

function applyDocument(
  documents: MachineDocuments,
  document: PatchDocument,
  before: MachineDocuments,
): Applied {
  const { deletions, rest, fault } = splitDeletions(document);
  if (fault) {
    const line = document.lineOf(fault.path);
    const fix = "delete the whole list, or an element of it by its first key";
    return { documents, faults: [{ id: "patch-delete", line, reason: fault.reason, fix }] };
  }
  const faults: PatchFault[] = [];
  let current = documents;
  for (const deletion of deletions) {
    const outcome = deleteFrom(current, document, deletion, before);
    if ("reason" in outcome) {
      faults.push({ id: "patch-delete", line: document.lineOf(deletion.path), ...outcome });
    } else current = outcome.documents;
  }
  if (!rest) return { documents: current, faults };
  const decoded = decode(rest, formOf(rest)) as TalosDocument;
  const target = current.find((other) => documentId(other) === documentId(decoded));
  for (const path of target ? mergeConflicts(target, decoded, formOf(decoded)) : []) {
    faults.push({
      id: "patch-wrong-type",
      line: document.lineOf(path),
      path,
      reason: "it is of another type than what stands there already, and these do not merge",
      fix: "give it the same type, or delete the key by a patch before this one",
    });
  }
  return { documents: faults.length > 0 ? current : mergeDocument(current, decoded), faults };
}

function deleteFrom(
  documents: MachineDocuments,
  { value }: PatchDocument,
  deletion: Deletion,
  before: MachineDocuments,
): { documents: MachineDocuments } | { got?: unknown; reason: string; fix: string } {
  const id = documentId(value);
  const kind = kindOf(value);
  const isMain = kind === "v1alpha1";
  // Documents that the same patch adds are not seen yet.
  const target = documents.find((document) => documentId(document) === id);
  if (!target || !before.some((document) => documentId(document) === id)) {
    return {
      got: id,
      reason: isNamedKind(kind)
        ? "the machine has no such document, and deleting it kills the provider"
        : "the machine has no such document, and deleting it leaves an empty one behind that machines refuse",
      fix: "remove the deletion",
    };
  }
  if (deletion.path.length === 0) {
    if (isMain) {
      return { reason: "the first document cannot be deleted", fix: "delete single keys of it" };
    }
    return { documents: documents.filter((document) => document !== target) };
  }
  const result = applyDeletion(target, deletion, formOf(value));
  if (!result) {
    const element = deletion.element ? ` (${deletion.element.key}: ${deletion.element.value})` : "";
    return {
      got: `${propertyPath(deletion.path)}${element}`,
      reason: "the configuration has nothing there to delete, which the provider refuses",
      fix: "remove the deletion, or move the patch to the machines that have it",
    };
  }
  return { documents: documents.map((document) => (document === target ? result : document)) };
}
