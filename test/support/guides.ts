import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import type { ClusterSpecInput } from "../../components";

export const GUIDES = path.resolve(__dirname, "../../examples/guides");

/** A stack file of `examples/guides`. */
export interface Guide {
  /** `<guide>/<section>`. */
  readonly name: string;
  readonly text: string;
  readonly spec: ClusterSpecInput;
}

export function guides(): Guide[] {
  return readdirSync(GUIDES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => {
      const text = readFileSync(path.join(GUIDES, file), "utf8");
      const { config } = parse(text) as { config: Record<string, ClusterSpecInput> };
      const name = file.replace(/Pulumi\.([\w-]+)\.yaml$/, "$1");
      return { name, text, spec: config["talos-cilium:cluster"]! };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
