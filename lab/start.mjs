// What `npm run lab`, `npm test` and the commands start: makes sure of Node and of the npm packages, then hands over.
// Nothing is imported that a fresh clone does not have.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { fail, installPackages, requireNode } = require("../commands/nodePackages.js");
const { loadTypeScript } = require("../commands/typeScript.js");

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const ENTRIES = {
  lab: "./cli/main.ts",
  daemon: "./cli/daemon.ts",
  test: "./cli/test.ts",
  matrix: "./cli/test.ts",
  bench: "../bench/main.ts",
  summarize: "../commands/summarize/main.ts",
};

requireNode([20, 19]);
installPackages(root);
handOver(process.argv[2] ?? "lab");

/** Loads the TypeScript entry into this process: a second one would cost a tenth of a second. */
function handOver(mode) {
  const entry = ENTRIES[mode];
  if (!entry) fail(`there is no "${mode}": there are ${Object.keys(ENTRIES).join(", ")}`);
  // etcd, the API server, Pulumi and Helm run side by side: each on all processors takes a fifth more time of
  // them, and no cluster is up any sooner.
  process.env.GOMAXPROCS ??= "1";
  // Each of them fills its memory as it starts: less garbage collection takes a quarter off the time from the API
  // server to Cilium, for 200 MiB more of a five-node lab.
  process.env.GOGC ??= "400";
  process.argv.splice(1, 2, join(root, "lab", entry), ...(mode === "matrix" ? ["--matrix"] : []));
  loadTypeScript(root);
  require(entry);
}
