import type * as re2js from "re2js";

/**
 * Why Go's `regexp` does not compile an expression; undefined where it does. Cilium's agents and
 * Prometheus' operator are written in Go, whose grammar (RE2) takes what JavaScript refuses, and the
 * other way round. Pure.
 *
 * @returns Go's own words, such as "missing closing ]: `[a`"
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function goRegexpFault(text: string): string | undefined {
  try {
    compile(text);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /, "");
  }
}

/** Whether one that Go compiles is found in a text, and false where it is none. Pure. */
export function goRegexpFinds(expression: string, text: string): boolean {
  return goRegexpFault(expression) === undefined && compile(expression).matcher(text).find();
}

function compile(text: string): re2js.RE2JS {
  // oxlint-disable-next-line typescript/no-require-imports -- Sixty milliseconds, and most stack files have no expression.
  const { RE2JS } = require("re2js") as typeof re2js;
  return RE2JS.compile(text);
}
