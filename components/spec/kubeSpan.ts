import * as z from "zod/mini";

import { optionalField } from "./field";
import type { ClusterSpec } from "./schema";

/** Talos' own default, for a link of 1500 bytes. */
export const DEFAULT_KUBE_SPAN_MTU = 1420;

export const kubeSpan = optionalField(
  z.strictObject({
    mtu: optionalField(
      z.int().check(z.minimum(1280), z.maximum(65535)),
      `Largest packet inside KubeSpan, in bytes. Left out: ${DEFAULT_KUBE_SPAN_MTU}.`,
    ),
    allowDownPeerBypass: optionalField(
      z.boolean(),
      "Whether machines are reached in clear while KubeSpan does not reach them. Left out: false.",
    ),
  }),
  "KubeSpan, Talos' own mesh of WireGuard between the machines; {} switches it on. Left out: off, unless a patch says otherwise.",
);

/** In a patch: the document, or the setting in the first one. */
const IN_PATCH = /kind:\s*KubeSpanConfig|kubespan:\s*(\{\s*|\n\s*)enabled:\s*true/;

/** KubeSpan of a cluster with its MTU; undefined where it is off. A patch's own MTU is not read. */
export function kubeSpanOf(spec: ClusterSpec): { readonly mtu: number } | undefined {
  if (spec.kubeSpan) return { mtu: spec.kubeSpan.mtu ?? DEFAULT_KUBE_SPAN_MTU };
  const patches = [spec, ...spec.nodes].flatMap(({ configPatches }) => configPatches);
  return patches.some((patch) => IN_PATCH.test(patch)) ? { mtu: DEFAULT_KUBE_SPAN_MTU } : undefined;
}
