import assert from "node:assert/strict";

import fc from "fast-check";

import { hashOf } from "../../components/hash";

describe("hashOf", () => {
  it("does not depend on the order of keys, at any depth", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (value === null || typeof value !== "object") return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      );
    };
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        assert.equal(hashOf(value), hashOf(reversed(value)));
      }),
    );
  });

  it("depends on every value and on the order of a list", () => {
    const hashes = [{ a: 1 }, { a: 2 }, { a: [1, 2] }, { a: [2, 1] }, { b: 1 }].map(hashOf);
    assert.equal(new Set(hashes).size, hashes.length);
  });
});
