import { stripVTControlCharacters } from "node:util";

/** Lines and characters of one code block, beyond which it is cut. */
const BLOCK_LINES = 200;
const BLOCK_CHARACTERS = 8_000;
/** Characters of one line of output. */
const LINE_CHARACTERS = 2_000;
/** What a terminal would obey. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Text as inline code that nothing in it can end. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ");
  const fence = "`".repeat(longestRun(line, "`") + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

/** Prose from elsewhere: no markup, link, mention or comment can come of it. */
export function prose(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>()#!|~$]/g, (mark) => `\\${mark}`)
    .replace(/@/g, "@\u200b");
}

/** A code block; what is beyond its size is counted in its last line. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const shown = lines.slice(0, fitting(lines, BLOCK_LINES, BLOCK_CHARACTERS));
  const left = lines.length - shown.length;
  return fenced(language, left > 0 ? [...shown, `… ${more(left)}`] : shown);
}

/**
 * A code block of a program's output, of which the beginning says what ran and the end why it failed:
 * what is too much goes from the middle, of each line and of the whole.
 */
export function outputBlock(output: string): string {
  const lines = stripVTControlCharacters(output)
    .replace(CONTROL, "\uFFFD")
    .split("\n")
    .map((line) =>
      line.length > LINE_CHARACTERS
        ? `${line.slice(0, LINE_CHARACTERS / 2)} … ${line.slice(-LINE_CHARACTERS / 2)}`
        : line,
    );
  const half = [BLOCK_LINES / 2, BLOCK_CHARACTERS / 2] as const;
  const end = fitting([...lines].reverse(), ...half);
  const begin = fitting(lines.slice(0, lines.length - end), ...half);
  const left = lines.length - begin - end;
  const middle = left > 0 ? [`… ${more(left)} …`] : [];
  return fenced("text", [...lines.slice(0, begin), ...middle, ...lines.slice(lines.length - end)]);
}

/** How many of the lines, from the first on, a block of that size holds. */
function fitting(lines: readonly string[], most: number, bytes: number): number {
  let room = bytes;
  const over = lines.findIndex((line, index) => {
    room -= Buffer.byteLength(line) + 1;
    return index >= most || room < 0;
  });
  return over < 0 ? lines.length : over;
}

function more(lines: number): string {
  return `${lines} more ${lines === 1 ? "line" : "lines"}`;
}

function fenced(language: string, lines: readonly string[]): string {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n"), "`") + 1));
  return [`${fence}${language}`, ...lines, fence].join("\n");
}

/** A part that is folded until somebody opens it. */
export function details(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

/** Text inside a tag, where Markdown is not read; an empty line would end that, and mentions work there too. */
export function html(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/@/g, "@\u200b");
}

/** `1 node`, `2 nodes`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** Names in a row, consecutive ones as a range, and no more than some of them. */
export function names(all: readonly string[], most = 12): string {
  const ranges: { first: string; last: string; length: number }[] = [];
  for (const name of all) {
    const range = ranges.at(-1);
    if (range && successor(range.last) === name) {
      range.last = name;
      range.length++;
    } else ranges.push({ first: name, last: name, length: 1 });
  }
  const shown = ranges.slice(0, most);
  const left = ranges.slice(most).reduce((sum, { length }) => sum + length, 0);
  return [
    ...shown.map(({ first, last }) => (first === last ? first : `${first} … ${last}`)),
    ...(left > 0 ? [`and ${left} more`] : []),
  ].join(", ");
}

function successor(name: string): string | undefined {
  const match = /^(.*?)(\d{1,9})(\D*)$/.exec(name);
  if (!match) return undefined;
  const [, before = "", digits = "", behind = ""] = match;
  return `${before}${String(Number(digits) + 1).padStart(digits.length, "0")}${behind}`;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
