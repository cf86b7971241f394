import assert from "node:assert/strict";

import type { ChartKeys } from "../../../components/values/chartKeys";
import { KEY_FILES, chartKeysOf } from "../../../components/values/keyIndex";
import { type KeyPatch, keyPatch, patchedKeys } from "../../../components/values/keyPatch";

const CASES: [string, ChartKeys, ChartKeys, KeyPatch][] = [
  ["nothing", { a: "any" }, { a: "any" }, {}],
  ["another type", { a: "any" }, { a: "string" }, { a: "string" }],
  ["a key that goes", { a: "any", b: "any" }, { a: "any" }, { b: null }],
  ["a key that comes", {}, { a: { b: "any" } }, { a: { b: "any" } }],
  [
    "a key that comes below",
    { a: { b: "any" } },
    { a: { b: "any", c: "any" } },
    { a: { c: "any" } },
  ],
  ["a type that becomes a map", { a: "object" }, { a: { b: "any" } }, { a: { b: "any" } }],
  ["a type that becomes a map without keys", { a: "object" }, { a: {} }, { a: {} }],
  ["a map that becomes a type", { a: { b: "any" } }, { a: "object" }, { a: "object" }],
];

describe("keyPatch", () => {
  for (const [name, from, to, patch] of CASES) {
    it(name, () => {
      assert.deepEqual(keyPatch(from, to), patch);
      assert.deepEqual(patchedKeys(from, patch), to);
    });
  }

  it("makes every index of the files, and the files of every index", () => {
    let newer: ChartKeys = {};
    for (const { version, keys } of KEY_FILES) {
      const index = chartKeysOf(version)!;
      assert.deepEqual(keyPatch(newer, index), keys);
      newer = index;
    }
  });
});
