import type { TalosClient } from "../../talosApi";
import type { NodeSpec } from "../spec";

/** Credentials of the Talos API as the provider hands them out: base64 of PEM. */
export interface ClientCredentials {
  readonly caCertificate: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

export type NodeAddress = Pick<NodeSpec, "hostname" | "ipAddress" | "endpoint">;

/** Why a node's Talos API cannot be used. */
export interface TalosFault {
  readonly what: string;
  readonly fix: string;
  /** Waiting cannot cure it. */
  readonly final: boolean;
}

export type Probe =
  | { readonly reachable: true; readonly maintenance: boolean }
  | { readonly reachable: false; readonly fault: TalosFault };

const CALL_TIMEOUT_MS = 5_000;

/** Runs `use` with a client of one node and closes it. The gRPC library is loaded only here. */
export async function withNode<T>(
  node: NodeAddress,
  credentials: ClientCredentials | undefined,
  use: (client: TalosClient, timeoutMs: number) => Promise<T>,
): Promise<T> {
  const { TalosClient: Client } = await import("../../talosApi");
  const client = new Client({
    endpoint: node.endpoint ?? node.ipAddress,
    node: node.ipAddress,
    credentials: credentials && {
      ca: credentials.caCertificate,
      cert: credentials.clientCertificate,
      key: credentials.clientKey,
    },
  });
  try {
    return await use(client, CALL_TIMEOUT_MS);
  } finally {
    client.close();
  }
}

/** Asks a node as the provider does: `Disks` answers without a certificate only in maintenance. */
export async function probeNode(node: NodeAddress, credentials: ClientCredentials): Promise<Probe> {
  try {
    await withNode(node, undefined, (client, timeout) => client.disks(timeout));
    return { reachable: true, maintenance: true };
  } catch {
    // Configured, off, or in the hands of somebody else: the next call tells.
  }
  try {
    await withNode(node, credentials, (client, timeout) => client.version(timeout));
    return { reachable: true, maintenance: false };
  } catch (error) {
    return { reachable: false, fault: talosFault(error) };
  }
}

const FAULTS: readonly { readonly sign: RegExp; readonly fault: TalosFault }[] = [
  {
    sign: /self.signed|unable to (verify|get)|unknown authority|signature failure|UNABLE_TO/i,
    fault: {
      what: "its certificate is not signed by this cluster's CA: it was configured with other machine secrets",
      fix: "Reset it with the talosconfig it was made with (`talosctl reset --graceful=false --reboot`), or hand over the machine secrets that it has",
      final: true,
    },
  },
  {
    sign: /altnames|valid for/i,
    fault: {
      what: "its certificate is not valid for the address that it is reached at",
      fix: "Put the endpoint's host into certSANs, apply it through an address that the certificate has, and try again",
      final: true,
    },
  },
  {
    sign: /not authorized|PERMISSION_DENIED/i,
    fault: {
      what: "the client certificate lacks the role os:admin",
      fix: "Use credentials that `talosctl gen config` or MachineSecrets made",
      final: true,
    },
  },
  {
    sign: /not yet valid|expired/i,
    fault: {
      what: "a certificate is not valid at this time",
      fix: "Compare the clocks of this machine and of the node",
      final: false,
    },
  },
  {
    sign: /ECONNREFUSED|refused/i,
    fault: {
      what: "nothing listens on its Talos API port (connection refused)",
      fix: "Boot the machine from Talos media and wait for maintenance mode; check the address",
      final: false,
    },
  },
  {
    sign: /deadline|timed? ?out|EHOSTUNREACH|ENETUNREACH/i,
    fault: {
      what: "it does not answer",
      fix: "Switch the machine on, and check the address and the way to its port 50000",
      final: false,
    },
  },
];

/** What an error of the Talos API means for the user. Pure. */
export function talosFault(error: unknown): TalosFault {
  const { details, message } = error as { details?: string; message?: string };
  const text = `${details ?? ""} ${message ?? String(error)}`;
  const known = FAULTS.find((entry) => entry.sign.test(text));
  return (
    known?.fault ?? {
      what: (details ?? message ?? "it fails without a reason").slice(0, 200),
      fix: "Look at the machine's console and at `talosctl dmesg`",
      final: false,
    }
  );
}
