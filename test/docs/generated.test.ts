import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { entryOf } from "../../components/problems";
import { knownRules } from "../../components/silencing";
import { generatedFiles, staleFiles } from "../../scripts/writeDocs";
import { anchors } from "./linkFaults";

const ROOT = path.resolve(__dirname, "../..");
const SNIPPETS = path.join(ROOT, "test/docs/snippets");

describe("what of the documentation is made of the code (that it is current)", function () {
  this.timeout(60_000);
  this.slow(5_000);

  let files: ReadonlyMap<string, string>;
  before(async () => {
    files = await generatedFiles();
  });

  it("is what `npx tsx scripts/writeDocs.ts` writes", () => {
    assert.deepEqual(staleFiles(files), []);
  });

  it("has no TypeScript that no page shows any more", () => {
    const shown = readdirSync(SNIPPETS).filter((name) => !files.has(`test/docs/snippets/${name}`));
    assert.deepEqual(shown, []);
  });

  it("has the place that the message of each rule leads to", () => {
    const places = anchors(ROOT, "docs/rules.md");
    const astray = [...knownRules().keys()].filter((id) => {
      const [page, anchor] = entryOf(id).split("#");
      return page !== "docs/rules.md" || !places.has(anchor!);
    });
    assert.deepEqual(astray, []);
  });

  it("names every rule of the components", () => {
    const page = readFileSync(path.join(ROOT, "docs/rules.md"), "utf8");
    const named = [...page.matchAll(/^- <a id="[a-z0-9-]+"><\/a>\*\*([a-z0-9-]+)\*\*/gm)].map(
      ([, id]) => id!,
    );
    assert.deepEqual([...idsInSources()].filter((id) => !named.includes(id)).sort(), []);
    assert.equal(new Set(named).size, named.length);
  });
});

/** Ids as they stand in the sources: `id: "…"`, and the first argument of a maker of problems. */
function idsInSources(): Set<string> {
  const folder = path.join(ROOT, "components");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(path.join(folder, name), "utf8"));
  const ids = sources.flatMap((text) =>
    [...text.matchAll(/\bid: "([a-z][a-z0-9]*-[a-z0-9-]+)"|\bproblem\("([a-z-]+)"/g)].map(
      ([, id, made]) => id ?? made!,
    ),
  );
  assert.ok(ids.length > 50);
  return new Set(ids);
}
