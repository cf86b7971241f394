// What `npm run new`, `validate`, `doctor`, `report`, `up`, `connectivity` and `omni` start: makes sure of Node
// and of the npm packages, then hands over. Nothing is imported that a fresh clone does not have.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { fail, installPackages, requireNode } = require("./nodePackages.js");
const { loadTypeScript } = require("./typeScript.js");

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const command = process.argv[2];

requireNode([20, 19]);
// The doctor says what is missing and installs nothing.
if (command !== "doctor") installPackages(root);
process.argv.splice(1, 2, `npm run ${command} --`);
try {
  loadTypeScript(root);
} catch {
  fail("the npm packages are not installed: run `npm ci` here, then this again");
}
require(`./${command}/main.ts`);
