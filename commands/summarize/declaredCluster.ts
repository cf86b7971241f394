import type { Preview, Tree } from "./preview";

/** What the stack file says about the cluster; nothing of it was validated. */
export interface DeclaredCluster {
  /** Key of the configuration, `<project>:cluster`. */
  readonly key: string;
  readonly spec: Tree;
  /** Machine types by hostname. */
  readonly machineTypes: ReadonlyMap<string, string>;
  /** Names of secrets that hold patches. */
  readonly secretNames: readonly string[];
}

/** The cluster of the stack configuration, or undefined where the program keeps it elsewhere. Pure. */
export function declaredCluster({ config }: Preview): DeclaredCluster | undefined {
  const key = Object.keys(config).find((name) => name.endsWith(":cluster"));
  const spec = asTree(key && parsed(config[key]!));
  if (!key || !spec) return undefined;
  const nodes = (Array.isArray(spec["nodes"]) ? (spec["nodes"] as unknown[]) : [])
    .map(asTree)
    .filter((node) => node !== undefined);
  return {
    key,
    spec,
    machineTypes: new Map(
      nodes.map((node) => [String(node["hostname"]), String(node["machineType"])]),
    ),
    secretNames: [spec, ...nodes].flatMap(({ configPatchesFrom: names }) =>
      Array.isArray(names) ? names.map(String) : [],
    ),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asTree(value: unknown): Tree | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : undefined;
}
