import type { Document } from "yaml";
import { LineCounter, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";

import type { MergeKey } from "./yamlDialect";
import { dialectFault, mergeKeys, numbersOfTalos, sameKey } from "./yamlDialect";

/** One document of a patch text. */
export interface PatchDocument {
  readonly value: Record<string, unknown>;
  /** Line of the text, from 1, at which a path of the document stands; else that of its beginning. */
  readonly lineOf: (path: readonly (string | number)[]) => number;
  /** Where it takes over keys with `<<`. */
  readonly mergeKeys: readonly MergeKey[];
}

/** One operation of a JSON 6902 patch. */
export type JsonOperation = Record<string, unknown>;

export interface PatchFault {
  readonly id: string;
  readonly line?: number;
  /** Path in the patch. */
  readonly path?: readonly (string | number)[];
  readonly got?: unknown;
  readonly reason: string;
  readonly fix: string;
}

/** A patch text as Talos reads it. */
export type ParsedPatch =
  | { readonly kind: "strategic"; readonly documents: readonly PatchDocument[] }
  | { readonly kind: "json6902"; readonly operations: readonly JsonOperation[] }
  | { readonly kind: "faulty"; readonly faults: readonly PatchFault[] };

const EMBED = "write the content of the patch itself, as a YAML text";

/**
 * Reads a patch as Talos does: first for a name of a file, then as a strategic merge patch of one or
 * more documents, then as a JSON 6902 patch. Pure.
 */
export function parsePatch(text: string): ParsedPatch {
  if (looksLikeFileName(text)) {
    return faulty({
      id: "patch-file-name",
      got: text,
      reason:
        text === ""
          ? "an empty text is read as the name of a file"
          : "without a line break or a space, or with a leading @, it is read as the name of a file",
      fix: text === "" ? "remove it" : EMBED,
    });
  }
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    customTags: numbersOfTalos,
    uniqueKeys: sameKey,
    strict: true,
    logLevel: "silent",
  });
  const documents = "empty" in parsed ? [] : parsed;
  // What follows the first error is mostly its consequence.
  const [error] = documents.flatMap((document) => document.errors);
  const [fault] = error
    ? [{ offset: error.pos[0], reason: `it is no YAML: ${firstLine(error.message)}` }]
    : documents.flatMap((document) => dialectFault(document, text) ?? []);
  if (fault) {
    return faulty({
      id: "patch-syntax",
      line: lines.linePos(fault.offset).line,
      reason: fault.reason,
      fix: "correct the text at this line",
    });
  }

  const values = documents.map(valueOf);
  const endless = documents[values.indexOf(ENDLESS)];
  if (endless) {
    return faulty({
      id: "patch-syntax",
      line: lines.linePos(endless.contents?.range[0] ?? 0).line,
      reason: "its aliases stand for more than is ever read",
      fix: "write out what the aliases stand for",
    });
  }

  const roots = documents.map((document) => document.contents);
  const lists = roots.filter(isSeq);
  if (lists.length > 0) {
    // Of a list of operations only the first document is read.
    const first = documents[0]!;
    const list = isSeq(first.contents) ? (values[0] as unknown[]) : [];
    const operations = list.filter(isObject);
    if (!isMap(first.contents) && operations.length === list.length) {
      return { kind: "json6902", operations };
    }
    return faulty(notADocument(lines.linePos(lists[0]!.range?.[0] ?? 0).line));
  }
  // YAML's null, as in a comment alone, is read as a JSON 6902 patch without operations.
  const isNull = (root: unknown) => root === null || (isScalar(root) && root.value === null);
  if (roots.every(isNull)) return { kind: "json6902", operations: [] };
  const scalar = roots.find((root) => !isMap(root) && !isNull(root));
  if (scalar) return faulty(notADocument(lines.linePos(scalar.range?.[0] ?? 0).line));

  return {
    kind: "strategic",
    documents: documents.flatMap((document, index) =>
      isMap(document.contents)
        ? [
            {
              value: values[index] as Record<string, unknown>,
              lineOf: (path) => lineAt(document, path, lines),
              mergeKeys: mergeKeys(document),
            },
          ]
        : [],
    ),
  };
}

const ENDLESS = Symbol("aliases of aliases");

/** Aliases of aliases can stand for any number of values; the reader gives up at a hundred of each. */
function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) return ENDLESS;
    throw error;
  }
}

function lineAt(
  document: Document.Parsed,
  path: readonly (string | number)[],
  lines: LineCounter,
): number {
  for (let length = path.length; length > 0; length--) {
    const node = keyNode(document.getIn(path.slice(0, length - 1), true), path[length - 1]!);
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return lines.linePos(document.contents?.range[0] ?? 0).line;
}

function keyNode(
  parent: unknown,
  key: string | number,
): { range?: [number, number, number] | null } | undefined {
  if (isMap(parent)) {
    const pair = parent.items.find(
      ({ key: name }) => isScalar(name) && String(name.value) === String(key),
    );
    return isScalar(pair?.key) ? pair.key : undefined;
  }
  if (isSeq(parent)) return parent.items[Number(key)] as { range?: [number, number, number] };
  return undefined;
}

function looksLikeFileName(text: string): boolean {
  return text.startsWith("@") || (!/[\n ]/.test(text) && !/^[[{]/.test(text));
}

function notADocument(line: number): PatchFault {
  return {
    id: "patch-not-a-document",
    line,
    reason: "it is neither an object with keys such as machine nor a list of JSON 6902 operations",
    fix: "write a patch such as machine: {sysctls: {vm.max_map_count: '262144'}}",
  };
}

function faulty(...faults: PatchFault[]): ParsedPatch {
  return { kind: "faulty", faults };
}

// The message goes on with a piece of the text, which may hold a secret.
function firstLine(message: string): string {
  return message
    .split("\n")[0]!
    .replace(/:\s.*$/, "")
    .replace(/ at line .*$/, "");
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
