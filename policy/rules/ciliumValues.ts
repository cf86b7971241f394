import { parse } from "yaml";

import { isManifest, patchDocuments } from "./configPatches";
import { isObject, valueAt } from "./propertyTree";
import { isCilium, STASH, TALOS_APPLY } from "./resourceTypes";

/** Values that Cilium's chart gets, and where they stand in the resource. */
export interface CiliumValues {
  readonly path: readonly string[];
  readonly values: unknown;
}

/** ConfigMap of the values, where `installMethod: job` runs Cilium's CLI in a pod. */
const JOB = "cilium-install";

/**
 * The values that a resource brings Cilium in with, by whichever method: the chart, what `cilium install` is
 * run with, or the file of a Job. Where Cilium comes from elsewhere the readiness gate tells of its
 * encryption, and of nothing else.
 */
export function ciliumValues(type: string, props: unknown): readonly CiliumValues[] {
  if (isCilium(type, props)) return [{ path: ["values"], values: valueAt(props, "values") }];
  if (type === STASH) return stashedValues(valueAt(props, "input"));
  if (type !== TALOS_APPLY) return [];
  return patchDocuments(props).flatMap((document) => {
    const { path, content } = document;
    const text = valueAt(content, "data", "values.yaml");
    const isJob = isManifest(document) && valueAt(content, "metadata", "name") === JOB;
    if (!isJob || typeof text !== "string") return [];
    return [{ path: [...path, "data", "values.yaml"], values: parse(text) as unknown }];
  });
}

function stashedValues(input: unknown): CiliumValues[] {
  const values = valueAt(input, "values");
  if (valueAt(input, "cli") !== undefined && isObject(values)) {
    return [{ path: ["input", "values"], values }];
  }
  const encryption = valueAt(input, "encryption");
  const isGate = valueAt(input, "installMethod") !== undefined;
  return isGate && encryption !== undefined ? [{ path: ["input"], values: { encryption } }] : [];
}
