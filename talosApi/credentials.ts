import { checkServerIdentity, createSecureContext } from "node:tls";
import { isIP } from "node:net";
import { ChannelCredentials, type ChannelOptions } from "@grpc/grpc-js";

/** Talos client credentials as in `clientConfiguration` and talosconfig: base64 of PEM. */
export interface ClientCredentials {
  ca: string;
  cert: string;
  key: string;
}

/**
 * Talos labels Ed25519 keys "ED25519 PRIVATE KEY" though their content is PKCS#8; OpenSSL, and so
 * Node.js, refuses that label.
 */
export function standardPem(pem: string): string {
  return pem.replace(/(-----(?:BEGIN|END) )ED25519 (PRIVATE KEY-----)/g, "$1$2");
}

/** PEM text of a base64 value of a Talos configuration, readable by Node.js. */
export function pemOf(base64: string): string {
  return standardPem(Buffer.from(base64, "base64").toString("utf8"));
}

/**
 * Channel credentials for a Talos API at `host`, with the options that they need.
 * Without client credentials the server is not verified: that is maintenance mode, where it has
 * nothing to be verified with.
 * @throws an Error that names the unreadable part and shows none of it.
 */
export function channelCredentials(
  host: string,
  credentials: ClientCredentials | undefined,
): { credentials: ChannelCredentials; options: ChannelOptions } {
  // Node.js warns (DEP0123) when an IP address is sent as TLS server name, as grpc-js does.
  const options: ChannelOptions =
    isIP(host) === 0 ? {} : { "grpc.ssl_target_name_override": "talos" };
  if (credentials === undefined) {
    return {
      // No CA at all: nothing is verified, and reading the system's takes tens of milliseconds.
      credentials: ChannelCredentials.createFromSecureContext(createSecureContext({ ca: [] }), {
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
      }),
      options,
    };
  }
  const secureContext = {
    ca: pemOf(credentials.ca),
    cert: pemOf(credentials.cert),
    key: pemOf(credentials.key),
  };
  try {
    return {
      credentials: ChannelCredentials.createFromSecureContext(createSecureContext(secureContext), {
        checkServerIdentity: (_overridden, certificate) => checkServerIdentity(host, certificate),
      }),
      options,
    };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new Error(
      `the Talos client configuration cannot be used (${code}): ca, cert and key must each be base64 of a PEM block and belong together`,
    );
  }
}
