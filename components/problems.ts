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
const SECRET_KEY = /(password|passwd|passphrase|token|secret|private[-_]?key|api[-_]?key)$/i;
const SECRET_TEXTS: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  // The same in base64, as Talos writes keys ("-----BEGIN" and its shifts never start otherwise).
  /\bLS0tLS1CRUdJTi[A-Za-z0-9+/=]*/g,
  // Tokens of Talos and of bootstrap: six characters, a dot, sixteen.
  /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g,
];

/**
 * All problems in one message: for each its path and rule, what was got, why not, what to do, where
 * to read more.
 * Whatever looks like a key, a token or a password is left out.
 *
 * @param heading @default a line that counts them
 */
export function formatProblems(problems: readonly Problem[], heading?: string): string {
  const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  return [heading ?? `${count} in the configuration:`, ...problems.map(formatProblem)].join("\n");
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

function shown(key: string, value: unknown): unknown {
  if (SECRET_KEY.test(key) && (typeof value === "string" || typeof value === "number")) {
    return "[secret]";
  }
  if (typeof value === "string") return redact(value);
  return typeof value === "bigint" || typeof value === "symbol" ? String(value) : value;
}

function shownScalar(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(redact(value)) : String(value);
}

/** The text without what looks like a private key or a token. */
export function redact(text: string): string {
  return SECRET_TEXTS.reduce((rest, pattern) => rest.replace(pattern, "[secret]"), text);
}
