import assert from "node:assert/strict";

import { fitBlocks } from "../../../commands/summarize/block";
import {
  code,
  codeBlock,
  html,
  names,
  outputBlock,
  prose,
} from "../../../commands/summarize/markdown";

describe("Markdown (its text; no forge renders it)", () => {
  it("lets nothing end inline code or a code block", () => {
    assert.equal(code("a"), "`a`");
    assert.equal(code("a`b\n``"), "``` a`b `` ```");
    assert.equal(codeBlock("text", ["a", "```", "b"]), "````text\na\n```\nb\n````");
  });

  it("cuts a block that is too long, and says by how much", () => {
    const lines = codeBlock(
      "diff",
      Array.from({ length: 250 }, () => "+ a"),
    ).split("\n");
    assert.equal(lines.length, 203);
    assert.equal(lines.at(-2), "… 50 more lines");
    assert.match(codeBlock("diff", ["x".repeat(7_990), "a", "y".repeat(99)]), /… 1 more line\n/);
  });

  it("keeps the end of an output, where the reason stands, and the middle of no long line", () => {
    const lines = [
      ...Array.from({ length: 300 }, (_, index) => `line ${index}`),
      `error: ${"x".repeat(9_000)} no route`,
    ];
    const block = outputBlock(lines.join("\n"));
    assert.match(block, /^```text\nline 0\n[^]*\n… \d+ more lines …\n[^]*\nline 299\nerror: x/);
    assert.match(block, /x … x+ no route\n```$/);
    assert.ok(Buffer.byteLength(block) < 8_200);
    assert.equal(outputBlock("a\nb"), "```text\na\nb\n```");
  });

  it("takes what a terminal would obey out of an output", () => {
    assert.equal(outputBlock("\x1b[31mred\x1b[0m a\x07b"), "```text\nred a\uFFFDb\n```");
  });

  it("lets nothing end a tag or mention anybody in one", () => {
    assert.equal(html("a\n\n</summary> @b &"), "a &lt;/summary&gt; @\u200bb &amp;");
  });

  it("takes markup, mentions and tags out of prose", () => {
    assert.equal(prose("a <b> *c* @d\n[e](f)"), "a \\<b\\> \\*c\\* @\u200bd \\[e\\]\\(f\\)");
  });

  const rows: [string[], string][] = [
    [[], ""],
    [["a"], "a"],
    [["w-1", "w-2", "w-3", "w-5"], "w-1 … w-3, w-5"],
    [["w-09", "w-10"], "w-09 … w-10"],
    [["t-w-1-apply", "t-w-2-apply"], "t-w-1-apply … t-w-2-apply"],
    [["a", "c", "e"], "a, c, and 1 more"],
  ];
  for (const [all, text] of rows) {
    it(`${JSON.stringify(all)} reads ${text}`, () => assert.equal(names(all, 2), text));
  }
});

describe("fitBlocks", () => {
  const nodes = (machines: number) => ({
    what: "the configuration",
    machines,
    text: "n".repeat(200),
  });

  it("keeps all, in order, where there is room", () => {
    const blocks = [nodes(1), { what: "b", text: "b" }];
    assert.equal(fitBlocks("head", blocks, 2_000, ""), `head\n\n${"n".repeat(200)}\n\nb\n`);
  });

  it("leaves machines out before anything else, and counts them", () => {
    const text = fitBlocks(
      "head",
      [nodes(3), nodes(4), nodes(5), { what: "b", text: "b" }],
      1_050,
      "See.",
    );
    assert.ok(Buffer.byteLength(text) <= 1_050);
    assert.match(text, /n\n\nb\n\n\*\*Left out\*\*.*: the configuration of 5 nodes\. See\.\n$/);
  });

  it("names a section that is left out", () => {
    const text = fitBlocks("head", [{ what: "the rules", text: "b".repeat(5_000) }], 2_000, "");
    assert.match(text, /^head\n\n\*\*Left out\*\*.*: the rules\./);
  });
});
