import * as z from "zod/mini";

import { CLUSTER_KEY, DEFAULT_PROJECT_NAME } from "./rules/configKeys";
import { clusterSchema } from "./schema";

type JsonSchema = Record<string, unknown>;

/** JSON Schema of a cluster as a user writes it, with descriptions and defaults, for editors. */
export function clusterJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(clusterSchema, { io: "input", target: "draft-7" }) as JsonSchema;
  return {
    $schema: schema["$schema"],
    title: "Talos cluster with Cilium",
    description: "One cluster, as it stands under talos-cilium:cluster in a stack file.",
    ...withoutBounds(schema),
  };
}

/** JSON Schema of a stack file, `Pulumi.<stack>.yaml`; the cluster's lies beside it. */
export function stackJsonSchema(): JsonSchema {
  const key = `${DEFAULT_PROJECT_NAME}:${CLUSTER_KEY}`;
  const secret = {
    type: "object",
    description: "A secret that configPatchesFrom names, or a feature of Cilium.",
    properties: { secure: { type: "string" } },
    required: ["secure"],
    additionalProperties: false,
  };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stack file of talos-cilium",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: { [key]: { $ref: "cluster.schema.json" } },
        patternProperties: { [`^${DEFAULT_PROJECT_NAME}:(?!${CLUSTER_KEY}$)`]: secret },
        required: [key],
      },
    },
    required: ["config"],
  };
}

/** Whole numbers come with the bounds of JavaScript's, which say nothing to a reader. */
function withoutBounds(schema: unknown): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      (key === "maximum" && value === Number.MAX_SAFE_INTEGER) ||
      (key === "minimum" && value === Number.MIN_SAFE_INTEGER)
        ? undefined
        : value,
    ),
  ) as JsonSchema;
}
