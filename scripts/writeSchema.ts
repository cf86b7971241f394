import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { clusterJsonSchema, stackJsonSchema } from "../components/spec/jsonSchema";

/**
 * Writes `schemas/*.json`, by which editors complete and check stack files. With `--check` it only
 * says which are stale, and exits 1 when one is.
 */
const folder = resolve(__dirname, "../schemas");
const schemas = {
  "cluster.schema.json": clusterJsonSchema(),
  "stack.schema.json": stackJsonSchema(),
};

for (const [name, schema] of Object.entries(schemas)) {
  const file = resolve(folder, name);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error(`schemas/${name} is stale: run npx tsx scripts/writeSchema.ts`);
    process.exitCode = 1;
  }
}
