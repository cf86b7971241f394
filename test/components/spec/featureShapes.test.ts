import assert from "node:assert/strict";

import { parseShape } from "../../../components/spec/shape";
import { objectCases } from "../cilium/objectCases";
import { minimalCluster } from "./minimalCluster";

type Path = readonly (string | number)[];

/** Every place in a value. */
function* placesIn(value: unknown, path: Path = []): Iterable<Path> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* placesIn(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function put(root: object, path: Path, value: unknown): void {
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as never)[key], root);
  (parent as Record<string | number, unknown>)[path.at(-1)!] = value;
}

describe("shapes of features (that rules have something to look at; their messages are fixtures)", () => {
  for (const [name, { cilium }] of Object.entries(objectCases)) {
    it(`does not hide by the first fault what else is wrong: ${name}`, () => {
      const spec = { version: "1.20.0", ...cilium };
      for (const path of placesIn(spec)) {
        for (const value of [null, 5, { a: 1 }, [null]]) {
          const raw = minimalCluster({ cilium: structuredClone(spec) });
          put((raw as { cilium: object }).cilium, path, structuredClone(value));
          assert.notEqual(parseShape(raw).spec, undefined, `${path.join(".")}: ${String(value)}`);
        }
      }
    });
  }
});
