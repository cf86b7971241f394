// What of the SDK runs a program or a policy pack.
"use strict";

const { createRequire } = require("node:module");
const path = require("node:path");

/**
 * The SDK's own runner, as the program would resolve it.
 *
 * @param {"run" | "run-policy-pack"} name the folder below `@pulumi/pulumi/cmd`
 * @param {string} directory where the program is
 */
function locateRunner(name, directory) {
  try {
    return createRequire(path.join(directory, "index.js")).resolve(`@pulumi/pulumi/cmd/${name}`);
  } catch {
    throw new Error(
      `@pulumi/pulumi is not installed in ${directory}: run "npm ci" there, then try again`,
    );
  }
}

module.exports = { locateRunner };
