import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import type { ClusterSpecInput } from "../../components";

const FOLDER = path.resolve(__dirname, "../fixtures/everything");

/** The clusters that have every feature on between them, as few as the features allow, by their names. */
export function everything(base: ClusterSpecInput): [name: string, spec: ClusterSpecInput][] {
  return readdirSync(FOLDER).map((file) => {
    const text = readFileSync(path.join(FOLDER, file), "utf8");
    const keys = parse(text) as Partial<ClusterSpecInput>;
    const cilium = { ...base.cilium, ...keys.cilium };
    return [path.basename(file, ".yaml"), { ...base, ...keys, cilium }];
  });
}
