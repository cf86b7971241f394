import { createHash, randomBytes } from "node:crypto";
import type { PropertyMap } from "../property";
import { annotationOf, isRecord, isUnknown, metadataText, pluck } from "./plain";

const autonamed = "pulumi.com/autonamed";

/** What the engine's project file says about names, where it says something. */
export interface Autonaming {
  mode: "propose" | "enforce" | "disable";
  proposedName: string;
}

/** A name of 8 hexadecimal digits after the prefix: the same for the same seed, random without one. */
export function uniqueName(prefix: string, seed?: Uint8Array): string {
  const digits = seed?.length
    ? createHash("sha512").update(seed).update(prefix).digest("hex")
    : randomBytes(4).toString("hex");
  return prefix + digits.slice(0, 8);
}

export function isAutonamed(object: Record<string, unknown>): boolean {
  return annotationOf(object, autonamed) === "true";
}

/** Whether the object has a name, be it one that is not known yet. */
export function isNamed(object: Record<string, unknown>, properties: PropertyMap): boolean {
  return isUnknown(pluck(properties, "metadata", "name")) || metadataText(object, "name") !== "";
}

/** Whether the API server is to make the name. */
export function isGenerateName(object: Record<string, unknown>, properties: PropertyMap): boolean {
  if (isNamed(object, properties)) return false;
  return (
    isUnknown(pluck(properties, "metadata", "generateName")) ||
    metadataText(object, "generateName") !== ""
  );
}

/**
 * Gives an object without a name one of its own. Changes the object.
 * @throws where the project switched such names off
 */
export function assignName(
  object: Record<string, unknown>,
  properties: PropertyMap,
  logicalName: string,
  seed: Uint8Array | undefined,
  autonaming: Autonaming | undefined,
): void {
  if (isNamed(object, properties) || isGenerateName(object, properties)) return;
  if (autonaming?.mode === "disable") {
    throw new Error("autonaming is disabled, resource requires the .metadata.name field to be set");
  }
  setName(object, autonaming?.proposedName || uniqueName(`${logicalName}-`, seed));
}

/** Keeps the name that an earlier run made. Changes the object. */
export function adoptName(
  object: Record<string, unknown>,
  properties: PropertyMap,
  old: Record<string, unknown>,
): void {
  if (!isNamed(object, properties) && isAutonamed(old)) setName(object, metadataText(old, "name"));
}

function setName(object: Record<string, unknown>, name: string): void {
  if (isUnknown(object.metadata)) return;
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  object.metadata = metadata;
  metadata.name = name;
  if (isUnknown(metadata.annotations)) return;
  metadata.annotations = {
    ...(isRecord(metadata.annotations) ? metadata.annotations : {}),
    [autonamed]: "true",
  };
}
