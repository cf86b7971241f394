import { parseEndpoint } from "../../talosApi/endpoint";
import type { ClusterSpec, NodeSpec } from "../spec";
import { contractAtLeast } from "./configContract";
import type { PatchBuilder } from "./patchBuilder";

/** Names that the certificate of each machine's Talos API also carries. */
export const machineCertSANsPatch: PatchBuilder = (spec) =>
  spec.certSANs.length > 0 ? { machine: { certSANs: unique(spec.certSANs) } } : undefined;

/**
 * The name by which a machine's Talos API is reached, where that is none of its own addresses:
 * a certificate carries those by itself, but not what stands before the machine.
 */
export const endpointCertSANPatch: PatchBuilder = (spec, node) => {
  const host = endpointHost(node);
  if (host === undefined || host === node.ipAddress || spec.certSANs.includes(host)) {
    return undefined;
  }
  return { machine: { certSANs: [host] } };
};

/** Names that the certificate of the Kubernetes API also carries. */
export const apiServerCertSANsPatch: PatchBuilder = (spec) => {
  const generated = generatedAPIServerCertSANs(spec);
  const certSANs = unique(spec.certSANs).filter((name) => !generated.includes(name));
  return certSANs.length > 0 ? { cluster: { apiServer: { certSANs } } } : undefined;
};

/** Lists append without removing doubles, so what the generator writes must not come twice. */
function generatedAPIServerCertSANs(spec: ClusterSpec): string[] {
  return contractAtLeast(spec.configContract, 12) ? [] : [new URL(spec.clusterEndpoint).hostname];
}

function endpointHost(node: NodeSpec): string | undefined {
  return node.endpoint === undefined ? undefined : parseEndpoint(node.endpoint).host;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
