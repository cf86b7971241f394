// What `npm run lab` and `npm test` start: makes sure of Node and of the npm packages, then hands over.
// Nothing is imported that a fresh clone does not have.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const ENTRIES = {
  lab: "./cli/main.ts",
  daemon: "./cli/daemon.ts",
  test: "./cli/test.ts",
  matrix: "./cli/test.ts",
  bench: "../bench/main.ts",
};

requireNode([20, 19]);
installPackages();
handOver(process.argv[2] ?? "lab");

function requireNode([major, minor]) {
  const [ours, oursMinor] = process.versions.node.split(".").map(Number);
  if (ours > major || (ours === major && oursMinor >= minor)) return;
  fail(`this needs Node ${major}.${minor} or newer, and ${process.execPath} is ${process.version}`);
}

/** Installs the npm packages where they are missing or not those of the lockfile. */
function installPackages() {
  const wanted = packagesOf("package-lock.json");
  const installed = packagesOf("node_modules/.package-lock.json");
  const differs = ([path, { version, optional, link }]) =>
    path.startsWith("node_modules/") && !optional && !link && installed[path]?.version !== version;
  const missing = Object.entries(wanted).filter(differs).length;
  if (missing === 0) return;
  const started = Date.now();
  console.error(`  installing npm packages (${missing} are missing or of another version)`);
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = spawnSync("npm", args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  if (npm.status !== 0) {
    fail("the npm packages could not be installed: see above, then run `npm ci` yourself");
  }
  console.error(`  installed npm packages, ${Math.round((Date.now() - started) / 1000)} s`);
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages ?? {};
  } catch {
    return {};
  }
}

/** Loads the TypeScript entry into this process: a second one would cost a tenth of a second. */
function handOver(mode) {
  const entry = ENTRIES[mode];
  if (!entry) fail(`there is no "${mode}": there are ${Object.keys(ENTRIES).join(", ")}`);
  const require = createRequire(import.meta.url);
  process.env.TALOS_CILIUM_LAB_COMPILED ??= join(root, ".lab", ".compiled");
  process.argv.splice(1, 2, join(root, "lab", entry), ...(mode === "matrix" ? ["--matrix"] : []));
  const { keepTranspiled } = require("./compileCache.js");
  require("tsx/cjs/api").register();
  keepTranspiled?.();
  require(entry);
}

function fail(sentence) {
  console.error(`error: ${sentence}`);
  process.exit(1);
}
