/** Lines and characters of one code block, beyond which it is cut. */
const BLOCK_LINES = 200;
const BLOCK_CHARACTERS = 8_000;

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
  const shown: string[] = [];
  let characters = 0;
  for (const line of lines) {
    const length = Buffer.byteLength(line) + 1;
    if (shown.length >= BLOCK_LINES || characters + length > BLOCK_CHARACTERS) break;
    shown.push(line);
    characters += length;
  }
  const left = lines.length - shown.length;
  if (left > 0) shown.push(`… ${left} more ${left === 1 ? "line" : "lines"}`);
  const fence = "`".repeat(Math.max(3, longestRun(shown.join("\n"), "`") + 1));
  return [`${fence}${language}`, ...shown, fence].join("\n");
}

/** A part that is folded until somebody opens it. */
export function details(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

/** Text inside a tag, where Markdown is not read. */
export function html(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
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
