import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(__dirname, "..");
const DIST = path.join(ROOT, "dist");

/** What `exports` of package.json leads to, without extension. */
const ENTRIES = ["components/index", "components/spec/index"];

/**
 * Compiles the library into `dist/`: what `npm pack` takes is JavaScript with declarations, and the
 * Talos API's definitions beside it. `npm pack` runs it.
 *
 * Documentation stands in the declarations, where editors look for it. Declarations that no entry
 * leads to are left out: nobody can import them.
 */
function main(): void {
  rmSync(DIST, { recursive: true, force: true });
  compile("--declaration", "--emitDeclarationOnly");
  compile("--declaration", "false", "--removeComments");
  pruneDeclarations();
  cpSync(path.join(ROOT, "talosApi"), path.join(DIST, "talosApi"), {
    recursive: true,
    filter: (source) => !source.endsWith(".ts"),
  });
  for (const file of filesOf(".json")) {
    writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, "utf8"))));
  }
}

function compile(...options: string[]): void {
  // The native compiler takes a fifth of the time; eslint and Pulumi need the one that is a library.
  const tsc = path.join(ROOT, "node_modules", "typescript7", "bin", "tsc");
  execFileSync(process.execPath, [tsc, "--project", "tsconfig.package.json", ...options], {
    cwd: ROOT,
    stdio: "inherit",
  });
}

function pruneDeclarations(): void {
  const reached = new Set<string>();
  const follow = (file: string): void => {
    if (reached.has(file) || !existsSync(file)) return;
    reached.add(file);
    const imports = readFileSync(file, "utf8").matchAll(/(?:from |import\()"(\.[^"]+)"/g);
    for (const [, to] of imports) {
      const target = path.resolve(path.dirname(file), to!);
      follow(`${target}.d.ts`);
      follow(path.join(target, "index.d.ts"));
    }
  };
  for (const entry of ENTRIES) follow(path.join(DIST, `${entry}.d.ts`));
  for (const file of filesOf(".d.ts")) if (!reached.has(file)) rmSync(file);
}

/** All files below `dist/` of that ending, by their absolute path. */
function filesOf(ending: string): string[] {
  return readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.join(DIST, file));
}

main();
