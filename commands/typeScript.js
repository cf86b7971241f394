// Lets a process require TypeScript: plain JavaScript, and what an earlier start made of it where there is some.
"use strict";

const { readFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * Registers the loader of TypeScript, and keeps what it and V8 make of the clone's files in `.lab`: that is
 * half of what a short command takes.
 *
 * @param root the clone
 * @throws where the npm packages are not installed
 */
function loadTypeScript(root) {
  process.env.TALOS_CILIUM_COMPILED ??= join(root, ".lab", ".compiled");
  const { keepTranspiled } = require("./compileCache.js");
  const { version } = require("tsx/package.json");
  const register = () => require("tsx/cjs/api").register();
  // The transpiler alone takes a third of a second, and is needed after a change only.
  if (keepTranspiled)
    keepTranspiled(version + readFileSync(join(root, "tsconfig.json"), "utf8"), register);
  else register();
}

module.exports = { loadTypeScript };
