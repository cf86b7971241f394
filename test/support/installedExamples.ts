import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { textOf } from "./assertFailed";
import { ExampleStack } from "./exampleStack";
import type { Manifest, PackedLibrary } from "./packedLibrary";
import { installLibrary, packLibrary } from "./packedLibrary";
import type { TestLab } from "./testLab";

const ROOT = path.resolve(__dirname, "..", "..");

/** Folders with a program each, relative to where they are installed. */
export const EXAMPLES = [
  ...["wholeCluster", "ciliumOnly", "secretsAndCluster/secrets", "secretsAndCluster/cluster"],
  ...["twoClusters", "environments", "clusterMesh", "meshAcrossStacks"],
];

/** Copies of the examples beside an installation of the packed library. */
export class InstalledExamples {
  private constructor(
    readonly folder: string,
    readonly library: PackedLibrary,
    readonly manifest: Manifest,
  ) {}

  static async install(): Promise<InstalledExamples> {
    const folder = mkdtempSync(path.join(tmpdir(), "examples-"));
    const library = await packLibrary(folder);
    const manifest = installLibrary(library, folder, ["typescript", "@types/node"]);
    const copy = (from: string, name: string) =>
      cpSync(path.join(ROOT, from, name), path.join(folder, name), { recursive: true });
    for (const name of EXAMPLES) copy("examples", name);
    copy("test/fixtures/programs", "clusterWithoutCNI");
    return new InstalledExamples(folder, library, manifest);
  }

  at(...names: string[]): string {
    return path.join(this.folder, ...names);
  }

  /** Previews a stack of an example and brings it up, in one run as a person does it. */
  async bringUp(
    lab: TestLab,
    program: string,
    stackName: string,
    more?: Record<string, unknown>,
  ): Promise<ExampleStack> {
    const stack = await ExampleStack.open(lab, this.at(program), stackName, more);
    const said = textOf(await stack.run("up", "--skip-preview=false"));
    if (!/\+ \d+ to create/.test(said)) throw new Error(`nothing to create:\n${said}`);
    return stack;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
