import { type Document, type LineCounter, type YAMLError, isCollection, visit } from "yaml";

import type { LocatedProblem } from "./readStackFile";

interface Mistake {
  /** The line itself shows it, whatever the parser says, which may stumble only at the next one. */
  readonly looks?: RegExp;
  /** Else what the parser said of the line shows it. */
  readonly is?: (error: YAMLError, line: string) => boolean;
  readonly reason: string;
  readonly fix: string;
}

/** What people get wrong, the surest signs first: the parser's own words are about its grammar. */
const MISTAKES: readonly Mistake[] = [
  {
    looks: /^ *\u00a0|: *\u00a0/,
    reason: "it holds a no-break space, which looks like a space and is none to YAML",
    fix: "replace it by an ordinary space; it comes with text that is copied from a page",
  },
  {
    looks: /^ *(- *)?\t/,
    reason: "it is indented by a tab, and YAML takes spaces only",
    fix: "replace the tab by spaces, two for each level",
  },
  {
    looks: /^(<{7}|={7}|>{7})/,
    reason: "it is the mark of a merge conflict",
    fix: "decide which of the two sides holds, and remove the marks",
  },
  {
    is: ({ message }) => /closing ['"]/.test(message),
    reason: "its quote is not closed",
    fix: "close the quote at the end of the value",
  },
  {
    is: ({ code, message }) => code === "BAD_INDENT" && /^Flow/.test(message),
    reason: "what stands in brackets is indented less than the key that they belong to",
    fix: "indent it, and the closing bracket, by two spaces more than the key",
  },
  {
    is: ({ message }) => /^Comments must be separated/.test(message),
    reason: "a comment begins with a space and #",
    fix: "put a space before #, or quotes around the whole value",
  },
  {
    is: ({ message }) => /Flow (sequence|map)/.test(message),
    reason: "the bracket that is opened here or above is not closed",
    fix: "close it by ] or }",
  },
  {
    looks: /^\s*-[^\s-]/,
    reason: "an element of a list begins with a dash and a space",
    fix: "put a space behind the dash",
  },
  {
    looks: /^\s*(- )?[\w-]+:[^\s/:][^:]*$/,
    reason: "a key is followed by a colon and a space",
    fix: "put a space behind the colon",
  },
  {
    looks: /^\s*(- )?[\w-]+\s*=/,
    reason: "a key is followed by a colon, not by =",
    fix: "write key: value",
  },
  {
    is: ({ code }, line) => code === "BLOCK_AS_IMPLICIT_KEY" && /: .*: /.test(line),
    reason: "a second colon with a space makes it two keys in one line",
    fix: "put the whole value in quotes",
  },
  {
    is: ({ code }) => code === "BAD_SCALAR_START" || code === "BAD_ALIAS",
    reason: "its value begins with a character that means something else in YAML",
    fix: "put the value in quotes",
  },
  {
    is: ({ code }) => code === "MULTIPLE_DOCS",
    reason: "a second document begins here, and a stack file has one",
    fix: "remove the line ---",
  },
  {
    is: ({ code }, line) => code === "BLOCK_AS_IMPLICIT_KEY" && /^\s*- /.test(line),
    reason: "its dash is not below the dashes of its list",
    fix: "indent it, and what belongs to it, like the other elements",
  },
  {
    is: ({ code }) => code === "BLOCK_AS_IMPLICIT_KEY",
    reason: "the line after it is indented deeper, although this one has a value already",
    fix: "indent the next line like this one",
  },
  {
    is: ({ code, message }) => code === "BAD_INDENT" || /without - indicator/.test(message),
    reason: "its indentation is neither that of its neighbours nor of a line above",
    fix: "indent it like its neighbours, two spaces for each level",
  },
];

/**
 * What keeps a text from being YAML; empty when it is YAML. Pure. Only the first is named, and every
 * key that stands twice: what the parser says after it has stumbled is seldom about the file.
 */
export function syntaxProblems(
  document: Document,
  text: string,
  lines: LineCounter,
): LocatedProblem[] {
  const unreadable = unreadableCharacters(text);
  if (unreadable.length > 0) return unreadable;
  const isDuplicate = ({ code }: YAMLError) => code === "DUPLICATE_KEY";
  const duplicates = document.errors.filter(isDuplicate).map(({ pos: [at] }) => {
    // Behind a key without a value the parser points at the end of that line.
    const [, before = "", key = ""] = /^((?:\s|#[^\n]*\n)*)([^:\n]*)/.exec(text.slice(at))!;
    return problem(
      lines.linePos(at + before.length).line,
      `the key ${key.trim()} stands twice in the same object`,
      `keep one ${key.trim()} and remove the other`,
    );
  });
  const first = document.errors.find((error) => !isDuplicate(error));
  if (first) return [stumble(first, text, lines), ...duplicates];
  return duplicates.length > 0 ? duplicates : onlyYaml12(document, lines);
}

/** What the parser takes, and Pulumi's does not. */
function onlyYaml12(document: Document, lines: LineCounter): LocatedProblem[] {
  const found: LocatedProblem[] = [];
  if (document.directives?.yaml.explicit) {
    found.push(problem(1, "Pulumi reads no version of YAML but 1.1", "remove the line %YAML"));
  }
  visit(document, {
    Scalar(_key, { type, source = "", range }, ancestors) {
      const isInBrackets = ancestors.some((each) => isCollection(each) && each.flow);
      if (type !== "PLAIN" || !source.startsWith(":") || !isInBrackets) return;
      const { line } = lines.linePos(range?.[0] ?? 0);
      const reason = "Pulumi reads no value in brackets that begins with a colon";
      found.push(problem(line, reason, `write "${source}"`));
    },
  });
  return found;
}

/** What Pulumi reads and YAML 1.2 does too, without the marks that only one of them breaks the line at. */
const READABLE = /^[\t\r -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

function unreadableCharacters(text: string): LocatedProblem[] {
  const lines = text.split("\n");
  const index = lines.findIndex((line) => !READABLE.test(line));
  if (index < 0) return [];
  const at = [...lines[index]!].find((character) => !READABLE.test(character))!;
  const code = at.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  const reason = `it holds the control character U+${code}, which is not seen`;
  return [problem(index + 1, reason, "delete it, and type the line anew if it is not found")];
}

function stumble(error: YAMLError, text: string, lines: LineCounter): LocatedProblem {
  const all = text.split("\n");
  const isContent = (index: number) => /^\s*[^\s#]/.test(all[index] ?? "");
  let here = Math.min(lines.linePos(error.pos[0]).line, all.length) - 1;
  // What is indented wrongly may begin with a comment.
  while (here < all.length - 1 && !isContent(here)) here++;
  let above = here - 1;
  while (above > 0 && !isContent(above)) above--;
  // The parser looks for the other quote as far as the end of the file.
  const quote = /closing (['"])/.exec(error.message)?.[1];
  const opening = new RegExp(`[:-] ${quote}[^${quote}]*$`);
  if (quote)
    here = Math.max(
      0,
      all.findIndex((line) => opening.test(line)),
    );

  const looking = (index: number) => MISTAKES.find(({ looks }) => looks?.test(all[index] ?? ""));
  const atLine = looking(here) ?? MISTAKES.find(({ is }) => is?.(error, all[here] ?? ""));
  const before = looking(here) ? undefined : looking(above);
  const known = before ?? atLine;
  return problem(
    (before ? above : here) + 1,
    known?.reason ?? `it is no YAML: ${error.message}`,
    known?.fix ?? "write key: value, indented by two spaces for each level",
  );
}

function problem(line: number, reason: string, fix: string): LocatedProblem {
  return { id: "yaml-syntax", propertyPath: "", reason, fix, line };
}
