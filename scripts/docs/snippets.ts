import { basename } from "node:path";

import { blocksOf, pages } from "./blocks";

/** The TypeScript of all pages, each block a file of its own. */
export function snippets(root: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const page of pages(root)) {
    const programs = blocksOf(root, page).filter(({ info }) => info[0] === "ts");
    for (const [index, { text }] of programs.entries()) {
      const name = `${basename(page, ".md").toLowerCase()}-${index + 1}.ts`;
      files.set(`test/docs/snippets/${name}`, text);
    }
  }
  return files;
}
