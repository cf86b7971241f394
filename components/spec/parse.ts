import type { Problem } from "../problems";
import { deepFreeze } from "./deepFreeze";
import type { ClusterSpec } from "./schema";
import { parseShape } from "./shape";

/** What surrounds the cluster in the stack configuration. */
export interface ParseContext {
  /** Full names of the stack configuration's keys, such as `talos-cilium:cluster`. */
  readonly configKeys?: readonly string[];
  /** Those of them that hold a secret. */
  readonly secretKeys?: readonly string[];
  /** Namespace of the project's own keys. @default "talos-cilium" */
  readonly projectName?: string;
}

export type ParsedClusterSpec =
  | { readonly spec: ClusterSpec; readonly problems: []; readonly warnings: Problem[] }
  | { readonly spec: undefined; readonly problems: Problem[]; readonly warnings: Problem[] };

/**
 * Validates a cluster as it stands in the stack configuration.
 *
 * @param raw what the configuration holds; undefined when it holds nothing
 * @returns the spec, deep-frozen and with every default filled in, or **all** problems; warnings in
 *   either case. It throws nothing.
 */
export function parseClusterSpec(raw: unknown, _context: ParseContext = {}): ParsedClusterSpec {
  const shape = parseShape(raw);
  if (shape.problems.length > 0 || !shape.spec) {
    return { spec: undefined, problems: shape.problems, warnings: [] };
  }
  return { spec: deepFreeze(shape.spec), problems: [], warnings: [] };
}
