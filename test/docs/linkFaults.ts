import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { proseOf } from "../../scripts/docs/blocks";

/** Links and pictures of a page that lead to no file or heading of the repository. */
export function linkFaults(root: string, page: string): string[] {
  const text = proseOf(root, page).join("\n");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^https:\/\//.test(target))
    .filter((target) => !leads(root, page, target))
    .map((target) => `${page}: nothing is at ${target}`);
}

function leads(root: string, page: string, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const to = file === "" ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(root, to))) return false;
  return anchor === undefined || anchors(root, to).has(anchor);
}

/** Anchors that a page sets, and those that GitHub makes of headings; the second of a name gets a number. */
export function anchors(root: string, page: string): Set<string> {
  const found = new Set<string>();
  if (!page.endsWith(".md")) return found;
  for (const line of proseOf(root, page)) {
    for (const [, id] of line.matchAll(/<a id="([^"]+)"><\/a>/g)) found.add(id!);
    const [, heading] = /^#+ (.*)$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const slug = slugOf(heading);
    const same = [...found].filter((each) => each.replace(/-\d+$/, "") === slug).length;
    found.add(same === 0 ? slug : `${slug}-${same}`);
  }
  return found;
}

function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
}

/** What a tree of files names that is not there; each line begins with a path and goes on with words. */
export function treeFaults(root: string, tree: string): string[] {
  return pathsOf(tree).filter((file) => !existsSync(path.join(root, file)));
}

/** The paths of a tree, by how far each line is indented; several may share a line. */
export function pathsOf(tree: string): string[] {
  const above: string[] = [];
  return tree.split("\n").flatMap((line) => {
    const [, indent = "", names = ""] =
      /^( *)((?:[\w.-]+\/?)(?:[\w./-]*)(?: {2}[\w.-]+\/)*)/.exec(line) ?? [];
    if (names.trim() === "") return [];
    above.length = indent.length / 2;
    const files = names.split(/ {2}/).map((name) => path.join(...above, name));
    above.push(names.split(/ {2}/).at(-1)!);
    return files;
  });
}

/** Lines of the page that a reader meets first. */
export function firstScreen(root: string): string {
  return readFileSync(path.join(root, "README.md"), "utf8").split("\n").slice(0, 25).join("\n");
}
