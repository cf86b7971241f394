import { codeName, TalosApiError } from "../../../talosApi";

/** An error of a Talos call as the real provider's Go client words it. */
export function goErrorText(error: unknown): string {
  if (error instanceof TalosApiError) {
    const reason = transportReason(error.details, error.endpoint);
    const details =
      reason === undefined ? error.details : `connection error: desc = "transport: ${reason}"`;
    return `rpc error: code = ${codeName(error.code)} desc = ${details}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** grpc-js words transport errors its own way, with a time in them. */
function transportReason(details: string, endpoint: string): string | undefined {
  if (details.includes("ECONNREFUSED")) {
    return `Error while dialing: dial tcp ${endpoint}: connect: connection refused`;
  }
  if (details.includes("ECONNRESET")) {
    return `authentication handshake failed: read tcp ${endpoint}: read: connection reset by peer`;
  }
  if (/unable to verify|self.signed certificate|unable to get/i.test(details)) {
    return (
      "authentication handshake failed: tls: failed to verify certificate: " +
      "x509: certificate signed by unknown authority"
    );
  }
  const altName =
    /does not match certificate's altnames: .*?(?:IP|Host): ([^ ]+) is not in the cert's list: ([^"]*)/i.exec(
      details,
    );
  if (altName !== null) {
    return (
      "authentication handshake failed: tls: failed to verify certificate: " +
      `x509: certificate is valid for ${altName[2]?.trim()}, not ${altName[1]}`
    );
  }
  return undefined;
}
