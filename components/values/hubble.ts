import type { ChartValues } from "./chartValues";

/** Secrets in the release's namespace that hold certificates made outside the chart. */
export interface CertificateSecretNames {
  /** The CA, keys `ca.crt` and `ca.key`; the chart finds it by its own name. @default "cilium-ca" */
  readonly ca: string;
  /** Keys `ca.crt`, `tls.crt` and `tls.key`. */
  readonly hubbleServer: string;
  /** Keys `ca.crt`, `tls.crt` and `tls.key`. */
  readonly hubbleRelayClient: string;
}

/**
 * Hubble, and certificates that no render makes: with `helm`, the chart's default, each render has
 * new private keys in it.
 */
export function hubbleValues(input: {
  readonly hubble: { readonly enabled: boolean; readonly relay: boolean; readonly ui: boolean };
  readonly certificateSecrets?: CertificateSecretNames;
}): ChartValues {
  const { hubble, certificateSecrets } = input;
  if (!hubble.enabled) return { hubble: { enabled: false } };
  return {
    hubble: {
      enabled: true,
      relay: {
        enabled: hubble.relay,
        ...(hubble.relay && { rollOutPods: true }),
        ...(certificateSecrets && {
          tls: { client: { existingSecret: certificateSecrets.hubbleRelayClient } },
        }),
      },
      ui: { enabled: hubble.ui, ...(hubble.ui && { rollOutPods: true }) },
      tls: certificateSecrets
        ? {
            auto: { enabled: false },
            server: { existingSecret: certificateSecrets.hubbleServer },
          }
        : { auto: { enabled: true, method: "cronJob" } },
    },
  };
}
