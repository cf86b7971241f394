import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { lookForBinary } from "../lab/binaries/ensureBinaries";
import { findStack } from "../lab/cli/stack";
import { Engine } from "../lab/engine/engine";
import { Machinery } from "../lab/machinery";
import { serveKubernetesProvider } from "../lab/providers/kubernetes";
import { serveTalosProvider } from "../lab/providers/talos";
import { timeLab } from "./labCommand";
import { median, type Measurement } from "./report";

const RUNS = 5;

/** A preview of the five-node stack by the CLI and through the lab's command, against an empty program's. */
export async function bench(): Promise<Measurement[]> {
  const [cli, machinery, helm] = (["pulumi", "machinery", "helm"] as const).map((name) =>
    lookForBinary(name),
  );
  if (!cli || !machinery || !helm) {
    throw new Error("binaries are missing: `npm run lab -- preview` gets them");
  }
  const empty = await emptyProgram(cli);
  const five = await fiveNodes(cli, machinery, helm);
  const [baselines, previews, commands]: [number[], number[], number[]] = [[], [], []];
  try {
    // The first of each fills caches.
    for (let run = 0; run <= RUNS; run++) {
      const seconds = [await empty.preview(), await five.preview(), timeLab(["preview"])];
      if (run > 0) [baselines, previews, commands].forEach((all, at) => all.push(seconds[at]!));
    }
  } finally {
    empty.remove();
    await five.stop();
  }
  const baseline = { what: "that of an empty program", value: median(baselines) };
  return [
    {
      what: "preview of 5 nodes by the CLI",
      ...{ value: median(previews), unit: "s", limit: 3, baseline },
    },
    { what: "npm run lab -- preview", value: median(commands), unit: "s", baseline },
  ];
}

/** The stack `dev` under the CLI, with the lab's providers at work in this process. */
async function fiveNodes(
  cli: string,
  machineryPath: string,
  helm: string,
): Promise<{ preview(): Promise<number>; stop(): Promise<void> }> {
  const { name, file, dir, projectDirectory } = findStack("dev");
  const machinery = await Machinery.start(machineryPath);
  const servers = await Promise.all([
    serveTalosProvider({ machinery }),
    serveKubernetesProvider({ helm }),
  ]);
  const [talos, kubernetes] = servers.map(({ port }) => port);
  const engine = await Engine.open({
    ...{ cli, projectDirectory, stackName: name, stackFile: file, dir },
    providers: { talos, kubernetes },
  });
  return {
    preview: async () => (await engine.run("preview")).seconds,
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
      await machinery.stop();
    },
  };
}

async function emptyProgram(cli: string): Promise<{ preview(): Promise<number>; remove(): void }> {
  const dir = mkdtempSync(path.join(tmpdir(), "empty-program-"));
  const at = (name: string) => path.join(dir, name);
  writeFileSync(at("Pulumi.yaml"), "name: empty\nruntime: nodejs\n");
  writeFileSync(at("Pulumi.dev.yaml"), "config: {}\n");
  writeFileSync(at("package.json"), '{"name":"empty","main":"index.ts"}');
  writeFileSync(at("index.ts"), 'import "@pulumi/pulumi";\n');
  symlinkSync(path.join(__dirname, "../node_modules"), at("node_modules"));
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
