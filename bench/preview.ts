import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { lookForBinary } from "../lab/binaries/ensureBinaries";
import { Engine } from "../lab/engine/engine";
import { timeLab } from "./labCommand";
import { median, type Measurement } from "./report";

const RUNS = 5;

/** A preview of the five-node stack from the shell, against one of an empty program. */
export async function bench(): Promise<Measurement[]> {
  // The first of each fills caches.
  timeLab(["preview"]);
  const previews: number[] = [];
  const baselines: number[] = [];
  const empty = await emptyProgram();
  try {
    await empty.preview();
    for (let run = 0; run < RUNS; run++) {
      previews.push(timeLab(["preview"]));
      baselines.push(await empty.preview());
    }
  } finally {
    empty.remove();
  }
  return [
    {
      what: "preview of 5 nodes, from the shell",
      value: median(previews),
      unit: "s",
      limit: 3,
      baseline: { what: "that of an empty program by the CLI alone", value: median(baselines) },
    },
  ];
}

async function emptyProgram(): Promise<{ preview(): Promise<number>; remove(): void }> {
  const dir = mkdtempSync(path.join(tmpdir(), "empty-program-"));
  const at = (name: string) => path.join(dir, name);
  writeFileSync(at("Pulumi.yaml"), "name: empty\nruntime: nodejs\n");
  writeFileSync(at("Pulumi.dev.yaml"), "config: {}\n");
  writeFileSync(at("package.json"), '{"name":"empty","main":"index.ts"}');
  writeFileSync(at("index.ts"), 'import "@pulumi/pulumi";\n');
  symlinkSync(path.join(__dirname, "../node_modules"), at("node_modules"));
  const cli = lookForBinary("pulumi");
  if (!cli) throw new Error("there is no Pulumi CLI yet: `npm run lab -- preview` gets one");
  const engine = await Engine.open({
    cli,
    projectDirectory: dir,
    stackName: "dev",
    stackFile: at("Pulumi.dev.yaml"),
    dir: at(".lab"),
  });
  return {
    preview: async () => (await engine.run("preview")).seconds,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
