import { isAddress } from "./scalars";

/** Whether a text is a key of WireGuard: 32 bytes in base64. */
export function isWireguardKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text.replace(/[\r\n]/g, ""));
}

/** Whether a text is a host and a port; an address of IPv6 stands in brackets. */
export function isHostWithPort(text: string): boolean {
  const [, host = ""] = /^\[([^[\]]*)\]:[^:[\]]*$/.exec(text) ?? [];
  return host === "" ? /^[^:[\]]*:[^:[\]]*$/.test(text) : !host.includes(":") || isAddress(host);
}
