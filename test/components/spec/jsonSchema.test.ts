import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { DEFAULT_KUBE_PRISM_PORT } from "../../../components/spec";
import { clusterJsonSchema, stackJsonSchema } from "../../../components/spec/jsonSchema";

const folder = resolve(__dirname, "../../../schemas");

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Record<string, Node>;
  readonly items?: Node;
  readonly required?: string[];
}

describe("JSON Schemas for editors (that they say what the code does, not that an editor shows it)", () => {
  for (const [name, schema] of [
    ["cluster.schema.json", clusterJsonSchema()],
    ["stack.schema.json", stackJsonSchema()],
  ] as const) {
    it(`${name} is what the schema in the code gives; else run npx tsx scripts/writeSchema.ts`, () => {
      assert.deepEqual(JSON.parse(readFileSync(resolve(folder, name), "utf8")), schema);
    });
  }

  it("describe every key", () => {
    const bare: string[] = [];
    const look = (node: Node, path: string) => {
      for (const [key, inner] of Object.entries(node.properties ?? {})) {
        if (!inner.description) bare.push(`${path}.${key}`);
        look(inner, `${path}.${key}`);
      }
      if (node.items) look(node.items, `${path}[]`);
    };
    look(clusterJsonSchema() as Node, "");
    assert.deepEqual(bare, []);
  });

  it("say which keys must be there and what holds where they are not", () => {
    const schema = clusterJsonSchema() as Node;
    assert.deepEqual(schema.required, [
      "clusterName",
      "clusterEndpoint",
      "talosVersion",
      "configContract",
      "kubernetesVersion",
      "nodes",
      "cilium",
    ]);
    const { kubePrism, talosVersion } = schema.properties!;
    assert.equal(kubePrism!.properties!["port"]!.default, DEFAULT_KUBE_PRISM_PORT);
    assert.equal("default" in talosVersion!, false);
  });
});
