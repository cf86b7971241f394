import assert from "node:assert/strict";

import { LineCounter, parseDocument } from "yaml";

import { fileText } from "../../../commands/stackFile/fileText";
import { formatLocated, readStackText } from "../../../commands/stackFile/readStackFile";
import { documentValues } from "../../../commands/stackFile/values";
import { writtenFile } from "../support/environment";
import { MISREADINGS, READINGS, REFUSED } from "./readings";

describe("documentValues (that Pulumi reads the same is another test's, which asks it)", () => {
  const read = (text: string) => {
    const lines = new LineCounter();
    return documentValues(parseDocument(text, { lineCounter: lines }), lines);
  };

  for (const [written, value] of READINGS) {
    it(`reads ${written || "nothing"}`, () => {
      assert.deepEqual(read(`v: ${written}\n`), { values: { v: value }, problems: [] });
    });
  }

  for (const [written, , fix] of MISREADINGS) {
    it(`refuses ${written}, which Pulumi reads otherwise`, () => {
      const { problems } = read(`a: 1\nv: ${written}\n`);
      assert.deepEqual(
        problems.map(({ line }) => line),
        [2],
      );
      assert.match(problems[0]!.fix, fix);
    });
  }

  it("takes the aliases that somebody writes", () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => `k${index}: *x\n`).join("");
    assert.deepEqual(read(`x: &x {a: 1}\n${rows}`).problems, []);
  });
});

describe("a stack file that Pulumi does not read", () => {
  for (const [name, text, says] of REFUSED) {
    it(`${name} is one problem, which says it`, () => {
      const { problems } = readStackText(text);
      assert.equal(problems.length, 1);
      assert.match(formatLocated(problems, "f"), says);
    });
  }

  for (const [name, bytes, line] of [
    ["Latin-1", Buffer.from("a: 1\nb: \xe9\n", "latin1"), 2],
    ["UTF-16", Buffer.from("\ufeffa: 1\n", "utf16le"), 1],
    ["half a surrogate", Buffer.from("a: \xed\xa0\x80\n", "latin1"), 1],
  ] as const) {
    it(`${name} is refused with its line`, () => {
      const problem = fileText(bytes);
      assert.ok(typeof problem === "object");
      assert.equal(problem.line, line);
      assert.match(problem.fix, /UTF-8/);
    });
  }

  it("has no mark of UTF-8 in its text", () => {
    assert.equal(fileText(Buffer.from("\ufeffa: é\n")), "a: é\n");
  });
});

describe("what names and values do to a terminal", () => {
  for (const [name, from, to] of [
    ["a value", "hostname: worker-1", 'hostname: "\\e[31mred"'],
    [
      "a value in the order of Unicode's other direction",
      "hostname: cp-1",
      'hostname: "\\u202ecp"',
    ],
    ["a key", "    protect:", '    "\\e]0;title\\a":'],
  ] as const) {
    it(`is nothing: ${name}`, () => {
      const { problems, spec } = readStackText(writtenFile().replace(from, to));
      const said = formatLocated(problems, "Pulumi.\u001bhome.yaml");
      assert.equal(spec, undefined);
      // oxlint-disable-next-line no-control-regex
      assert.doesNotMatch(said, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      assert.match(said, /\\u\{1b\}home/);
    });
  }
});
