// Lets a process require TypeScript: plain JavaScript, and what an earlier start made of it where there is some.
"use strict";

const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const { mapTraces } = require("./sourceMaps.js");

/**
 * Registers the loader of TypeScript, and keeps what it and V8 make of the clone's files in `.lab`: that is
 * half of what a short command takes.
 *
 * @param root the clone
 * @param transpiler the package that `register` makes the loader of
 * @throws where the npm packages are not installed
 */
function loadTypeScript(root, transpiler = "tsx", register = registerTsx) {
  process.env.TALOS_CILIUM_COMPILED ??= join(root, ".lab", ".compiled");
  const { keepTranspiled } = require("./compileCache.js");
  const { version } = require(`${transpiler}/package.json`);
  const settings = `${transpiler} ${version} ${readFileSync(join(root, "tsconfig.json"), "utf8")}`;
  // The transpiler alone takes a third of a second, and is needed after a change only.
  if (keepTranspiled) keepTranspiled(settings, register);
  else register();
  mapTraces();
}

function registerTsx() {
  require("tsx/cjs/api").register();
}

module.exports = { loadTypeScript };
