import type { CiliumSpec } from "../../spec";
import type { CiliumObject } from "./ciliumObject";

/** A policy for each entry of `l2Announcements.policies`; the kind never left `v2alpha1`. Pure. */
export function l2AnnouncementsObjects({ l2Announcements }: CiliumSpec): CiliumObject[] {
  return Object.entries(l2Announcements?.policies ?? {}).map(([name, spec]) => ({
    when: "afterReady",
    manifest: {
      apiVersion: "cilium.io/v2alpha1",
      kind: "CiliumL2AnnouncementPolicy",
      metadata: { name },
      spec,
    },
  }));
}
