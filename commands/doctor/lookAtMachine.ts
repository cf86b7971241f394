import { type PeerCertificate, connect } from "node:tls";

import { talosFault } from "../../components/gates/talosNode";
import type { NodeSpec } from "../../components/spec";
import { type ClientCredentials, TalosClient, messageType, parseEndpoint } from "../../talosApi";
import type { Timestamp } from "../../talosApi";
import type { BlockDisk } from "./disks";
import type { MachineFacts, MachineState } from "./machines";
import { within } from "./timeLimit";

/** How long each of three questions to a machine may take. */
const QUESTION_MS = 3_000;

/** Talos' own choice where a configuration names no time server. */
const TIME_SERVER = "time.cloudflare.com";

/**
 * Asks a machine as the provider does: without a certificate, which it answers in maintenance only,
 * then with ours. Takes nine seconds at most, and throws nothing.
 *
 * @param credentials of the cluster, where it is up and its talosconfig is at hand
 */
export async function lookAtMachine(
  node: NodeSpec,
  credentials?: ClientCredentials,
): Promise<MachineFacts> {
  const endpoint = node.endpoint ?? node.ipAddress;
  const seen = await within(QUESTION_MS, peerCertificate(endpoint));
  if ("error" in seen) {
    return { state: { kind: "unreachable", fault: talosFault(seen.error) } };
  }
  const certificate = seen.value && { certificate: seen.value };
  const open = await questions(endpoint, "maintenance");
  if ("value" in open) return { ...certificate, ...open.value };
  if (!credentials) return { ...certificate, state: { kind: "locked" } };
  const known = await questions(endpoint, "configured", credentials);
  if ("value" in known) return { ...certificate, ...known.value };
  return { ...certificate, state: { kind: "unreachable", fault: talosFault(known.error) } };
}

async function questions(
  endpoint: string,
  kind: "maintenance" | "configured",
  credentials?: ClientCredentials,
) {
  const client = new TalosClient({ endpoint, ...(credentials && { credentials }) });
  const ask = async (): Promise<MachineFacts> => {
    const clock = within(QUESTION_MS, timesOf(client));
    const [{ version }, , disks] = await Promise.all([
      client.version(QUESTION_MS),
      // The provider's own probe of maintenance.
      client.disks(QUESTION_MS),
      blockDisks(client),
    ]);
    const state: MachineState = { kind, version: version?.tag ?? "", disks };
    const times = await clock;
    return { state, ...("value" in times && { times: times.value }) };
  };
  try {
    return await within(QUESTION_MS + 500, ask());
  } finally {
    client.close();
  }
}

async function blockDisks(client: TalosClient): Promise<BlockDisk[]> {
  const type = messageType<BlockDisk>("talos.resource.definitions.DiskSpec");
  const found = await client.listResources("runtime", "Disks.block.talos.dev", QUESTION_MS);
  return found.map(({ spec }) => type.deserialize(Buffer.from(spec.protoSpec)));
}

/** The machine's clock; the call lasts as long as its time server takes, which comes before. */
async function timesOf(client: TalosClient) {
  const { localtime, remotetime } = await client.time(TIME_SERVER, QUESTION_MS);
  return { machine: millis(localtime), server: millis(remotetime), here: Date.now() };
}

function millis(time: Timestamp | null): number {
  if (!time) throw new Error("it told no time");
  return Number(time.seconds) * 1000 + time.nanos / 1e6;
}

/** Validity of what a machine shows to everybody; undefined where it shows nothing. */
function peerCertificate(
  endpoint: string,
): Promise<{ from: number; to: number; here: number } | undefined> {
  const { host, port } = parseEndpoint(endpoint);
  return new Promise((resolve, reject) => {
    // Nothing is believed here: it is only looked at.
    const options = { host, port, rejectUnauthorized: false, ALPNProtocols: ["h2"] };
    const socket = connect(options, () => {
      const { valid_from, valid_to } = socket.getPeerCertificate() as Partial<PeerCertificate>;
      socket.destroy();
      resolve(
        valid_from && valid_to
          ? { from: Date.parse(valid_from), to: Date.parse(valid_to), here: Date.now() }
          : undefined,
      );
    });
    socket.on("error", reject);
    setTimeout(() => socket.destroy(), QUESTION_MS).unref();
  });
}
