import { execFile, execFileSync } from "node:child_process";
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { ModuleKind, ScriptTarget, transpileModule } from "typescript";

import { withCacheLock } from "../../lab/binaries/cacheLock";

const ROOT = path.resolve(__dirname, "..", "..");

/** What `npm pack` says of the archive, in part. Sizes are bytes. */
export interface PackedLibrary {
  readonly file: string;
  readonly size: number;
  readonly unpackedSize: number;
  /** Paths inside the package. */
  readonly files: readonly string[];
}

/** What a package says of itself, in part. */
export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Runs `npm pack` as a release would, into `folder`, one at a time: it writes `dist/`. About ten seconds. */
export async function packLibrary(folder: string): Promise<PackedLibrary> {
  const args = ["pack", "--json", "--pack-destination", folder];
  const pack = () => promisify(execFile)("npm", args, { cwd: ROOT });
  const { stdout } = await withCacheLock(
    path.join(ROOT, ".lab", ".packing"),
    pack,
    () => undefined,
  );
  const [packed] = JSON.parse(stdout.slice(stdout.search(/^\[$/m))) as [
    Omit<PackedLibrary, "file" | "files"> & { filename: string; files: { path: string }[] },
  ];
  const files = packed.files.map((each) => each.path);
  return { ...packed, file: path.join(folder, packed.filename), files };
}

/**
 * Installs the archive into `<folder>/node_modules` as npm would, without a registry: beside it is
 * what it names as dependency or peer, linked from here, and nothing else.
 *
 * @param also packages that the importing program brings itself
 */
export function installLibrary(
  { file }: PackedLibrary,
  folder: string,
  also: readonly string[] = [],
): Manifest {
  const library = path.join(folder, "node_modules", "pulumi-talos-cilium");
  mkdirSync(library, { recursive: true });
  execFileSync("tar", ["-xzf", file, "-C", library, "--strip-components", "1"]);
  const manifest = JSON.parse(readFileSync(path.join(library, "package.json"), "utf8")) as Manifest;
  const named = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
  for (const name of new Set([...named, ...also])) {
    const target = path.join(folder, "node_modules", name);
    const source = realpathSync(path.join(ROOT, "node_modules", name));
    mkdirSync(path.dirname(target), { recursive: true });
    if (source.includes("node_modules")) symlinkSync(source, target);
    else compileWorkspace(source, target);
  }
  return manifest;
}

/**
 * A workspace of this repository is TypeScript; what a registry has of that name is compiled. Its types
 * are checked with the repository's, so here each file is only translated, in a moment.
 */
function compileWorkspace(source: string, target: string): void {
  const manifest = JSON.parse(readFileSync(path.join(source, "package.json"), "utf8")) as object;
  const compilerOptions = {
    module: ModuleKind.CommonJS,
    target: ScriptTarget.ES2022,
    useDefineForClassFields: false,
    esModuleInterop: true,
  };
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(path.join(source, file), "utf8");
    const compiled = path.join(target, file.replace(/\.ts$/, ".js"));
    mkdirSync(path.dirname(compiled), { recursive: true });
    writeFileSync(compiled, transpileModule(text, { compilerOptions }).outputText);
  }
  const types = path.relative(target, path.join(source, "index.ts"));
  const compiled = { ...manifest, main: "index.js", types };
  writeFileSync(path.join(target, "package.json"), JSON.stringify(compiled));
}
