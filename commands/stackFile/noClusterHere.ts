import type { Problem } from "../../components/problems";
import { nearest } from "../../components/spec/nearest";

/**
 * Why a stack file holds no cluster: its key stands elsewhere, is spelled otherwise, or is empty. Pure.
 *
 * @param root the whole file
 * @param key full name of the cluster's key, such as `talos-cilium:cluster`
 */
export function noClusterHere(root: Readonly<Record<string, unknown>>, key: string): Problem {
  const config = root["config"];
  const isObject = typeof config === "object" && config !== null && !Array.isArray(config);
  const problem = (propertyPath: string, reason: string, fix: string): Problem => ({
    id: "no-cluster",
    propertyPath,
    reason,
    fix,
  });
  if (isObject && key in config) {
    return problem(
      key,
      "the cluster is empty",
      "indent its keys (clusterName, nodes, …) by two spaces more than this one",
    );
  }
  if (key in root) {
    return problem(key, "it stands beside config, not in it", `indent ${key} under config:`);
  }
  const inConfig = isObject ? nearest(key, Object.keys(config)) : undefined;
  if (inConfig) return problem(inConfig, "the program reads no such key", `write ${key}`);
  const short = key.slice(key.indexOf(":") + 1);
  if (isObject && short in config) {
    return problem(short, "a key of a stack begins with its project", `write ${key}`);
  }
  const misspelled = config === undefined ? nearest("config", Object.keys(root)) : undefined;
  if (misspelled) return problem(misspelled, "Pulumi reads no such key", "write config");
  return problem(
    "",
    "the stack file holds no cluster",
    `write it under config: and ${key}:; \`npm run new -- <environment>\` writes a whole file`,
  );
}
