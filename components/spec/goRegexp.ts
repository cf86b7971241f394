/**
 * Why Go's `regexp` does not compile an expression; undefined where it does. Cilium's agents and
 * Prometheus' operator are written in Go, whose grammar (RE2) takes what JavaScript refuses, and the
 * other way round. Pure.
 *
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function goRegexpFault(text: string): string | undefined {
  try {
    read(text);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

class Fault extends Error {}

/** What a repetition would repeat: nothing, something, or what is repeated already. */
type Before = "nothing" | "something" | "repeated";

const MOST_REPEATS = 1000;
const COUNT = /^\{(\d+)(?:(,)(\d*))?\}/;
const GROUP = /^\(\?(?:P?<\w+>|[imsU]*(?:-[imsU]+)?([:)]))/;
const LOOKS_AROUND = /^\(\?<?[=!]/;

function read(text: string): void {
  let depth = 0;
  let before: Before = "nothing";
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const repetition = /^[*+?]/.exec(rest) ?? COUNT.exec(rest);
    if (repetition) {
      if (before === "nothing") throw new Fault(`nothing stands before ${repetition[0]}`);
      if (before === "repeated") throw new Fault(`${repetition[0]} repeats a repetition`);
      checkCount(repetition);
      at += repetition[0].length;
      if (text[at] === "?") at += 1;
      before = "repeated";
    } else if (rest.startsWith("(")) {
      const { length, opens } = readGroup(rest);
      at += length;
      depth += opens ? 1 : 0;
      before = opens || before === "nothing" ? "nothing" : "something";
    } else if (rest.startsWith(")")) {
      if (depth === 0) throw new Fault("a closing parenthesis has no opening one");
      depth -= 1;
      at += 1;
      before = "something";
    } else if (rest.startsWith("|")) {
      at += 1;
      before = "nothing";
    } else {
      at += atomLength(rest);
      before = "something";
    }
  }
  if (depth > 0) throw new Fault("a parenthesis is not closed");
}

function checkCount([whole, least, comma, most]: RegExpExecArray): void {
  if (least === undefined) return;
  const last = comma === undefined || most === "" ? least : most;
  if (Number(least) > MOST_REPEATS || Number(last) > MOST_REPEATS || Number(least) > Number(last)) {
    throw new Fault(`${whole} counts wrongly: at most ${MOST_REPEATS}, the smaller number first`);
  }
}

/** The beginning of a group, or flags that hold from here on. */
function readGroup(rest: string): { length: number; opens: boolean } {
  if (!rest.startsWith("(?")) return { length: 1, opens: true };
  if (LOOKS_AROUND.test(rest)) throw new Fault("Go does not look around");
  const [whole, end] = GROUP.exec(rest) ?? [];
  if (whole === undefined)
    throw new Fault(`Go knows no group that begins with ${rest.slice(0, 4)}`);
  return { length: whole.length, opens: end !== ")" };
}

/** Length of a character, a class, or a quotation. */
function atomLength(rest: string): number {
  if (rest.startsWith("[")) return classLength(rest);
  if (rest.startsWith("\\Q")) {
    const end = rest.indexOf("\\E");
    return end < 0 ? rest.length : end + 2;
  }
  if (!rest.startsWith("\\")) return 1;
  return /^\\[AbBz]/.exec(rest)?.[0].length ?? setLength(rest) ?? escapeLength(rest);
}

/** Length of `\d`, `\pL` and the like; undefined where it is none. */
function setLength(rest: string): number | undefined {
  if (/^\\[dDsSwW]/.test(rest)) return 2;
  if (!/^\\[pP]/.test(rest)) return undefined;
  const [whole, braced, letter] = /^\\[pP](?:\{\^?(\w+)\}|(\w))/.exec(rest) ?? [];
  const name = braced ?? letter ?? "";
  const isKnown = name === "Any" || [name, `Script=${name}`].some(isUnicode);
  if (!isKnown) throw new Fault(`Unicode has no class ${name || "without a name"}`);
  return whole!.length;
}

function isUnicode(property: string): boolean {
  try {
    return new RegExp(`\\p{${property}}`, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

/** A backslash and what it makes one character of. */
const ESCAPE =
  /^\\(?:[afnrtv]|0[0-7]{0,2}|[1-7][0-7]{1,2}|x[0-9a-fA-F]{2}|x\{0*(?:10)?[0-9a-fA-F]{1,4}\}|x\{0*[0-9a-fA-F]{1,5}\})/;

function escapeLength(rest: string): number {
  const known = ESCAPE.exec(rest);
  if (known) return known[0].length;
  // Whatever is neither letter nor digit means itself.
  if (/^\\[!-/:-@[-`{-~ ]/.test(rest)) return 2;
  throw new Fault(
    rest.length === 1 ? "it ends in a backslash" : `Go knows no ${rest.slice(0, 2)} here`,
  );
}

const POSIX =
  /^\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/;

/** A class in brackets, in which a bracket that comes first means itself. */
function classLength(rest: string): number {
  let at = rest.startsWith("[^") ? 2 : 1;
  const begin = at;
  while (at === begin || rest[at] !== "]") {
    if (at >= rest.length) throw new Fault("a bracket is not closed");
    const inner = rest.slice(at);
    if (inner.startsWith("[:") && inner.includes(":]", 2)) {
      const [named] = POSIX.exec(inner) ?? [];
      if (named === undefined) throw new Fault("a class of characters has no such name");
      at += named.length;
      continue;
    }
    const set = inner.startsWith("\\") ? setLength(inner) : undefined;
    const first = set ?? characterLength(inner);
    at += first;
    if (set !== undefined || !/^-[^\]]/su.test(rest.slice(at))) continue;
    const last = rest.slice(at + 1);
    const length = characterLength(last);
    const [from, to] = [inner.slice(0, first), last.slice(0, length)];
    if (isBackwards(from, to)) throw new Fault(`the range ${from}-${to} runs backwards`);
    at += 1 + length;
  }
  return at + 1;
}

function characterLength(rest: string): number {
  return rest.startsWith("\\")
    ? escapeLength(rest)
    : String.fromCodePoint(rest.codePointAt(0)!).length;
}

/** Of characters that are written as they are. */
function isBackwards(from: string, to: string): boolean {
  return (
    !from.startsWith("\\") && !to.startsWith("\\") && from.codePointAt(0)! > to.codePointAt(0)!
  );
}
