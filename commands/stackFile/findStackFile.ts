import { existsSync, readdirSync, statSync } from "node:fs";
import * as path from "node:path";

/** A stack's file and the project that it belongs to. */
export interface StackFile {
  readonly name: string;
  /** `Pulumi.<name>.yaml`, absolute. */
  readonly file: string;
  /** The folder with Pulumi.yaml, absolute. */
  readonly projectDirectory: string;
}

/** A stack's name may have dots. */
const FILE_NAME = /^Pulumi\.(.+)\.yaml$/;

/**
 * Finds a stack file by the stack's name, or by the path of the file or of the folder that holds it.
 *
 * @param root the folder of the program; its stacks and those under `examples/` have names
 * @param from where relative paths begin besides the root @default the root
 * @throws Error that names the stacks there are
 */
export function findStackFile(wanted: string, root: string, from = root): StackFile {
  const known = stackFiles(root);
  const places = [...new Set([root, from])].map((folder) => path.resolve(folder, wanted));
  const found =
    known.find(({ name }) => name === wanted) ??
    known.find(({ file }) => places.some((place) => place === file)) ??
    known.find(({ file }) => places.some((place) => place === path.dirname(file)));
  if (found) return found;
  const elsewhere = places.find((place) => FILE_NAME.test(path.basename(place)) && isFile(place));
  if (elsewhere) return stackFileOf(elsewhere, root);
  const names = known.map(({ name }) => name).join(", ");
  throw new Error(`there is no stack "${wanted}": there are ${names || "none"}`);
}

/**
 * The stack files of the root and of each folder of `examples/`, without packages of their own: those
 * import the packed library.
 */
export function stackFiles(root: string): StackFile[] {
  const examples = path.join(root, "examples");
  const folders = existsSync(examples)
    ? readdirSync(examples, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => path.join(examples, entry.name))
        .filter((folder) => !existsSync(path.join(folder, "package.json")))
    : [];
  return [root, ...folders].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => FILE_NAME.test(file))
      .map((file) => stackFileOf(path.join(folder, file), root)),
  );
}

/** A stack file beside a Pulumi.yaml is that project's; any other one runs the root's program. */
function stackFileOf(file: string, root: string): StackFile {
  const folder = path.dirname(file);
  return {
    name: FILE_NAME.exec(path.basename(file))![1]!,
    file,
    projectDirectory: existsSync(path.join(folder, "Pulumi.yaml")) ? folder : root,
  };
}

function isFile(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isFile() ?? false;
}
