import "reflect-metadata";
import { createPrivateKey, generateKeyPairSync, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";
import type { CertificateAuthority } from "./clusterSettings";

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

const HOUR_MS = 3_600_000;
/** Talos' allowance for clocks that differ. */
const SKEW_MS = 10_000;
/** Talos issues the certificates of its components for a year. */
const LIFETIME_MS = 8760 * HOUR_MS;

/** A certificate with its key, PEM. A secret. */
export interface CertificateAndKey {
  cert: string;
  key: string;
}

export interface CertificateRequest {
  commonName?: string;
  organization?: string;
  usage: "client" | "server" | "peer";
  /** Addresses and DNS names. */
  names?: readonly string[];
}

/** Signs certificates of the control plane with one authority; ECDSA P-256, as Talos' own. */
export class CertificateSigner {
  private constructor(
    private readonly certificate: x509.X509Certificate,
    private readonly key: webcrypto.CryptoKey,
  ) {}

  static async from(authority: CertificateAuthority): Promise<CertificateSigner> {
    const key = createPrivateKey(authority.key);
    const curve = key.asymmetricKeyDetails?.namedCurve;
    if (key.asymmetricKeyType !== "ec" || curve === undefined) {
      throw new Error("the cluster's certificate authorities must have ECDSA keys");
    }
    const namedCurve = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" }[curve];
    return new CertificateSigner(
      new x509.X509Certificate(authority.crt),
      (await webcrypto.subtle.importKey(
        "pkcs8",
        key.export({ type: "pkcs8", format: "der" }),
        { name: "ECDSA", namedCurve: namedCurve ?? curve },
        false,
        ["sign"],
      )) as webcrypto.CryptoKey,
    );
  }

  async issue(request: CertificateRequest): Promise<CertificateAndKey> {
    const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
    const usages = { client: [clientAuth], server: [serverAuth], peer: [serverAuth, clientAuth] };
    const extensions: x509.Extension[] = [
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
        true,
      ),
      new x509.ExtendedKeyUsageExtension(usages[request.usage]),
      await this.authorityKeyIdentifier(),
    ];
    const names = [...new Set(request.names ?? [])].filter((name) => name !== "");
    if (names.length > 0) {
      extensions.push(
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value })),
        ),
      );
    }
    const subject: x509.JsonName = [];
    if (request.organization !== undefined) {
      subject.push({ O: [request.organization] });
    }
    if (request.commonName !== undefined) {
      subject.push({ CN: [request.commonName] });
    }
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer: this.certificate.subjectName,
      notBefore: new Date(Date.now() - SKEW_MS),
      notAfter: new Date(Date.now() + LIFETIME_MS),
      publicKey: (await webcrypto.subtle.importKey(
        "spki",
        keys.publicKey.export({ type: "spki", format: "der" }),
        { name: "ECDSA", namedCurve: "P-256" },
        true,
        ["verify"],
      )) as webcrypto.CryptoKey,
      signingKey: this.key,
      signingAlgorithm: { ...this.key.algorithm, hash: "SHA-256" },
      extensions,
    });
    return {
      cert: `${certificate.toString("pem")}\n`,
      key: keys.privateKey.export({ type: "sec1", format: "pem" }).toString(),
    };
  }

  /** As the authority itself says; an identifier computed anew would be another, and fail to match. */
  private async authorityKeyIdentifier(): Promise<x509.Extension> {
    const own = this.certificate.getExtension(x509.SubjectKeyIdentifierExtension);
    return own === null
      ? x509.AuthorityKeyIdentifierExtension.create(this.certificate)
      : new x509.AuthorityKeyIdentifierExtension(own.keyId);
  }
}
