import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { availableParallelism } from "node:os";
import * as path from "node:path";

import { binaryPaths } from "./equipment";
import { onInterrupt } from "./interrupts";
import { Progress } from "./progress";
import { ROOT } from "./stack";

const TESTS = ".test.ts";

/** Tests that take longer than a developer waits; `npm run test:matrix` runs them alone. */
const MATRIX_TESTS = ".matrix.ts";

/**
 * `npm test`: gets the binaries, then runs mocha with what was passed on: files, `--grep …`.
 *
 * @returns mocha's exit code
 */
async function main(args: string[]): Promise<number> {
  const progress = new Progress();
  const { signal } = onInterrupt();
  const binaries = await binaryPaths({ progress, signal });
  const mocha = spawn(
    process.execPath,
    [require.resolve("mocha/bin/mocha.js"), ...mochaArguments(args)],
    {
      cwd: ROOT,
      stdio: "inherit",
      env: { LAB_PROVIDERS: "lab", ...process.env, LAB_BIN: linkFolder(binaries) },
    },
  );
  signal.addEventListener("abort", () => mocha.kill("SIGINT"));
  return new Promise((resolve, reject) => {
    mocha.on("error", reject);
    mocha.on("exit", (code) => resolve(code ?? 1));
  });
}

/** A filter that matches nothing must not look like success. */
function mochaArguments(args: string[]): string[] {
  const matrix = args.includes("--matrix");
  const rest = args.filter((arg) => arg !== "--matrix");
  const files = rest.some((arg) => /\.ts$|^test\//.test(arg));
  const spec = files ? [] : testFiles(matrix ? MATRIX_TESTS : TESTS);
  // Much of a whole run is waiting for clusters; no two files share an address.
  const jobs = rest.length === 0 ? ["--parallel", `--jobs=${availableParallelism()}`] : [];
  return ["--forbid-only", "--fail-zero", ...jobs, ...rest, ...spec];
}

/**
 * All files of that ending. Those that bring clusters up come first, so that no job ends long after the
 * others; then by turns one of `commands`, which computes, and one of `lab`, which waits for machines.
 */
function testFiles(ending: string): string[] {
  const files = readdirSync(path.join(ROOT, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.join("test", file))
    .sort();
  const bringsUp = (file: string) =>
    /requireBinaries/.test(readFileSync(path.join(ROOT, file), "utf8"));
  const others = files.filter((file) => !bringsUp(file));
  const fromBothEnds = others.map((_, index) =>
    others.at(index % 2 ? -(index + 1) / 2 : index / 2)!,
  );
  return [...files.filter(bringsUp), ...fromBothEnds];
}

/** One folder with all binaries, so that a test needs to know one place only. */
function linkFolder(binaries: Record<string, string>): string {
  const folder = path.join(ROOT, ".lab", ".test-binaries");
  mkdirSync(folder, { recursive: true });
  for (const [name, file] of Object.entries(binaries)) {
    rmSync(path.join(folder, name), { force: true });
    symlinkSync(file, path.join(folder, name));
  }
  return folder;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(`error: ${error.message}`);
    process.exit(1);
  },
);
