import type { Diagnostic } from "./preview";

/** A rule of the cluster spec that found something. */
export interface FiredRule {
  readonly id: string;
  readonly propertyPath: string;
  /** `warning`, `error` where it refused, or `silenced`. */
  readonly severity: string;
  readonly reason: string;
  readonly fix: string;
}

/** A message with what the rules said taken out. */
export interface OtherMessage {
  readonly severity: string;
  readonly text: string;
}

// As components/problems.ts writes them.
const PROBLEM =
  /^- (.+) \[([a-z0-9-]+)\]\n(?: {4}got: (?:.*)\n)? {4}why: (.*)\n {4}fix: (.*)(?:\n {4}see: .*)?(?:\n|$)/gm;
const HEADING =
  /^(?:error: |warning: )?(?:Preview failed: before hook ".*" failed: )?(?:\d+ problems? in the configuration:|Warnings:?|Silenced by silencedRules: .*)\s*$/gm;
const SILENCED = /^(?:info: )?Silenced by silencedRules: /;

/**
 * Rules that fired, once each, and what else was said: warnings and errors of the engine, of the
 * providers and of the program. Pure.
 */
export function firedRules(diagnostics: readonly Diagnostic[]): {
  rules: FiredRule[];
  others: OtherMessage[];
} {
  const rules = new Map<string, FiredRule>();
  const others = new Map<string, OtherMessage>();
  for (const { message, severity: said } of diagnostics) {
    const severity = SILENCED.test(message) ? "silenced" : said;
    for (const [, propertyPath = "", id = "", reason = "", fix = ""] of message.matchAll(PROBLEM)) {
      rules.set(`${severity} ${id} ${propertyPath}`, { id, propertyPath, severity, reason, fix });
    }
    const rest = message.replace(PROBLEM, "").replace(HEADING, "").trim();
    const isWorthIt = severity === "warning" || severity === "error";
    if (isWorthIt && /\w/.test(rest.replace(/^(error|warning):/, ""))) {
      others.set(`${severity} ${rest}`, { severity, text: rest });
    }
  }
  const bySeverity = (a: { severity: string }, b: { severity: string }) =>
    a.severity.localeCompare(b.severity);
  return {
    rules: [...rules.values()].sort(bySeverity),
    others: [...others.values()].sort(bySeverity),
  };
}
