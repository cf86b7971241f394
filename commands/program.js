// What Node loads before the program (`nodeargs` in Pulumi.yaml): the way to its TypeScript. The SDK's own
// way, ts-node, loads the TypeScript compiler at every start.
"use strict";

const { dirname } = require("node:path");

require("./lazyPackages.js");
const { registerTranspiler } = require("./transpiler.js");
const { loadTypeScript } = require("./typeScript.js");

const root = dirname(__dirname);
loadTypeScript(root, "esbuild", () => registerTranspiler(root));
