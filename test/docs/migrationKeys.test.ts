import assert from "node:assert/strict";
import path from "node:path";

import { clusterJsonSchema } from "../../components/spec/jsonSchema";
import { proseOf } from "../../scripts/docs/blocks";

const ROOT = path.resolve(__dirname, "../..");

/** Words in the tables that are values or outputs. */
const NO_KEYS = ["controlplane", "worker", "kubeconfig", "talosconfig"];

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
}

/** Keys of a cluster that tables name in the column of that title, the last. */
function namedKeys(): string[] {
  const tables = proseOf(ROOT, "docs/migration.md").join("\n").split(/\n\n+/);
  const rows = tables
    .filter((table) => /^\|.*`talos-cilium:cluster` *\|$/m.test(table))
    .flatMap((table) => table.split("\n").slice(2));
  return rows.flatMap((row) => {
    const here = row.split("|").at(-2) ?? "";
    const words = [...here.matchAll(/`([a-z]\w*(?:\[\])?(?:\.\w+(?:\[\])?)*)`/g)];
    return words.map(([, word]) => word!).filter((word) => !NO_KEYS.includes(word));
  });
}

function isKnown(key: string): boolean {
  let schema: Schema | undefined = clusterJsonSchema() as Schema;
  for (const part of key.split(".")) {
    // What stands below has no keys of ours.
    if (!schema?.properties) return schema !== undefined;
    const inner: Schema | undefined = schema.properties[part.replace("[]", "")];
    schema = part.endsWith("[]") ? inner?.items : inner;
  }
  return schema !== undefined;
}

describe("tables of docs/migration.md (the names here; those of other tools cannot be asked)", () => {
  it("name keys that there are", () => {
    const keys = namedKeys();
    assert.ok(keys.length > 40, `${keys.length} keys`);
    assert.deepEqual(
      [...new Set(keys)].filter((key) => !isKnown(key)),
      [],
    );
  });
});
