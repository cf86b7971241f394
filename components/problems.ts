import { HIDDEN, isSecretEntry, redact } from "./secretForms";

/** One thing that is wrong with what the user gave, and what to do about it. */
export interface Problem {
  /** Which rule found it, in kebab-case. */
  readonly id: string;
  /** Where it stands, as in `nodes[1].ipAddress`; empty for the object as a whole. */
  readonly propertyPath: string;
  /** The value that was found there; absent when the key is missing or holds a secret. */
  readonly got?: unknown;
  /** Why that cannot be, in the user's terms. */
  readonly reason: string;
  /** What to do, with the corrected value where it can be computed. */
  readonly fix: string;
}

const SHOWN_CHARACTERS = 120;
/** What moves a terminal's cursor, breaks or turns a line, or is not seen at all; no tab or line feed. */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * All problems in one message: for each its path and rule, what was got, why not, what to do, where
 * to read more.
 * Whatever looks like a key, a token or a password is left out.
 *
 * @param heading @default a line that counts them
 */
export function formatProblems(problems: readonly Problem[], heading?: string): string {
  const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  const lines = [heading ?? `${count} in the configuration:`, ...problems.map(formatProblem)];
  return visible(lines.join("\n"));
}

function formatProblem({ id, propertyPath, got, reason, fix }: Problem): string {
  const lines = [`- ${propertyPath === "" ? "(top level)" : propertyPath} [${id}]`];
  if (got !== undefined) lines.push(`    got: ${formatValue(got)}`);
  lines.push(`    why: ${redact(reason)}`, `    fix: ${redact(fix)}`, `    see: ${entryOf(id)}`);
  return lines.join("\n");
}

/** Where the documentation has a rule, from the root of the project. Pure. */
export function entryOf(id: string): string {
  return `docs/rules.md#${id}`;
}

/** A value on one line, short, and without secrets. */
export function formatValue(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value, shown) : shownScalar(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function shown(this: unknown, key: string, value: unknown): unknown {
  const isScalar = typeof value === "string" || typeof value === "number";
  if (isScalar && isSecretEntry(this, key)) return HIDDEN;
  if (typeof value === "string") return redact(value);
  return typeof value === "bigint" || typeof value === "symbol" ? String(value) : value;
}

function shownScalar(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(redact(value)) : String(value);
}

/** The text with `\u{1b}` for each character that would do something to a terminal, or is not seen. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (each) => `\\u{${each.codePointAt(0)!.toString(16)}}`);
}
