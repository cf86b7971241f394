import { isDeepStrictEqual } from "node:util";

import type { Manifest } from "../cilium/objects";
import { few } from "./staleManifest";

/** An object as the API server has it. */
export interface LiveObject extends Manifest {
  readonly metadata: Manifest["metadata"] & {
    /** Absent of an object that is not there yet. */
    readonly resourceVersion?: string;
    readonly managedFields?: readonly { readonly subresource?: string }[];
  };
}

/** One object of the manifest, and what the cluster says of it. */
export interface ComparedObject {
  /** Kind, namespace and name. */
  readonly name: string;
  /** Undefined where it is not there, or not with the marks that Talos gave it. */
  readonly live: LiveObject | undefined;
  /** What Talos would make of it now, or why that cannot be said. */
  readonly applied: LiveObject | "refused" | "unknown";
}

type Fields = Readonly<Record<string, unknown>>;

/** What Talos writes on what it applies, the controller on its DaemonSets, and Pulumi where it applied them. */
const NOTES = /^(config\.k8s\.io\/owning-inventory$|deprecated\.daemonset\.|pulumi\.com\/)/;
/** Certificates that controllers put into what they register. */
const INJECTED = "caBundle";

/**
 * How objects of the cluster lag behind the manifest in the machine configuration. Pure.
 *
 * @param left names of objects that Talos applied, and that the manifest no longer has
 * @param cure the command that brings all in line
 */
export function staleObjectFaults(
  objects: readonly ComparedObject[],
  left: readonly string[],
  cure: string,
): string[] {
  const missing: string[] = [];
  const changed: string[] = [];
  const fixed: string[] = [];
  for (const { name, live, applied } of objects) {
    if (applied === "unknown") continue;
    if (applied === "refused") (live ? fixed : missing).push(name);
    else if (applied.metadata.resourceVersion === undefined) missing.push(name);
    else {
      const field = live ? difference(live, applied) : "metadata.labels";
      if (field !== undefined) changed.push(`${name} in ${field}`);
    }
  }
  const said = (names: readonly string[], what: string, advice: string) =>
    names.length > 0 ? [`${what} (${names.length}): ${few(names)}; ${advice}`] : [];
  return [
    ...said(
      changed,
      "objects of Cilium are not as the machine configuration has them",
      `Talos changes nothing that is there by itself, so run \`${cure}\``,
    ),
    ...said(
      fixed,
      "objects of Cilium cannot become what the machine configuration has",
      `fields of theirs cannot change, so run \`${cure} --manifests-force\`, which makes them anew`,
    ),
    ...said(
      missing,
      "objects of Cilium are in the machine configuration only",
      `Talos makes each once, so run \`${cure}\``,
    ),
    ...said(
      left,
      "objects of Cilium are no longer in the machine configuration",
      `run \`${cure}\`, without --manifests-no-prune, which deletes them`,
    ),
  ];
}

function difference(live: LiveObject, applied: LiveObject): string | undefined {
  const scaled = isScaled(live);
  return firstDifference(comparable(live, scaled), comparable(applied, scaled));
}

/** What of an object Talos answers for: neither what the API server notes nor what controllers write. */
function comparable(object: LiveObject, isScaled: boolean): Fields {
  const { labels = {}, annotations = {} } = object.metadata;
  const notes = Object.keys(annotations).filter((key) => NOTES.test(key));
  const spec = object["spec"];
  return {
    ...without({ ...object }, "apiVersion", "kind", "status"),
    ...(isScaled && { spec: without(spec as Fields, "replicas") }),
    metadata: { labels, annotations: without(annotations, ...notes) },
  };
}

function without(fields: Fields, ...keys: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}

/** Whether an autoscaler, or somebody with `kubectl scale`, has set the number of its pods. */
function isScaled({ metadata: { managedFields = [] } }: LiveObject): boolean {
  return managedFields.some(({ subresource }) => subresource === "scale");
}

function firstDifference(live: unknown, applied: unknown, path = ""): string | undefined {
  if (isDeepStrictEqual(live, applied)) return undefined;
  if (!isTree(live) || !isTree(applied) || isList(live) !== isList(applied)) return path;
  const keys = Object.keys({ ...live, ...applied }).filter((key) => key !== INJECTED);
  const paths = keys.map((key) => {
    const at = path === "" ? key : `${path}.${key}`;
    return firstDifference(live[key], applied[key], at);
  });
  return paths.find((each) => each !== undefined);
}

function isTree(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function isList(value: Fields): boolean {
  return Array.isArray(value);
}
