import type { TalosDocument } from "../machineDocuments";
import { textAt } from "../machineDocuments";

/** A field of a document and why machines refuse it. */
export type Fault = readonly [field: string, reason: string];

/** The faults of a document by its kind. */
export type DocumentFaults = Readonly<Record<string, (document: TalosDocument) => Iterable<Fault>>>;

/** Fields that must hold something. */
export function* required(document: TalosDocument, ...fields: readonly string[]): Iterable<Fault> {
  for (const field of fields) {
    if (textAt(document, ...field.split(".")) === "") yield [field, "it is required"];
  }
}
