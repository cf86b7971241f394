import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { generatedPreview, generatedSpec } from "../test/support/generatedPreview";
import { median, type Measurement } from "./report";

const RUNS = 5;
const NODES = 500;

/** The comment about a preview in which no two of 500 machines change alike, from the shell. */
export async function bench(): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), "summarize-"));
  const file = path.join(dir, "preview.json");
  const before = generatedSpec(NODES);
  const nodes = before.nodes.map((node, index) => ({ ...node, labels: { rack: `r${index}` } }));
  writeFileSync(file, generatedPreview(before, { ...before, nodes, talosVersion: "v1.13.1" }));
  const summarize = () => time("npm", ["run", "--silent", "summarize", "--", file]);
  const parse = () =>
    time(process.execPath, [
      "-e",
      `JSON.parse(require("fs").readFileSync(${JSON.stringify(file)}))`,
    ]);
  try {
    // The first fills caches.
    summarize();
    const figures = Array.from({ length: RUNS }, () => [summarize(), parse()] as const);
    return [
      {
        what: `summary of a preview of ${NODES} nodes`,
        value: median(figures.map(([summary]) => summary)),
        unit: "s",
        limit: 2,
        baseline: {
          what: "Node parsing the same JSON",
          value: median(figures.map(([, parsed]) => parsed)),
        },
      },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function time(command: string, args: string[]): number {
  const started = process.hrtime.bigint();
  const options = { cwd: path.join(__dirname, ".."), maxBuffer: 2 ** 24 };
  const { status, stderr } = spawnSync(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}`);
  return Number(process.hrtime.bigint() - started) / 1e9;
}
