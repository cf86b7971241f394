import { X509Certificate as Certificate, type webcrypto } from "node:crypto";

import type { X509Certificate } from "@peculiar/x509";

/** A certificate with its private key, both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Cilium's CA and the certificates that Hubble needs; all of it is secret. */
export interface CiliumCertificates {
  readonly ca: KeyPair;
  readonly hubbleServer: KeyPair;
  readonly hubbleRelayClient: KeyPair;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const CA_DAYS = 3650;
const LEAF_DAYS = 1095;
/** Long enough that a run a quarter says so in time. */
const ENDS_SOON_DAYS = 120;
/** Clocks of nodes may be behind this machine's. */
const BACKDATE_MS = 10 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Makes a CA, the certificate of every Hubble server and that of Hubble Relay.
 *
 * @param cluster Cilium's `cluster.name`: it is part of the server names that Relay verifies.
 * @param given CA that signs, for clusters of one mesh. @default a new one
 */
export async function makeCertificates(
  cluster = "default",
  given?: KeyPair,
): Promise<CiliumCertificates> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const { webcrypto } = await import("node:crypto");
  const provider = webcrypto as unknown as Crypto;
  x509.cryptoProvider.set(provider);

  const newKeys = () => provider.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const pair = async (cert: X509Certificate, keys: CryptoKeyPair): Promise<KeyPair> => ({
    cert: cert.toString("pem"),
    key: x509.PemConverter.encode(
      await provider.subtle.exportKey("pkcs8", keys.privateKey),
      "PRIVATE KEY",
    ),
  });
  const validity = (days: number) => ({
    notBefore: new Date(Date.now() - BACKDATE_MS),
    notAfter: new Date(Date.now() + days * DAY_MS),
  });

  const newCA = async () => {
    const caKeys = await newKeys();
    const caCertificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: "CN=Cilium CA",
      keys: caKeys,
      signingAlgorithm: ALGORITHM,
      ...validity(CA_DAYS),
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey, false, provider),
      ],
    });
    return {
      signer: caKeys.privateKey,
      certificate: caCertificate,
      pair: await pair(caCertificate, caKeys),
    };
  };
  const givenCA = async (ca: KeyPair) => ({
    signer: await provider.subtle.importKey(
      "pkcs8",
      x509.PemConverter.decode(ca.key)[0]!,
      ALGORITHM,
      false,
      ["sign"],
    ),
    certificate: new x509.X509Certificate(ca.cert),
    pair: ca,
  });
  const ca = given ? await givenCA(given) : await newCA();
  const leaf = async (name: string): Promise<KeyPair> => {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: ca.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: ca.signer,
      signingAlgorithm: ALGORITHM,
      ...validity(LEAF_DAYS),
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
          true,
        ),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.serverAuth,
          x509.ExtendedKeyUsage.clientAuth,
        ]),
      ],
    });
    return pair(certificate, keys);
  };
  return {
    ca: ca.pair,
    hubbleServer: await leaf(hubbleServerName(cluster)),
    hubbleRelayClient: await leaf("*.hubble-relay.cilium.io"),
  };
}

/** The name that Relay expects of a Hubble server: dots of the cluster's name would nest. Pure. */
export function hubbleServerName(cluster: string): string {
  return `*.${cluster.replace(/\./g, "-")}.hubble-grpc.cilium.io`;
}

/**
 * Why certificates that were made once do not serve the cluster as it is now, and what to do;
 * undefined where they do. Pure.
 */
export function outdated(
  made: CiliumCertificates,
  wanted: {
    /** Cilium's `cluster.name`. @default the chart's */
    readonly cluster?: string;
    /** CA that shall sign, the one of the mesh. @default any */
    readonly ca?: KeyPair;
    /** Whether Hubble uses them; a mesh without Hubble uses the CA alone. */
    readonly hubble: boolean;
  },
  now = Date.now(),
): string | undefined {
  const { cluster = "default", ca, hubble } = wanted;
  if (ca && fingerprint(ca) !== fingerprint(made.ca))
    return "the CA that is given comes too late, since another one signed them: let the other clusters of the mesh take this one's `cilium.ca`";
  if (!hubble) return undefined;
  const expected = hubbleServerName(cluster);
  const { subjectAltName, validTo } = new Certificate(made.hubbleServer.cert);
  const names = subjectAltName?.split(", ") ?? [];
  const ends = Date.parse(validTo);
  const fix = "raise cilium.hubble.tls.generation for new ones";
  if (!names.includes(`DNS:${expected}`))
    return `they are for ${names.join(", ").replaceAll("DNS:", "")}, and Hubble Relay expects ${expected}: ${fix}`;
  return ends - now < ENDS_SOON_DAYS * DAY_MS
    ? `they end on ${new Date(ends).toISOString().slice(0, 10)}, and Hubble Relay takes none that has ended: ${fix}`
    : undefined;
}

function fingerprint({ cert }: KeyPair): string {
  return new Certificate(cert).fingerprint256;
}

type Crypto = webcrypto.Crypto;
type CryptoKeyPair = webcrypto.CryptoKeyPair;
