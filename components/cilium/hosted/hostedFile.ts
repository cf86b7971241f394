import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Problem } from "../../problems";

/**
 * Writes what the web server is to have, with the folders above it. A web server goes by the time of a
 * file: it keeps the one of the last change.
 *
 * @param file as the stack configuration names it
 * @returns why it cannot be written
 */
export function writeHosted(file: string, text: string, directory: string): Problem[] {
  const place = path.resolve(directory, file);
  try {
    makeFolder(path.dirname(place));
    if (contentOf(place) !== text) writeFileSync(place, text);
    return [];
  } catch (error) {
    return [unwritable(file, place, error as NodeJS.ErrnoException)];
  }
}

/** Node's own recursive way never ends where a file system refuses with ENOENT, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}

/** Undefined where it is not there yet; where it cannot be written, that says why. */
function contentOf(place: string): string | undefined {
  try {
    return readFileSync(place, "utf8");
  } catch {
    return undefined;
  }
}

/** @param error of the file system, by whose code the cause is known. Pure. */
export function unwritable(
  file: string,
  place: string,
  { code, message }: Pick<NodeJS.ErrnoException, "code" | "message">,
): Problem {
  const [reason, fix] = causeOf(code, file, place) ?? [message, GIVE_ANOTHER];
  return { id: "hosted-file", propertyPath: "cilium.hosted.file", got: file, reason, fix };
}

const GIVE_ANOTHER = "give a file that the program can write";

function causeOf(
  code: string | undefined,
  file: string,
  place: string,
): [reason: string, fix: string] | undefined {
  switch (code) {
    case "EISDIR":
      return [`${place} is a folder`, `name the file in it: ${path.join(file, "cilium.yaml")}`];
    case "ENOTDIR":
      return [
        `${path.dirname(place)} is no folder: it, or what is above it, is a file`,
        GIVE_ANOTHER,
      ];
    case "EACCES":
    case "EPERM":
      return [`whoever runs this may not write ${place}`, `allow that, or ${GIVE_ANOTHER}`];
    case "EROFS":
      return [`the file system of ${place} is read-only`, GIVE_ANOTHER];
    default:
      return undefined;
  }
}
