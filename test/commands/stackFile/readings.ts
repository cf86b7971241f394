/** What is written in a stack file, and what Pulumi hands over, as `pulumi config --json` shows it. */
export const READINGS: readonly (readonly [written: string, value: unknown])[] = [
  ["0777", 511],
  ["0o777", 511],
  ["-0o17", -15],
  ["089", 89],
  ["1_000", 1000],
  ["1_000.5", 1000.5],
  ["_1", "_1"],
  ["1_", 1],
  ["0b11", 3],
  ["+0b11", 3],
  ["0b2", "0b2"],
  ["0x1F", 31],
  ["-0X1f", -31],
  ["0x0123456789abcdef0123456789abcdef", "0x0123456789abcdef0123456789abcdef"],
  ["1e3", 1000],
  ["1e400", "1e400"],
  ["1.", 1],
  [".5", 0.5],
  ["+1", 1],
  ["-0", 0],
  ["12:30", "12:30"],
  ["1.13", 1.13],
  ["yes", "yes"],
  ["On", "On"],
  ["True", true],
  ["tRUE", "tRUE"],
  ["~", null],
  ["NULL", null],
  ["", null],
  ['"0777"', "0777"],
  ["!!str 0777", "0777"],
  ["2020-01", "2020-01"],
  ["'2020-01-01'", "2020-01-01"],
  ["{1: a, true: b}", { 1: "a", true: "b" }],
  ["{__proto__: 1}", JSON.parse('{"__proto__":1}')],
  ["{<<: {a: 1}, b: 2}", { a: 1, b: 2 }],
  ['{"<<": {a: 1}}', { a: 1 }],
  ["{a: 9, <<: {a: 1, c: 3}}", { a: 9, c: 3 }],
  ["{<<: [{a: 1}, {a: 2, b: 3}], c: 4}", { a: 1, b: 3, c: 4 }],
  ["{b: &x {a: 1}, c: {<<: *x, d: 2}}", { b: { a: 1 }, c: { a: 1, d: 2 } }],
  ["{b: &x 1, c: &x 2, d: *x}", { b: 1, c: 2, d: 2 }],
  ["[<<]", ["<<"]],
];

/** What Pulumi makes another value of, for which reason it is refused. */
export const MISREADINGS: readonly (readonly [written: string, pulumi: unknown, fix: RegExp])[] = [
  ["2020-01-01", "2020-01-01 00:00:00 +0000 UTC", /write "2020-01-01"/],
  ["2020-1-1 10:00:00", "2020-01-01 10:00:00 +0000 UTC", /write "2020-1-1 10:00:00"/],
  ["2020-01-01T01:02:03+01:00", "2020-01-01 01:02:03 +0100 +0100", /write "2020-01-01T01/],
  ["{null: a}", { "<nil>": "a" }, /write "null"/],
  ["{0777: a}", { 511: "a" }, /write "0777"/],
  ["{True: a}", { true: "a" }, /write "True"/],
  ["!!binary aGVsbG8=", "hello", /remove !!binary/],
];

/** What Pulumi refuses with the whole file, anywhere in it. */
export const REFUSED: readonly (readonly [name: string, file: string, says: RegExp])[] = [
  ["a number without end", "config:\n  p:v: [.inf]\n", /write a number/],
  ["a value that contains itself", "x: &a [*a]\n", /\*a stands inside &a/],
  ["an object that contains itself", "x: &a {b: {c: *a}}\n", /\*a stands inside &a/],
  ["an alias of nothing", "x: *a\n", /an anchor that is not there/],
  ["a bomb of aliases", bomb(), /aliases \(\*name\) repeat so much/],
  ["a merge of no object", "x: {<<: 5}\n", /the key << merges objects/],
  ["a merge of a list", "x: &a [1]\ny: {<<: *a}\n", /the key << merges objects/],
  ["two merges", "x: {<<: {a: 1}, <<: {b: 1}}\n", /<< stands twice/],
  ["a number twice, once in quotes", "x: {1: a, '1': b}\n", /stands twice/],
  ["a list as a key", "x: {[a]: b}\n", /a key is a text/],
  ["another version of YAML", "%YAML 1.2\n---\nx: 1\n", /remove the line %YAML/],
  ["a colon first in brackets", "x: [::/0]\n", /write "::\/0"/],
  ["a control character", "x: \u001b[31m\n", /U\+001B/],
  ["a control character in a comment", "x: 1 # \u009b\n", /U\+009B/],
  ["the character NUL", "x: 1\n\0", /U\+0000/],
];

function bomb(): string {
  const row = (name: string) => Array.from({ length: 9 }, () => name).join(", ");
  const lists = [1, 2, 3, 4, 5, 6].map((each) => `a${each}: &a${each} [${row(`*a${each - 1}`)}]\n`);
  return `a0: &a0 [${row("x")}]\n${lists.join("")}`;
}
