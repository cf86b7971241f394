import assert from "node:assert/strict";
import fc from "fast-check";

import { contains, isHost, overlap, parseAddress, parseCidr } from "../../../components/spec/cidr";

const ipv4 = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
  .map((bytes) => bytes.join("."));
const ipv6 = fc
  .array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
  .map((words) => words.map((word) => word.toString(16)).join(":"));
const cidr = fc.oneof(
  fc.tuple(ipv4, fc.nat(32)).map(([address, prefix]) => `${address}/${prefix}`),
  fc.tuple(ipv6, fc.nat(128)).map(([address, prefix]) => `${address}/${prefix}`),
);

/** An address as a number by another way than the code's. */
function numberOf(address: string): bigint {
  return address.includes(":")
    ? BigInt(
        `0x${address
          .split(":")
          .map((word) => word.padStart(4, "0"))
          .join("")}`,
      )
    : address.split(".").reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

describe("CIDR arithmetic", () => {
  it("contains the address that a network is written with", () => {
    fc.assert(
      fc.property(cidr, (text) => {
        const address = parseAddress(text.split("/")[0]!)!;
        assert.ok(contains(parseCidr(text)!, address), text);
      }),
    );
  });

  it("finds the addresses of a network by their leading bits", () => {
    fc.assert(
      fc.property(ipv4, fc.nat(32), ipv4, (network, prefix, address) => {
        const shift = BigInt(32 - prefix);
        const same = numberOf(network) >> shift === numberOf(address) >> shift;
        assert.equal(contains(parseCidr(`${network}/${prefix}`)!, parseAddress(address)!), same);
      }),
    );
  });

  it("reads IPv6 as the number that it is", () => {
    fc.assert(
      fc.property(ipv6, (address) => {
        assert.equal(parseAddress(address)!.first, numberOf(address));
      }),
    );
  });

  it("tells addresses that a machine can have from those that none has", () => {
    const own = ["10.5.0.11", "127.0.0.2", "169.254.1.1", "fd00::11", "fe80::1", "::1"];
    const none = ["0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "ff02::1"];
    assert.deepEqual(
      [...own, ...none].filter((text) => isHost(parseAddress(text)!)),
      own,
    );
  });

  it("says of two networks that they overlap exactly when one contains the other", () => {
    fc.assert(
      fc.property(cidr, cidr, (one, other) => {
        const [a, b] = [parseCidr(one)!, parseCidr(other)!];
        assert.equal(overlap(a, b), contains(a, b) || contains(b, a), `${one} ${other}`);
        assert.equal(overlap(a, b), overlap(b, a));
      }),
    );
  });

  it("gives the canonical form, which reads as the same network", () => {
    fc.assert(
      fc.property(cidr, (text) => {
        const range = parseCidr(text)!;
        const again = parseCidr(range.text)!;
        assert.deepEqual(
          [again.first, again.last, again.text],
          [range.first, range.last, range.text],
        );
      }),
    );
  });

  for (const text of [
    "",
    "10.0.0",
    "10.0.0.256",
    "010.0.0.1",
    "0x0a.0.0.1",
    "fe80::1%eth0",
    "::g",
    "a.b",
  ]) {
    it(`takes ${JSON.stringify(text)} for no address`, () => {
      assert.equal(parseAddress(text), undefined);
    });
  }

  for (const text of [
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/08",
    "::/129",
    "/8",
    "10.0.0.0/8/8",
  ]) {
    it(`takes ${JSON.stringify(text)} for no network`, () => {
      assert.equal(parseCidr(text), undefined);
    });
  }
});
