import type { ClusterSpec, MachineType, NodeSpec } from "../spec";
import { apiServerCertSANsPatch, endpointCertSANPatch, machineCertSANsPatch } from "./certSANs";
import { clusterNetworkPatch } from "./clusterNetwork";
import { hostDNSPatch } from "./hostDNS";
import { hostnamePatch } from "./hostname";
import { installPatch } from "./install";
import { kubeSpanPatch } from "./kubeSpan";
import { kubeletPatch } from "./kubelet";
import { kubePrismPatch } from "./kubePrism";
import { kubeProxyPatch } from "./kubeProxy";
import { networkInterfacesPatch } from "./networkInterfaces";
import { nodeLabelsPatch } from "./nodeLabels";
import type { PatchBuilder } from "./patchBuilder";
import { patchText, userPatchText } from "./patchText";
import { registryMirrorsPatch } from "./registryMirrors";
import { schedulingPatch } from "./scheduling";

export { extraManifestPatch } from "./extraManifest";
export { inlineManifestPatch } from "./inlineManifest";
export { EMPTY_SCHEMATIC_ID, installerImage } from "./install";

const clusterPatches: readonly PatchBuilder[] = [
  clusterNetworkPatch,
  kubePrismPatch,
  hostDNSPatch,
  kubeSpanPatch,
  kubeletPatch,
  machineCertSANsPatch,
  registryMirrorsPatch,
];

const machineTypePatches: Readonly<Record<MachineType, readonly PatchBuilder[]>> = {
  controlplane: [kubeProxyPatch, apiServerCertSANsPatch, schedulingPatch],
  worker: [],
};

const nodePatches: readonly PatchBuilder[] = [
  hostnamePatch,
  installPatch,
  networkInterfacesPatch,
  endpointCertSANPatch,
  nodeLabelsPatch,
];

/** Patches of one scope by their topic, such as `cluster-network`. */
export type TopicPatches = Readonly<Record<string, string>>;

/** Those of our patches that are about no single machine: for whoever generates configurations elsewhere. */
export function sharedPatches(spec: ClusterSpec): {
  readonly cluster: TopicPatches;
  readonly controlPlane: TopicPatches;
} {
  const texts = (builders: readonly PatchBuilder[]): TopicPatches =>
    Object.fromEntries(
      builders.flatMap((build) => {
        // None of them looks at the machine.
        const document = build(spec, spec.nodes[0]!);
        return document ? [[topicOf(build), patchText(document)]] : [];
      }),
    );
  return {
    cluster: texts(clusterPatches),
    controlPlane: texts(machineTypePatches.controlplane),
  };
}

/** `hostDNSPatch` → `host-dns`. */
function topicOf({ name }: PatchBuilder): string {
  return name
    .replace(/Patch$/, "")
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase();
}

/**
 * Every patch that a machine's generated configuration gets, in the order in which they apply:
 * cluster, machine type, node, then the user's own in the same order. Each is one YAML text with
 * sorted keys.
 *
 * Patches that carry keys are not among them; see `configPatchesFrom`.
 *
 * @param node one of `spec.nodes`
 */
export function configPatchesFor(spec: ClusterSpec, node: NodeSpec): string[] {
  const builders = [...clusterPatches, ...machineTypePatches[node.machineType], ...nodePatches];
  const ours = builders
    .map((build) => build(spec, node))
    .filter((document) => document !== undefined)
    .map(patchText);
  const users = [
    ...spec.configPatches,
    ...(node.machineType === "controlplane"
      ? spec.controlPlaneConfigPatches
      : spec.workerConfigPatches),
    ...node.configPatches,
  ];
  return [...ours, ...users.map(userPatchText)];
}
