import { mkdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { configurationPage } from "./docs/configurationPage";
import { rulesPage } from "./docs/rulesPage";
import { snippets } from "./docs/snippets";
import { formatted } from "./formatted";

const ROOT = resolve(__dirname, "..");

/**
 * Everything that is made of the code for the documentation, by path: the reference pages, and the
 * TypeScript of all pages as files that `npm run check` compiles.
 */
export async function generatedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const page = async (name: string, text: string) => files.set(name, await formatted(name, text));
  await page("docs/configuration.md", configurationPage());
  await page("docs/rules.md", rulesPage());
  for (const [name, text] of snippets(ROOT)) files.set(name, text);
  return files;
}

/** Those that are not what the code makes now. */
export function staleFiles(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([name, text]) => {
    const file = resolve(ROOT, name);
    return existsSync(file) && readFileSync(file, "utf8") === text ? [] : [name];
  });
}

/** `npx tsx scripts/writeDocs.ts` writes what is stale. */
async function main(): Promise<void> {
  const files = await generatedFiles();
  for (const name of staleFiles(files)) {
    mkdirSync(dirname(resolve(ROOT, name)), { recursive: true });
    writeFileSync(resolve(ROOT, name), files.get(name)!);
    console.log(`wrote ${name}`);
  }
}

if (require.main === module) void main();
