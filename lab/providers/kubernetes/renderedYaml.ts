import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import type { PropertyMap } from "../property";
import { checkpoint } from "./checkpoint";
import { isBuiltIn, isCustomResourceDefinition } from "./kinds";
import { idOf } from "./manifestErrors";
import type { KubernetesObject } from "./objects";
import { metadataText, toObject } from "./plain";

/** Writes an object to a file instead of a cluster, for the provider option `renderYamlToDirectory`. */
export function renderObject(
  directory: string,
  properties: PropertyMap,
  fieldManager: string,
): { id: string; properties: PropertyMap; file: string } {
  const object = toObject(properties);
  const file = fileOf(directory, object);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, stringify(object, { sortMapEntries: true }), { mode: 0o600 });
  const origin = { initialApiVersion: String(object.apiVersion), fieldManager };
  return { id: idOf(object), properties: checkpoint(object, object, properties, origin), file };
}

/** Removes an object's file; one that is not there is removed already. */
export function removeRendered(directory: string, object: KubernetesObject): string {
  const file = fileOf(directory, object);
  rmSync(file, { force: true });
  return file;
}

/** Definitions have a folder of their own, to be applied first. */
function fileOf(directory: string, object: KubernetesObject): string {
  const isDefinition = isBuiltIn(String(object.apiVersion)) && isCustomResourceDefinition(object);
  const apiVersion = String(object.apiVersion).replace(/[/:]/g, "_");
  const namespace = metadataText(object, "namespace") || "default";
  const kind = String(object.kind).toLowerCase();
  const name = `${apiVersion}-${kind}-${namespace}-${metadataText(object, "name")}.yaml`;
  return path.join(directory, isDefinition ? "0-crd" : "1-manifest", name);
}
