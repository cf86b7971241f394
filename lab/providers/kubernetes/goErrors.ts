import { getServers } from "node:dns";

/** Says a network failure as Go's HTTP client does, which is what users of the real provider see. */
export function goNetworkError(error: unknown, method: string, url: URL): string {
  return `${titled(method)} "${url.href}": ${cause(error, url)}`;
}

function titled(method: string): string {
  return method.charAt(0).toUpperCase() + method.slice(1).toLowerCase();
}

function cause(error: unknown, url: URL): string {
  const code = codeOf(error);
  const address = `${url.hostname}:${url.port || "443"}`;
  switch (code) {
    case "ECONNREFUSED":
      return `dial tcp ${address}: connect: connection refused`;
    case "EHOSTUNREACH":
      return `dial tcp ${address}: connect: no route to host`;
    case "ENETUNREACH":
      return `dial tcp ${address}: connect: network is unreachable`;
    case "ETIMEDOUT":
      return `dial tcp ${address}: i/o timeout`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `dial tcp: lookup ${url.hostname} on ${nameServer()}: no such host`;
    case "ECONNRESET":
      return `read tcp ${address}: read: connection reset by peer`;
    case "EPIPE":
      return `write tcp ${address}: write: broken pipe`;
    case "TLS_HANDSHAKE_TIMEOUT":
      return "net/http: TLS handshake timeout";
    case "RESPONSE_TIMEOUT":
      return "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "CERT_SIGNATURE_FAILURE":
      return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return "tls: failed to verify certificate: x509: certificate has expired or is not yet valid";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `tls: failed to verify certificate: x509: certificate is not valid for ${url.hostname}`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

function nameServer(): string {
  const [server = "127.0.0.53"] = getServers();
  return /:\d+$/.test(server) && server.includes(".") ? server : `${server}:53`;
}
