import type { Finding } from "./finding";

/** Whether anybody's cluster hangs on the secrets. */
export interface SecretsUse {
  readonly isProtected: boolean;
  /** Addresses of the machines of the stack, as far as they are known. */
  readonly nodes: readonly string[];
  readonly isProd: boolean;
}

/**
 * Machine secrets are protected against deletion. Left out: a stack that is not marked `prod` and whose
 * machines all have loopback addresses, for they can only be simulated.
 */
export function machineSecretsFindings({ isProtected, nodes, isProd }: SecretsUse): Finding[] {
  if (isProtected || (!isProd && nodes.length > 0 && nodes.every(isLoopback))) return [];
  return [
    {
      propertyPath: "protect",
      got: "false",
      reason: "a deleted or replaced PKI locks everybody out of the machines that trust it",
      fix: "leave `protect` of the cluster spec at its default, true",
    },
  ];
}

function isLoopback(address: string): boolean {
  return /^127\./.test(address) || address === "::1" || address === "localhost";
}
