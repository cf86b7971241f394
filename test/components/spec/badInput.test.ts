import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";

import { releaseFindings } from "../../../components/cilium/releaseValues";
import { parseClusterSpec } from "../../../components/spec";

const folder = resolve(__dirname, "../../fixtures/valid");
type Path = readonly (string | number)[];
type Tree = Record<string | number, unknown>;

/** Every place in a value, each shape of a path once: lists are looked at in their first element. */
function* places(value: unknown, path: Path, seen: Set<string>): Iterable<Path> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    const at = [...path, key];
    const shape = at.map((each) => (typeof each === "number" ? "#" : each)).join(".");
    if (!seen.has(shape)) yield at;
    seen.add(shape);
    yield* places(inner, at, seen);
  }
}

function replaced(root: Tree, path: Path, value: unknown): Tree {
  const copy = structuredClone(root);
  const owner = path.slice(0, -1).reduce<Tree>((inner, key) => inner[key] as Tree, copy);
  owner[path.at(-1)!] = value;
  return copy;
}

describe("bad input at each key of the valid stack files (that it is said, not that it is refused)", () => {
  const seen = new Set<string>();
  const cases = readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .flatMap((file) => {
      const { config } = parse(readFileSync(resolve(folder, file), "utf8")) as { config: Tree };
      const cluster = config["talos-cilium:cluster"] as Tree;
      return [...places(cluster, [], seen)].map((path) => ({ file, cluster, path }));
    });

  for (const [name, bad] of [
    ["null", null],
    ["an empty text", ""],
    ["a number beyond any", 1e21],
    ["an empty map", {}],
  ] as const) {
    it(`gets path, reason and fix for ${name}, and no exception`, () => {
      for (const { file, cluster, path } of cases) {
        const where = `${file} ${path.join(".")}`;
        const { problems, warnings } = parseClusterSpec(replaced(cluster, path, bad), {
          alsoCheck: (spec, isFaulty) => releaseFindings(spec, isFaulty),
        });
        for (const { id, propertyPath, reason, fix } of [...problems, ...warnings]) {
          for (const part of [id, propertyPath, reason, fix]) assert.ok(part, where);
          assert.doesNotMatch(`${reason} ${fix}`, /undefined|NaN|\[object/, where);
        }
      }
    }).timeout(60_000);
  }
});
