// Node and the npm packages, looked at before anything of them is imported: plain JavaScript.
"use strict";

const { spawnSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const path = require("node:path");

/** Ends the program with a sentence where Node is older than `[major, minor]`. */
function requireNode([major, minor]) {
  const [ours, oursMinor] = process.versions.node.split(".").map(Number);
  if (ours > major || (ours === major && oursMinor >= minor)) return;
  fail(`this needs Node ${major}.${minor} or newer, and ${process.execPath} is ${process.version}`);
}

/** How many npm packages are missing or of another version than the lockfile says. */
function missingPackages(root) {
  const wanted = packagesOf(path.join(root, "package-lock.json"));
  const installed = packagesOf(path.join(root, "node_modules/.package-lock.json"));
  const differs = ([name, { version, optional, link }]) =>
    name.startsWith("node_modules/") && !optional && !link && installed[name]?.version !== version;
  return Object.entries(wanted).filter(differs).length;
}

/** Installs the npm packages where they are missing or not those of the lockfile. */
function installPackages(root) {
  const missing = missingPackages(root);
  if (missing === 0) return;
  const started = Date.now();
  console.error(`  installing npm packages (${missing} are missing or of another version)`);
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"];
  const npm = spawnSync("npm", args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  if (npm.status !== 0) {
    fail("the npm packages could not be installed: see above, then run `npm ci` yourself");
  }
  console.error(`  installed npm packages, ${Math.round((Date.now() - started) / 1000)} s`);
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
  } catch {
    return {};
  }
}

function fail(sentence) {
  console.error(`error: ${sentence}`);
  process.exit(1);
}

module.exports = { fail, installPackages, missingPackages, requireNode };
