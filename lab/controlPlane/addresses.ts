import * as ipaddr from "ipaddr.js";

/** The address at this offset in a network: 1 is the API service's, 10 is the DNS service's. */
export function addressAt(cidr: string, offset: number): string {
  const [network, prefix] = ipaddr.parseCIDR(cidr);
  const bytes =
    network.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(cidr).toByteArray()
      : ipaddr.IPv6.networkAddressFromCIDR(cidr).toByteArray();
  const size = BigInt(bytes.length * 8 - prefix);
  if (BigInt(offset) >= 1n << size) {
    throw new Error(`${cidr} has no address number ${offset}`);
  }
  return fromNumber(toNumber(bytes) + BigInt(offset), bytes.length);
}

/** First address of each subnet at this offset; one for each family at most, as Talos takes it. */
export function serviceAddresses(subnets: readonly string[], offset: number): string[] {
  return subnets.map((cidr) => addressAt(cidr, offset));
}

/** Addresses of a block `{cidr}` or `{start, stop}`, the first of them; lazily, blocks are large. */
export function* addressesOf(block: {
  cidr?: string;
  start?: string;
  stop?: string;
}): Generator<string> {
  let first: bigint;
  let last: bigint;
  let width: number;
  if (block.cidr !== undefined) {
    const cidr = block.cidr.includes("/") ? block.cidr : `${block.cidr}/32`;
    const bytes = ipaddr.parse(addressAt(cidr, 0)).toByteArray();
    width = bytes.length;
    first = toNumber(bytes);
    last = first + (1n << BigInt(width * 8 - ipaddr.parseCIDR(cidr)[1])) - 1n;
  } else if (block.start !== undefined) {
    const bytes = ipaddr.parse(block.start).toByteArray();
    width = bytes.length;
    first = toNumber(bytes);
    last = toNumber(ipaddr.parse(block.stop ?? block.start).toByteArray());
  } else {
    return;
  }
  for (let value = first; value <= last; value++) {
    yield fromNumber(value, width);
  }
}

/** How many addresses a block has. */
export function blockSize(block: { cidr?: string; start?: string; stop?: string }): bigint {
  if (block.cidr !== undefined) {
    const [address, prefix] = block.cidr.includes("/")
      ? ipaddr.parseCIDR(block.cidr)
      : [ipaddr.parse(block.cidr), 32];
    return 1n << BigInt(address.toByteArray().length * 8 - prefix);
  }
  if (block.start === undefined) {
    return 0n;
  }
  const last = ipaddr.parse(block.stop ?? block.start).toByteArray();
  return toNumber(last) - toNumber(ipaddr.parse(block.start).toByteArray()) + 1n;
}

/** True for an address of the loopback network. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" || (ipaddr.isValid(host) && ipaddr.parse(host).range() === "loopback")
  );
}

function toNumber(bytes: readonly number[]): bigint {
  return bytes.reduce((total, byte) => (total << 8n) | BigInt(byte), 0n);
}

function fromNumber(value: bigint, width: number): string {
  const bytes: number[] = [];
  for (let shift = (width - 1) * 8; shift >= 0; shift -= 8) {
    bytes.push(Number((value >> BigInt(shift)) & 0xffn));
  }
  return ipaddr.fromByteArray(bytes).toString();
}
