import { forwardsKubeDNS } from "../hostDNS";
import { registeredTaints } from "../nodeRestriction";
import type { ClusterSpec, NodeSpec } from "../schema";
import { contractMinor } from "../versions";
import type { TalosDocument } from "./machineDocuments";

/**
 * What the program itself patches into a machine's configuration before the user's patches, as far
 * as these can clash with it. A test compares it with the patches that are really sent.
 */
export function ownDocuments(spec: ClusterSpec, node: NodeSpec): TalosDocument[] {
  const isControlPlane = node.machineType === "controlplane";
  const hasTaints = Object.keys(node.taints).length > 0;
  const newHostname = (contractMinor(spec.configContract) ?? 0) >= 12;
  const { extraArgs, nodeIPSubnets } = spec.kubelet;
  const main: TalosDocument = {
    machine: {
      kubelet: {
        ...(Object.keys(extraArgs).length > 0 && { extraArgs }),
        ...(nodeIPSubnets.length > 0 && { nodeIP: { validSubnets: nodeIPSubnets } }),
        ...(hasTaints &&
          !isControlPlane && {
            extraConfig: { registerWithTaints: registeredTaints(node.taints) },
          }),
      },
      certSANs: spec.certSANs,
      registries:
        Object.keys(spec.registryMirrors).length > 0 ? { mirrors: spec.registryMirrors } : {},
      ...((!newHostname || node.networkInterfaces.length > 0 || spec.kubeSpan) && {
        network: {
          ...(spec.kubeSpan && { kubespan: { enabled: true, ...spec.kubeSpan } }),
          ...(!newHostname && { hostname: node.hostname }),
          ...(node.networkInterfaces.length > 0 && { interfaces: node.networkInterfaces }),
        },
      }),
      install: {
        ...(node.installDisk !== undefined && { disk: node.installDisk }),
        ...(node.diskSelector !== undefined && { diskSelector: node.diskSelector }),
      },
      features: {
        kubePrism: spec.kubePrism,
        hostDNS: {
          enabled: spec.hostDNS.enabled,
          forwardKubeDNSToHost: forwardsKubeDNS(spec),
        },
      },
      ...(Object.keys(node.labels).length > 0 && { nodeLabels: node.labels }),
      ...(hasTaints && isControlPlane && { nodeTaints: node.taints }),
    },
    cluster: {
      network: {
        cni: { name: "none" },
        dnsDomain: spec.dnsDomain,
        podSubnets: spec.podSubnets,
        serviceSubnets: spec.serviceSubnets,
      },
      ...(isControlPlane && !spec.kubeProxy && { proxy: { disabled: true } }),
      ...(isControlPlane && {
        allowSchedulingOnControlPlanes: spec.allowSchedulingOnControlPlanes,
      }),
      ...(isControlPlane && ownManifests(spec.cilium)),
    },
  };
  if (!newHostname) return [main];
  const hostname = { kind: "HostnameConfig", auto: "off", hostname: node.hostname };
  return [main, { apiVersion: "v1alpha1", ...hostname }];
}

function ownManifests({ installMethod, hosted }: ClusterSpec["cilium"]): object {
  switch (installMethod) {
    case "inline":
      return { inlineManifests: [{ name: "cilium", contents: "" }] };
    case "job":
      return { inlineManifests: [{ name: "cilium-install", contents: "" }] };
    case "hosted":
      return { extraManifests: [hosted?.url ?? ""] };
    default:
      return {};
  }
}
