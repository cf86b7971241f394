import "reflect-metadata";
import { createPrivateKey, generateKeyPairSync, type KeyObject, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";
import { pemOf } from "../../talosApi";
import type { PemPair } from "./machineConfiguration";

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
/** Talos' allowance for clocks that differ. */
const SKEW_MS = 10_000;

/** A certificate with its key, PEM. */
export interface CertificateAndKey {
  cert: string;
  key: string;
}

interface Issuer {
  certificate: x509.X509Certificate;
  signingKey: webcrypto.CryptoKey;
}

/** Certificate authority from a `{crt, key}` of a machine configuration. */
export async function issuerOf(pair: PemPair): Promise<Issuer> {
  if (pair.key === undefined) {
    throw new Error("this certificate authority has no key: only control planes hold it");
  }
  return {
    certificate: new x509.X509Certificate(pemOf(pair.crt)),
    signingKey: await toCryptoKey(createPrivateKey(pemOf(pair.key)), "sign"),
  };
}

/** A new certificate authority: a throw-away one of a node, or a cluster's in tests. */
export async function certificateAuthority(
  options: { organization?: string; keyType?: "ed25519" | "ec" } = {},
): Promise<Issuer & CertificateAndKey> {
  const keys = options.keyType === "ec" ? ecKeys() : generateKeyPairSync("ed25519");
  const key = await toCryptoKey(keys.privateKey, "sign");
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ O: [options.organization ?? "talos"] }],
    notBefore: new Date(Date.now() - SKEW_MS),
    notAfter: new Date(Date.now() + 10 * YEAR_MS),
    keys: { privateKey: key, publicKey: await toCryptoKey(keys.publicKey, "verify") },
    signingAlgorithm: { ...key.algorithm, hash: "SHA-256" },
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(await toCryptoKey(keys.publicKey, "verify")),
    ],
  });
  return { certificate, key: keyPem(keys.privateKey), signingKey: key, cert: pemLine(certificate) };
}

/** Server certificate of the Talos API. `names`: addresses and DNS names that clients may call. */
export function serverCertificate(
  issuer: Issuer,
  options: { commonName: string; names: readonly string[]; clockOffsetMs?: number },
): Promise<CertificateAndKey> {
  const now = Date.now() + (options.clockOffsetMs ?? 0);
  return issue(issuer, generateKeyPairSync("ed25519"), {
    subject: [{ CN: [options.commonName] }],
    notBefore: new Date(now - SKEW_MS),
    notAfter: new Date(now + 24 * HOUR_MS),
    usage: x509.ExtendedKeyUsage.serverAuth,
    names: [...new Set(options.names)],
  });
}

/** Client certificate of the Talos API with these roles, as apid has one to forward with. */
export function talosClientCertificate(
  issuer: Issuer,
  roles: readonly string[],
  validity: { notBefore?: Date; notAfter?: Date } = {},
): Promise<CertificateAndKey> {
  return issue(issuer, generateKeyPairSync("ed25519"), {
    subject: [{ O: [...roles] }],
    notBefore: validity.notBefore ?? new Date(Date.now() - SKEW_MS),
    notAfter: validity.notAfter ?? new Date(Date.now() + YEAR_MS),
    usage: x509.ExtendedKeyUsage.clientAuth,
    names: [],
  });
}

/** Client certificate of Kubernetes' admin. */
export function kubernetesAdminCertificate(
  issuer: Issuer,
  lifetimeSeconds: number,
): Promise<CertificateAndKey> {
  return issue(issuer, ecKeys(), {
    subject: [{ O: ["system:masters"] }, { CN: ["admin"] }],
    notBefore: new Date(Date.now() - SKEW_MS),
    notAfter: new Date(Date.now() + lifetimeSeconds * 1000),
    usage: x509.ExtendedKeyUsage.clientAuth,
    names: [],
  });
}

/** The issuer's own identifier: Go computes it otherwise than the library would, and OpenSSL compares. */
async function authorityKeyIdentifier(issuer: x509.X509Certificate): Promise<x509.Extension> {
  const own = issuer.getExtension(x509.SubjectKeyIdentifierExtension);
  return own
    ? new x509.AuthorityKeyIdentifierExtension(own.keyId)
    : x509.AuthorityKeyIdentifierExtension.create(issuer);
}

async function issue(
  issuer: Issuer,
  keys: { privateKey: KeyObject; publicKey: KeyObject },
  options: {
    subject: x509.JsonName;
    notBefore: Date;
    notAfter: Date;
    usage: x509.ExtendedKeyUsage;
    names: readonly string[];
  },
): Promise<CertificateAndKey> {
  const extensions: x509.Extension[] = [
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([options.usage]),
    await authorityKeyIdentifier(issuer.certificate),
  ];
  if (options.names.length > 0) {
    extensions.push(
      new x509.SubjectAlternativeNameExtension(
        options.names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value })),
      ),
    );
  }
  const certificate = await x509.X509CertificateGenerator.create({
    subject: options.subject,
    issuer: issuer.certificate.subject,
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    publicKey: await toCryptoKey(keys.publicKey, "verify"),
    signingKey: issuer.signingKey,
    signingAlgorithm: { ...issuer.signingKey.algorithm, hash: "SHA-256" },
    extensions,
  });
  return { cert: pemLine(certificate), key: keyPem(keys.privateKey) };
}

function ecKeys() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

/** Elliptic keys as Talos writes them, "EC PRIVATE KEY". */
function keyPem(key: KeyObject): string {
  const type = key.asymmetricKeyType === "ec" ? "sec1" : "pkcs8";
  return key.export({ type, format: "pem" }).toString();
}

function pemLine(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

async function toCryptoKey(key: KeyObject, usage: "sign" | "verify"): Promise<webcrypto.CryptoKey> {
  const format = usage === "sign" ? "pkcs8" : "spki";
  const der = key.export({ type: format, format: "der" } as { type: "spki"; format: "der" });
  return webcrypto.subtle.importKey(format, der, algorithmOf(key), true, [
    usage,
  ]) as Promise<webcrypto.CryptoKey>;
}

function algorithmOf(
  key: KeyObject,
): webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams | { name: string } {
  switch (key.asymmetricKeyType) {
    case "ed25519":
      return { name: "Ed25519" };
    case "ec": {
      const curves: Record<string, string> = {
        prime256v1: "P-256",
        secp384r1: "P-384",
        secp521r1: "P-521",
      };
      const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
      return { name: "ECDSA", namedCurve: curves[curve] ?? curve };
    }
    case "rsa":
      return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    default:
      throw new Error(`certificates cannot be signed with a key of type ${key.asymmetricKeyType}`);
  }
}

/** Whether two `crt` values hold the same certificate, whatever their line ends. */
export function sameCertificate(left: string, right: string): boolean {
  return pemOf(left).trim() === pemOf(right).trim();
}

/** PEM texts of the CAs of these pairs, one after the other. */
export function caBundle(pairs: readonly PemPair[]): string {
  return pairs
    .filter(({ crt }) => crt !== "")
    .map(({ crt }) => `${pemOf(crt).trim()}\n`)
    .join("");
}
