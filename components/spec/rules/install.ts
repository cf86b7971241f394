import { userPatchesFor } from "../configPatches/userPatches";
import { scalarFault } from "../configPatches/scalars";
import { namesInstallDisk } from "../configPatches/namesInstallDisk";
import type { ClusterSpec } from "../schema";
import { parseVersion } from "../versions";
import type { Finding, Rule } from "./rule";

/** What Talos is installed from, and where to. */
export const installRules: readonly Rule[] = [
  { id: "install-disk-twice", check: installDiskTwice },
  { id: "install-disk-path", check: installDiskPath },
  { id: "no-install-disk", check: noInstallDisk },
  { id: "disk-selector-size", check: diskSelectorSize },
  { id: "installer-twice", check: installerTwice },
  { id: "schematic-id", check: schematicId },
  { id: "installer-image", check: installerImage },
  { id: "installer-image-version", warns: true, check: installerImageVersion },
];

function* installDiskTwice({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, { installDisk, diskSelector }] of nodes.entries()) {
    if (installDisk === undefined || diskSelector === undefined) continue;
    yield {
      propertyPath: `nodes[${index}].diskSelector`,
      got: { installDisk, diskSelector },
      reason: "a disk is named by installDisk or picked by diskSelector, not both",
      fix: "remove one of them",
    };
  }
}

function* installDiskPath({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, { installDisk = "" }] of nodes.entries()) {
    const name = installDisk.trim();
    if (name === "" || name.startsWith("/")) continue;
    yield {
      propertyPath: `nodes[${index}].installDisk`,
      got: installDisk,
      reason: "machines open it as a path, and find no disk there",
      fix: `write /dev/${name}, or a name of the disk under /dev/disk/by-id`,
    };
  }
}

function* noInstallDisk(spec: ClusterSpec): Iterable<Finding> {
  for (const [index, node] of spec.nodes.entries()) {
    const named = node.installDisk !== undefined && node.installDisk.trim() !== "";
    const picked = node.diskSelector !== undefined && Object.keys(node.diskSelector).length > 0;
    if (named || picked) continue;
    // A patch that is kept secret cannot be looked into.
    if (node.configPatchesFrom.length > 0 || spec.configPatchesFrom.length > 0) continue;
    if (userPatchesFor(spec, node).some(({ text }) => namesInstallDisk(text))) continue;
    yield {
      propertyPath: `nodes[${index}]`,
      got: {
        hostname: node.hostname,
        installDisk: node.installDisk,
        diskSelector: node.diskSelector,
      },
      reason:
        "nothing says which disk Talos is installed to, and it would be /dev/sda whatever that is",
      fix: "add installDisk, for example /dev/sda, or diskSelector",
    };
  }
}

function* diskSelectorSize({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, { diskSelector }] of nodes.entries()) {
    const got = diskSelector?.size;
    if (got === undefined || !scalarFault(got, SIZE)) continue;
    yield {
      propertyPath: `nodes[${index}].diskSelector.size`,
      got,
      reason: "machines refuse it: it is no size, with or without >=, <=, >, < or == before it",
      fix: `write ${respelt(got) ?? "for example >= 100GB"}`,
    };
  }
}

/** What Talos calls a size with a comparison. */
const SIZE = "v1alpha1.InstallDiskSizeMatcher";
const COMPARISONS: Readonly<Record<string, string>> = { "=": "==", "=>": ">=", "=<": "<=" };

/** A size in Talos' spelling, where it is clear which is meant. */
function respelt(text: string): string | undefined {
  const [, comparison = "", number, unit = ""] =
    /^\s*([<>=]{0,2})\s*(\d[\d.,]*)\s*([kmgtpe](?:i(?=b))?)?/i.exec(text) ?? [];
  const bytes = unit.replace(/^./, (letter) => letter.toUpperCase());
  const size = `${COMPARISONS[comparison] ?? comparison} ${number}${bytes}B`.trim();
  return number === undefined || scalarFault(size, SIZE) ? undefined : size;
}

function* installerTwice({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, node] of nodes.entries()) {
    if (node.installerImage === undefined || node.schematicId === undefined) continue;
    yield {
      propertyPath: `nodes[${index}].schematicId`,
      got: { installerImage: node.installerImage, schematicId: node.schematicId },
      reason: "both say which image is installed",
      fix: "remove one of them; schematicId follows talosVersion",
    };
  }
}

function* schematicId({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, { schematicId: got }] of nodes.entries()) {
    if (got === undefined || /^[0-9a-f]{64}$/.test(got)) continue;
    yield {
      propertyPath: `nodes[${index}].schematicId`,
      got,
      reason: "Image Factory's ids have 64 characters of 0-9 and a-f",
      fix: "copy the id from factory.talos.dev, without image name and version",
    };
  }
}

function* installerImage({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, { installerImage: got }] of nodes.entries()) {
    if (
      got === undefined ||
      /^[^\s:@]+(:\d+)?(\/[^\s:@]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/.test(got)
    ) {
      continue;
    }
    yield {
      propertyPath: `nodes[${index}].installerImage`,
      got,
      reason: "it is no reference of a container image",
      fix: "write for example ghcr.io/siderolabs/installer:v1.13.0",
    };
  }
}

function* installerImageVersion(spec: ClusterSpec): Iterable<Finding> {
  for (const [index, { installerImage: got }] of spec.nodes.entries()) {
    const tag = /:(v\d[\w.-]*)(@|$)/.exec(got ?? "")?.[1];
    if (tag === undefined || !parseVersion(tag) || tag === spec.talosVersion) continue;
    yield {
      propertyPath: `nodes[${index}].installerImage`,
      got,
      reason: `it installs ${tag}, while talosVersion says ${spec.talosVersion}`,
      fix: "make both the same, or use schematicId, which follows talosVersion",
    };
  }
}
