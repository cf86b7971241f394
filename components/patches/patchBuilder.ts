import type { ClusterSpec, NodeSpec } from "../spec";

/** A strategic merge patch of Talos' machine configuration: one document. */
export type PatchDocument = Readonly<Record<string, unknown>>;

/**
 * One topic of a machine's configuration. Undefined where the spec says nothing about it, so that
 * what Talos generates stays.
 */
export type PatchBuilder = (spec: ClusterSpec, node: NodeSpec) => PatchDocument | undefined;
