import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../..");
const SPOKEN = ["components", "commands", "lab/cli", "lab/engine", "lab/binaries"];

/** Shorter pieces say nothing. */
const SHORTEST = 6;

/** The parts of a message, between what a run fills in or puts together, that no source holds. */
export function unknownPieces(message: string): string[] {
  const known = sources();
  return message
    .replace(/^- .*\[([a-z-]+)\]$/gm, "$1")
    .split(/…|\n|[;:] /)
    .map((piece) => plain(piece).trim())
    .filter((piece) => piece.length >= SHORTEST && !known.includes(piece));
}

let text: string | undefined;

/** What the program can say: its sources, and what the fixtures recorded of it. */
function sources(): string {
  text ??= [
    ...SPOKEN.flatMap((folder) => filesIn(path.join(ROOT, folder), ".ts")),
    ...filesIn(path.join(ROOT, "test/fixtures/invalid"), ".txt"),
  ]
    .map((file) => plain(readFileSync(file, "utf8")))
    .join("\n");
  return text;
}

/** Texts that are put together are one, and spaces do not count. */
function plain(source: string): string {
  return source
    .replace(/["'`]\s*\+\s*["'`]/g, "")
    .replace(/\\(["'`])/g, "$1")
    .replace(/\s+/g, " ");
}

function filesIn(folder: string, suffix: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(suffix))
    .map((name) => path.join(folder, name));
}
