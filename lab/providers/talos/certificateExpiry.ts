import { X509Certificate } from "node:crypto";

import { TerraformError } from "./diagnostics";

/**
 * End of a certificate's life.
 * @throws TerraformError in the provider's words; `name` says whose certificate it is.
 */
export function certificateExpiry(base64Pem: string, name: string, noBlock: string): Date {
  const pem = Buffer.from(base64Pem, "base64");
  if (!pem.includes("-----BEGIN ")) {
    throw new TerraformError(`failed to decode ${name}`, noBlock);
  }
  try {
    return new Date(new X509Certificate(pem).validTo);
  } catch (error) {
    throw new TerraformError(`failed to parse ${name}`, (error as Error).message);
  }
}
