import * as ipaddr from "ipaddr.js";

export type IpFamily = "IPv4" | "IPv6";

/** A range of addresses; a single address is a range of one. */
export interface IpRange {
  readonly family: IpFamily;
  /** Length of the network part in bits. */
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
  /** The canonical form: `10.0.0.0/8`, or the address alone when it is a single one. */
  readonly text: string;
}

const REMEMBERED_TEXTS = 8192;
const BITS: Readonly<Record<IpFamily, number>> = { IPv4: 32, IPv6: 128 };

/** An IPv4 or IPv6 address, or undefined when the text is none. */
export const parseAddress = remembered(readAddress);

/** A network in CIDR notation, or undefined when the text is none. Host bits count as zero. */
export const parseCidr = remembered(readCidr);

// Every rule about addresses asks for the same few again.
function remembered(read: (text: string) => IpRange | undefined) {
  const known = new Map<string, IpRange | undefined>();
  return (text: string): IpRange | undefined => {
    if (known.has(text)) return known.get(text);
    if (known.size >= REMEMBERED_TEXTS) known.clear();
    const range = read(text);
    known.set(text, range);
    return range;
  };
}

function readAddress(text: string): IpRange | undefined {
  const bytes = addressBytes(text);
  if (!bytes) return undefined;
  const family = familyOf(bytes);
  const value = toNumber(bytes);
  return { family, prefix: BITS[family], first: value, last: value, text: toText(bytes) };
}

function readCidr(text: string): IpRange | undefined {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const bytes = match ? addressBytes(match[1]!) : undefined;
  if (!match || !bytes) return undefined;
  const family = familyOf(bytes);
  const prefix = Number(match[2]);
  if (prefix > BITS[family]) return undefined;
  const hostBits = BigInt(BITS[family] - prefix);
  const first = (toNumber(bytes) >> hostBits) << hostBits;
  const last = first + (1n << hostBits) - 1n;
  return { family, prefix, first, last, text: `${toText(fromNumber(first, family))}/${prefix}` };
}

/** Whether two ranges share an address. Different families never do. */
export function overlap(one: IpRange, other: IpRange): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}

/** Whether every address of the inner range is in the outer one. */
export function contains(outer: IpRange, inner: IpRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

// Unspecified, multicast, reserved and broadcast; loopback is the machine of a lab.
const HOSTLESS = ["0.0.0.0/8", "224.0.0.0/3", "::/128", "ff00::/8"];

/** Whether a machine can have an address and be reached at it. */
export function isHost(address: IpRange): boolean {
  return !HOSTLESS.some((network) => contains(parseCidr(network)!, address));
}

// The library also takes octal, hexadecimal and short forms, which Talos' parser refuses.
function addressBytes(text: string): number[] | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toByteArray();
  if (text.includes("%") || !text.includes(":") || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text).toByteArray();
}

function familyOf(bytes: readonly number[]): IpFamily {
  return bytes.length === 4 ? "IPv4" : "IPv6";
}

function toNumber(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function fromNumber(value: bigint, family: IpFamily): number[] {
  const bytes = Array.from({ length: BITS[family] / 8 }, () => 0);
  let rest = value;
  for (let index = bytes.length - 1; index >= 0; index--, rest >>= 8n) {
    bytes[index] = Number(rest & 255n);
  }
  return bytes;
}

function toText(bytes: readonly number[]): string {
  const address = ipaddr.fromByteArray([...bytes]);
  return address.kind() === "ipv6"
    ? (address as ipaddr.IPv6).toRFC5952String()
    : address.toString();
}
