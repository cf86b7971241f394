import { parseAddress, parseCidr } from "../cidr";
import { isDuration } from "../duration";
import { parseByteSize } from "./byteSize";
import { parseGoUrl } from "./goUrl";
import { wordsOf } from "./talosTypes";

const BASE64 = /^\s*([A-Za-z0-9+/]{4}|\s)*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\s*$/;
// Words of YAML 1.1, which Talos reads in quotes as well; true and false in quotes it does not.
const TRUE = /^(y|yes|on)$/i;
const FALSE = /^(n|no|off)$/i;
const TABLES = /^(unspec|default|main|local|[1-9]\d?|1\d\d|2[0-4]\d|25[0-2])$/i;

/** What a scalar must be, or undefined when it is that. */
export function scalarFault(value: unknown, type: string): string | undefined {
  // Talos would read a list of arguments, but its own check of unknown keys refuses one.
  if (typeof value === "object") return "a single value";
  const text = String(value);
  switch (type) {
    case "string":
      return undefined;
    case "bool":
      return readBoolean(value) === undefined ? "true or false" : undefined;
    case "duration":
      return value === 0 || (typeof value === "string" && isDuration(value))
        ? undefined
        : "a duration such as 5m";
    case "bytes":
    case "v1alpha1.Base64Bytes":
      return BASE64.test(text) ? undefined : "base64";
    case "nethelpers.HardwareAddr":
      return /^([0-9a-f]{2})*$/i.test(text.replaceAll(":", ""))
        ? undefined
        : "bytes in hexadecimal such as 00:1a:2b:3c:4d:5e";
    case "nethelpers.RoutingTable":
      return TABLES.test(text) ? undefined : "a table from 1 to 252, or main, local or default";
    case "meta.URL":
    case "v1alpha1.Endpoint":
      return parseGoUrl(text) ? undefined : "a URL";
    case "network.PortRange":
      return portRange(value) ? undefined : "a port, or a range such as 8000-8010";
    default:
      return (
        numberFault(value, type) ??
        sizeFault(text, type) ??
        addressFault(text, type) ??
        wordFault(text, type)
      );
  }
}

/** A word or value that Talos reads as a boolean; undefined where it reads none. */
export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  return TRUE.test(value) ? true : FALSE.test(value) ? false : undefined;
}

/** The first and last port of a range; undefined where Talos reads none. */
export function portRange(value: unknown): readonly [number, number] | undefined {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(String(value)) ?? [];
  // A single port is a number; in quotes it is none.
  if (first === undefined || (last === undefined && typeof value !== "number")) return undefined;
  const ports = [Number(first), Number(last ?? first)] as const;
  return ports.every((port) => port <= 65535) ? ports : undefined;
}

function numberFault(value: unknown, type: string): string | undefined {
  const [, unsigned, bits] = /^(u?)int(\d*)$/.exec(type) ?? [];
  if (unsigned === undefined) return undefined;
  const largest = 2 ** (bits === "" ? 63 : Number(bits));
  const isWhole = typeof value === "number" && Number.isInteger(value);
  if (isWhole && value < largest && (unsigned === "" || value >= 0)) return undefined;
  return bits === "" || Number(bits) > 32
    ? "a whole number"
    : `a whole number from 0 to ${largest - 1}`;
}

function sizeFault(text: string, type: string): string | undefined {
  const size = text.replace(/^-/, "");
  switch (type) {
    case "block.Size":
      if (!text.includes("%")) return sizeFault(text, "block.ByteSize");
      return /^(\d+\.?\d*|\.\d+)%$/.test(size) && parseFloat(size) <= 100
        ? undefined
        : "a percentage up to 100%";
    case "block.ByteSize":
      return text === "" || parseByteSize(size) !== undefined ? undefined : "a size such as 10GB";
    case "v1alpha1.DiskSize":
      return parseByteSize(text) === undefined ? "a size such as 10GB" : undefined;
    case "v1alpha1.InstallDiskSizeMatcher":
      return parseByteSize(text.replace(/^\s*(>=|<=|>|<|==)?\s*/, "")) === undefined
        ? "a size, as >= 100GB"
        : undefined;
    default:
      return undefined;
  }
}

function addressFault(text: string, type: string): string | undefined {
  if (text === "") return undefined;
  switch (type) {
    case "netip.Prefix":
    case "network.Prefix":
      return parseCidr(text) ? undefined : "a network in CIDR notation";
    case "netip.Addr":
    case "network.Addr":
      return isAddress(text) ? undefined : "an IP address";
    case "netip.AddrPort":
    case "network.AddrPort":
      return isAddressWithPort(text) ? undefined : "an IP address with a port, as 10.5.0.9:51820";
    default:
      return undefined;
  }
}

/** Whether a text is an address, that of IPv6 perhaps with a zone: `fe80::1%eth0`. */
export function isAddress(text: string): boolean {
  const [, address = text, zone] = /^([^%]*:[^%]*)%(.+)$/s.exec(text) ?? [];
  return parseAddress(address) !== undefined && (zone !== undefined || !text.includes("%"));
}

function isAddressWithPort(text: string): boolean {
  const [, bracketed, plain, port] = /^(?:\[(.*)\]|([^:]*)):(\d+)$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined || Number(port) > 65535) return false;
  return isAddress(address) && (bracketed !== undefined) === address.includes(":");
}

function wordFault(text: string, type: string): string | undefined {
  const words = wordsOf(type);
  if (!words || words.includes(text.toLowerCase())) return undefined;
  if (type === "nethelpers.FailOverMAC" && /^[012]?$/.test(text)) return undefined;
  return `one of ${words.join(", ")}`;
}
