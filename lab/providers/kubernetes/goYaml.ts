import { parseDocument, parseAllDocuments, type Document, type Tags } from "yaml";

/** YAML as Go's libraries read it: version 1.1, where `yes` and `on` are true and `0777` is octal. */
const options = {
  version: "1.1",
  merge: true,
  uniqueKeys: true,
  prettyErrors: false,
  // Dates and base-60 numbers stay text in Go.
  customTags: (tags: Tags): Tags =>
    tags.filter(
      (tag) =>
        typeof tag === "string" ||
        (tag.tag !== "tag:yaml.org,2002:timestamp" && !("format" in tag && tag.format === "TIME")),
    ),
} as const;

/**
 * Reads one YAML or JSON document.
 * @throws an error in the words of Go's YAML library
 */
export function parseGoYaml(text: string): unknown {
  return valueOf(parseDocument(text, options), text);
}

/** Reads every document of a stream, empty ones as null. */
export function parseGoYamlStream(text: string): unknown[] {
  const documents = parseAllDocuments(text, options);
  return Array.isArray(documents) ? documents.map((document) => valueOf(document, text)) : [];
}

function valueOf(document: Document, text: string): unknown {
  const [error] = document.errors;
  if (error) {
    const line = text.slice(0, error.pos[0]).split("\n").length;
    throw new Error(
      `yaml: line ${Math.min(line, lastLine(text))}: ${goWords(error.code, error.message)}`,
    );
  }
  return document.toJS({ maxAliasCount: 10_000 }) as unknown;
}

function lastLine(text: string): number {
  return text.replace(/\n+$/, "").split("\n").length;
}

/** The sentence that Go's library has for an error of the yaml package. */
function goWords(code: string, message: string): string {
  if (
    /flow (sequence|collection)|expected .*\]|end with a \]/i.test(message) &&
    /\]/.test(message)
  ) {
    return "did not find expected ',' or ']'";
  }
  if (/\}/.test(message)) return "did not find expected ',' or '}'";
  switch (code) {
    case "TAB_AS_INDENT":
      return "found character that cannot start any token";
    case "MISSING_CHAR":
      return /quote/i.test(message)
        ? "found unexpected end of stream"
        : "did not find expected ',' or ']'";
    case "DUPLICATE_KEY":
      return "mapping key already defined";
    case "BAD_INDENT":
    case "MULTILINE_IMPLICIT_KEY":
    case "BLOCK_AS_IMPLICIT_KEY":
      return "mapping values are not allowed in this context";
    case "BAD_ALIAS":
      return "unknown anchor referenced";
    default:
      return "did not find expected key";
  }
}
