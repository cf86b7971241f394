import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A fenced block of a page. */
export interface Block {
  /** Path of the page, from the root. */
  readonly page: string;
  /** Line of the fence, from 1. */
  readonly line: number;
  /** The words behind the fence: the language, then marks of ours. */
  readonly info: readonly string[];
  readonly text: string;
}

/** The pages that a user reads. */
export function pages(root: string): string[] {
  const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  const here = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
  return [...here, ...docs.sort().map((name) => `docs/${name}`), "examples/goldentooth/README.md"];
}

/** The fenced blocks of a page, without the indentation of a list that they stand in. */
export function blocksOf(root: string, page: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; indent: number; line: number; info: string[] } | undefined;
  let text: string[] = [];
  for (const [index, line] of readFileSync(join(root, page), "utf8").split("\n").entries()) {
    const [, indent = "", fence = "", info = ""] = /^( *)(`{3,})(.*)$/.exec(line) ?? [];
    if (open && fence === open.fence && info === "") {
      blocks.push({ page, line: open.line, info: open.info, text: `${text.join("\n")}\n` });
      open = undefined;
    } else if (open) {
      text.push(line.slice(open.indent));
    } else if (fence !== "") {
      const words = info.trim().split(" ").filter(Boolean);
      open = { fence, indent: indent.length, line: index + 1, info: words };
      text = [];
    }
  }
  if (open) throw new Error(`${page}:${open.line}: the block does not end`);
  return blocks;
}

/** What is left of a page without its fenced blocks, line by line. */
export function proseOf(root: string, page: string): string[] {
  const lines = readFileSync(join(root, page), "utf8").split("\n");
  for (const { line, text } of blocksOf(root, page)) {
    lines.fill("", line - 1, line + text.split("\n").length);
  }
  return lines;
}
