import { formatEndpoint } from "../../talosApi";

/** Loopback addresses that exist without further ado on every system. */
const ALWAYS_THERE = new Set(["127.0.0.1", "::1"]);

/**
 * A sentence for a port that cannot be opened: names the cause and the way out.
 * @param addresses all addresses that the lab needs, so that one reading suffices.
 */
export function bindProblem(
  error: NodeJS.ErrnoException,
  at: { address: string; port: number },
  addresses: readonly string[] = [at.address],
): Error {
  const place = formatEndpoint({ host: at.address, port: at.port });
  switch (error.code) {
    case "EADDRINUSE":
      return new Error(
        `${place} is in use by another process: end it, or another lab (npm run lab -- status), and try again`,
        { cause: error },
      );
    case "EADDRNOTAVAIL":
      return new Error(
        [
          `${place} cannot be opened: this machine has no address ${at.address}. Every simulated node needs a loopback address of its own; add them with`,
          ...aliasCommands(addresses),
        ].join("\n"),
        { cause: error },
      );
    case "EACCES":
      return new Error(`${place} cannot be opened: permission denied`, { cause: error });
    default:
      return new Error(`${place} cannot be opened: ${error.message}`, { cause: error });
  }
}

/** The commands that give macOS these loopback addresses; Linux has all of 127.0.0.0/8. */
export function aliasCommands(addresses: readonly string[]): string[] {
  return [...new Set(addresses)]
    .filter((address) => !ALWAYS_THERE.has(address))
    .map((address) => `  sudo ifconfig lo0 alias ${address}`);
}
