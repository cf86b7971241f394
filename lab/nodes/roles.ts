import type { PeerCertificate } from "node:tls";
import type { Metadata } from "@grpc/grpc-js";

/** Roles of the Talos API; a client has those that its certificate names as Organization. */
export const ROLES = {
  admin: "os:admin",
  operator: "os:operator",
  reader: "os:reader",
  etcdBackup: "os:etcd:backup",
  impersonator: "os:impersonator",
} as const;

/** Header in which an apid that forwards passes the roles of the caller on. */
export const ROLE_HEADER = "talos-role";

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

/** Who may call what: any one of these. */
export const ADMIN = [ROLES.admin] as const;
export const OPERATORS = [ROLES.admin, ROLES.operator] as const;
export const READERS = [ROLES.admin, ROLES.operator, ROLES.reader] as const;
export const ETCD_READERS = [...READERS, ROLES.etcdBackup] as const;

/** Roles of a call. Without a certificate (maintenance) everyone is a reader. */
export function rolesOf(
  certificate: PeerCertificate | undefined,
  metadata: Metadata,
): ReadonlySet<string> {
  if (certificate === undefined) {
    return new Set([ROLES.reader]);
  }
  const organization: string | string[] | undefined = certificate.subject.O;
  const roles = [organization ?? []].flat();
  // Only another apid of the cluster may speak for somebody else.
  return new Set(
    roles.includes(ROLES.impersonator)
      ? metadata.get(ROLE_HEADER).flatMap((value) => String(value).split(/, */))
      : roles,
  );
}

/** Why a client certificate is not let in though its CA is known; undefined when it is. */
export function certificateProblem(
  certificate: PeerCertificate,
  nowMs: number,
): string | undefined {
  const usages = certificate.ext_key_usage ?? [];
  if (usages.length !== 1 || usages[0] !== CLIENT_AUTH) {
    return "certificate's extended key usage is not exactly clientAuth";
  }
  if (Date.parse(certificate.valid_from) > nowMs) {
    return "certificate is not yet valid";
  }
  return undefined;
}
