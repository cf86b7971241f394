// Makes JavaScript of the program's TypeScript: all files in one call of esbuild, the first time that one of
// them is not known from an earlier start.
"use strict";

const Module = require("node:module");
const { readdirSync } = require("node:fs");
const { dirname, join } = require("node:path");

/** Folders of the clone whose files a program loads. */
const FOLDERS = ["components", "sdks/talos", "talosApi"];

/**
 * Registers the loader of TypeScript.
 *
 * @param root the clone
 */
function registerTranspiler(root) {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
      .map((file) => join(root, folder, file)),
  );
  const known = transpile(root, [join(root, "index.ts"), ...files]);
  Module._extensions[".ts"] = (module, filename) => {
    const code = known.get(filename) ?? transpile(dirname(filename), [filename]).get(filename);
    module._compile(code, filename);
  };
}

/** Code by file, all of them below `root`, each with its source map. @throws with the syntax errors of all files */
function transpile(root, files) {
  const { outputFiles } = require("esbuild").buildSync({
    ...{ entryPoints: files, outdir: root, outbase: root, write: false },
    ...{ platform: "node", format: "cjs", target: "node20" },
    ...{ sourcemap: "inline", sourcesContent: false },
    // The exception says it all once more.
    logLevel: "silent",
    // Into `require`: Node would look for the file of an import by the rules of ES modules.
    supported: { "dynamic-import": false },
  });
  return new Map(outputFiles.map(({ path, text }) => [path.replace(/\.js$/, ".ts"), text]));
}

module.exports = { registerTranspiler };
