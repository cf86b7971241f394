import type { ClusterSpec, NodeSpec } from "../spec";
import { contractAtLeast } from "./configContract";
import type { PatchBuilder } from "./patchBuilder";

/** Image Factory's id of the schematic without extensions and arguments. */
export const EMPTY_SCHEMATIC_ID =
  "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d757a345";

/** Where Talos is installed to, and which. */
export const installPatch: PatchBuilder = (spec, node) => ({
  machine: {
    install: {
      ...(node.installDisk !== undefined && { disk: node.installDisk }),
      ...(node.diskSelector !== undefined && { diskSelector: node.diskSelector }),
      image: installerImage(spec, node),
    },
  },
});

/**
 * The image that installs this machine: the one given, else that of its schematic, else the plain
 * one of `talosVersion`. Without it the provider's own version of Talos would be installed.
 */
export function installerImage(
  spec: Pick<ClusterSpec, "talosVersion">,
  node: Pick<NodeSpec, "installerImage" | "schematicId">,
): string {
  const { talosVersion } = spec;
  if (node.installerImage !== undefined) return node.installerImage;
  // From 1.14 on Image Factory is the only publisher.
  if (node.schematicId === undefined && !contractAtLeast(talosVersion, 14)) {
    return `ghcr.io/siderolabs/installer:${talosVersion}`;
  }
  // Installers are one for each platform since 1.10.
  const name = contractAtLeast(talosVersion, 10) ? "metal-installer" : "installer";
  return `factory.talos.dev/${name}/${node.schematicId ?? EMPTY_SCHEMATIC_ID}:${talosVersion}`;
}
