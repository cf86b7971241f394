import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { buildSync } from "esbuild";

const ROOT = path.resolve(__dirname, "..");
const DIST = path.join(ROOT, "dist");
const BUNDLE = path.join(DIST, "library.js");

/** What `exports` of package.json leads to, without extension. */
const ENTRIES = ["components/index", "components/spec/index"];

/**
 * Compiles the library into `dist/`: what `npm pack` takes is JavaScript with declarations, and the
 * Talos API's definitions beside it. `npm pack` runs it.
 *
 * Documentation stands in the declarations, where editors look for it. Declarations that no entry
 * leads to are left out: nobody can import them. The JavaScript is one file, which loads a third
 * faster than three hundred do; its modules still run only when they are first asked for.
 */
function main(): void {
  rmSync(DIST, { recursive: true, force: true });
  const modules = mkdtempSync(path.join(ROOT, "node_modules", ".package-"));
  try {
    compile("--outDir", modules, "--declarationDir", DIST);
    pruneDeclarations();
    bundle(modules);
    ENTRIES.forEach(writeEntry);
  } finally {
    rmSync(modules, { recursive: true });
  }
  cpSync(path.join(ROOT, "talosApi"), DIST, {
    recursive: true,
    filter: (source) => !source.endsWith(".ts"),
  });
}

/** Writes all modules into one file, each as a function that runs once. */
function bundle(modules: string): void {
  const entries = ENTRIES.map((entry) => `exports["${entry}"] = () => require("./${entry}");`);
  buildSync({
    stdin: { contents: entries.join("\n"), resolveDir: modules, sourcefile: "entries.js" },
    absWorkingDir: modules,
    outfile: BUNDLE,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "cjs",
    // Comments, indentation and needless words go. Names stay, and lines stay short: both stand in stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 140,
  });
}

/** Names what an entry exports, which Node cannot see for a program that is an ES module. */
function writeEntry(entry: string): void {
  const file = path.join(DIST, `${entry}.js`);
  const names = Object.keys(createRequire(file)(BUNDLE)[entry]());
  writeFileSync(
    file,
    [
      `const { "${entry}": entry } = require("${path.relative(path.dirname(file), BUNDLE)}");`,
      "module.exports = entry();",
      `0 && (module.exports = { ${names.join(", ")} });`,
      "",
    ].join("\n"),
  );
}

function compile(...options: string[]): void {
  // The native compiler takes a fifth of the time; Pulumi needs the one that is a library.
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
  for (const name of readdirSync(DIST, { recursive: true, encoding: "utf8" })) {
    const file = path.join(DIST, name);
    if (file.endsWith(".d.ts") && !reached.has(file)) rmSync(file);
  }
}

main();
