/** Types of the `cluster` module, as results carry them. */

/** Base64 of PEM, but `host`, which is a URL. */
export interface KubeconfigKubernetesClientConfiguration {
  caCertificate?: string;
  clientCertificate?: string;
  /** Secret. */
  clientKey?: string;
  host?: string;
}

/** Base64 of PEM, but `host`, which is a URL. */
export interface GetKubeconfigKubernetesClientConfiguration {
  caCertificate: string;
  clientCertificate: string;
  /** Secret. */
  clientKey: string;
  host: string;
}

/** Go durations. Give both or none: one only fails after the call has been made. */
export interface KubeconfigTimeouts {
  create?: string;
  update?: string;
}

/** Go durations. */
export interface ReadTimeouts {
  read?: string;
}
