import { caBundle, certificateAuthority, issuerOf, serverCertificate } from "./certificates";
import type { Faults } from "./faults";
import type { MachineConfiguration } from "./machineConfiguration";
import type { ListenerTLS } from "./nodeListener";
import type { Surroundings } from "./nodeOptions";

/** Half of its certificate's life: then apid has a new one. */
export const RENEW_CERTIFICATE_MS = 12 * 3_600_000;

interface TLSNode {
  address: string;
  hostname: string;
  isControlPlane: boolean;
  configuration: MachineConfiguration | undefined;
  faults: Faults;
  surroundings: Pick<Surroundings, "trustdFor">;
}

/** How a node's port is to speak: not at all, silently, or with a certificate. */
export async function tlsOf(node: TLSNode): Promise<ListenerTLS | "none" | "silent"> {
  const { configuration, faults } = node;
  if (faults.blackHole) {
    return "silent";
  }
  if (configuration === undefined) {
    return maintenanceTLS(node.address);
  }
  // As a real worker: no certificate, no port, until a control plane's trustd signs one.
  const signer = node.isControlPlane ? configuration : node.surroundings.trustdFor(configuration);
  return signer === undefined ? "none" : configuredTLS(node, configuration, signer);
}

/** Maintenance: a certificate that nobody can verify, and no question for the client's. */
async function maintenanceTLS(address: string): Promise<ListenerTLS> {
  const certificate = await serverCertificate(await certificateAuthority(), {
    commonName: "maintenance-service.talos.dev",
    names: [address, "127.0.0.1", "::1"],
  });
  return { ...certificate, clientCAs: undefined };
}

/** Configured: a certificate of the cluster's Talos CA, and clients of that CA only. */
async function configuredTLS(
  { hostname, address, faults }: TLSNode,
  configuration: MachineConfiguration,
  signer: MachineConfiguration,
): Promise<ListenerTLS> {
  const foreign = faults.foreignPKI ? await certificateAuthority() : undefined;
  const certificate = await serverCertificate(foreign ?? (await issuerOf(signer.ca)), {
    commonName: hostname,
    names: faults.serverCertificateSANs ?? [address, hostname, ...configuration.certSANs],
    clockOffsetMs: Math.max(0, faults.clockOffsetSeconds) * 1000,
  });
  return {
    ...certificate,
    clientCAs: foreign?.cert ?? caBundle([configuration.ca, ...configuration.acceptedCAs]),
  };
}
