/** Port of the Talos API where an endpoint names none. */
export const DEFAULT_TALOS_PORT = 50000;

/** Where a Talos API is reached. `host` is without brackets. */
export interface TalosEndpoint {
  host: string;
  port: number;
}

/**
 * Reads an endpoint as the Talos client does: `host`, `host:port`, `[v6]`, `[v6]:port`, a bare IPv6
 * address, or a URL, of which `https` means port 443 unless it says another.
 * @throws when it is none of these.
 */
export function parseEndpoint(endpoint: string): TalosEndpoint {
  const url = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(endpoint);
  const authority = url?.[2] ?? endpoint;
  const fallback = url?.[1]?.toLowerCase() === "https" ? 443 : DEFAULT_TALOS_PORT;
  const parts =
    /^\[([^\]]+)\](?::(\d+))?$/.exec(authority) ??
    /^([^:[\]]+)(?::(\d+))?$/.exec(authority) ??
    /^([0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*)$/i.exec(authority);
  const port = parts?.[2] === undefined ? fallback : Number(parts[2]);
  if (parts?.[1] === undefined || port < 1 || port > 65535) {
    throw new Error(
      `"${endpoint}" is no Talos endpoint: expected host, host:port, [IPv6]:port or an https URL`,
    );
  }
  return { host: parts[1], port };
}

/** `host:port`, IPv6 in brackets. */
export function formatEndpoint({ host, port }: TalosEndpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
