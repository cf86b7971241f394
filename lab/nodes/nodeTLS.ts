import { caBundle, issuerOf, serverCertificate, certificateAuthority } from "./certificates";
import type { Faults } from "./faults";
import type { MachineConfiguration } from "./machineConfiguration";
import type { ListenerTLS } from "./nodeListener";

type TLSFaults = Pick<Faults, "foreignPKI" | "serverCertificateSANs" | "clockOffsetSeconds">;

/** Maintenance: a certificate that nobody can verify, and no question for the client's. */
export async function maintenanceTLS(address: string): Promise<ListenerTLS> {
  const certificate = await serverCertificate(await certificateAuthority(), {
    commonName: "maintenance-service.talos.dev",
    names: [address, "127.0.0.1", "::1"],
  });
  return { ...certificate, clientCAs: undefined };
}

/**
 * Configured: a certificate of the cluster's Talos CA, and clients of that CA only.
 * @param signer configuration that holds the CA's key: the node's own, or for a worker that of the
 *   control plane whose trustd signs.
 */
export async function configuredTLS(
  node: { configuration: MachineConfiguration; hostname: string; address: string },
  signer: MachineConfiguration,
  faults: TLSFaults,
): Promise<ListenerTLS> {
  const { configuration, hostname, address } = node;
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
