import type { Problem } from "../../components/problems";
import { nearest } from "../../components/spec/nearest";
import { isEncrypted, isObject } from "./stackConfig";

type Values = Readonly<Record<string, unknown>>;

/**
 * Why a stack file holds no cluster that can be read: its key stands elsewhere, is spelled otherwise, or
 * is empty or encrypted. Empty when there is one. Pure.
 *
 * @param root the whole file
 * @param config its configuration by full names
 * @param key full name of the cluster's key, such as `talos-cilium:cluster`
 */
export function noClusterIn(root: Values, config: Values, key: string): Problem[] {
  const problem = (propertyPath: string, reason: string, fix: string): Problem[] => [
    { id: "no-cluster", propertyPath, reason, fix },
  ];
  const cluster = config[key];
  if (isEncrypted(cluster)) {
    const reason = "the cluster is encrypted as a whole, and it reaches the program in clear";
    const fix = `write it out in clear: pulumi config get ${key} shows it; only what configPatchesFrom names is a secret`;
    return [{ id: "nested-secret", propertyPath: key, reason, fix }];
  }
  if (cluster !== undefined && cluster !== null) return [];
  if (key in config) {
    const fix = "indent its keys (clusterName, nodes, …) by two spaces more than this one";
    return problem(key, "the cluster is empty", fix);
  }
  if (key in root) {
    return problem(key, "it stands beside config, not in it", `indent ${key} under config:`);
  }
  const [project, short] = key.split(":") as [string, string];
  const foreign = Object.keys(config).find((each) => each.endsWith(`:${short}`));
  if (foreign) {
    const reason = `it is of a project ${foreign.slice(0, -short.length - 1)}, and Pulumi.yaml names this one ${project}`;
    return problem(foreign, reason, `write ${key}`);
  }
  const inConfig = nearest(key, Object.keys(config));
  if (inConfig) return problem(inConfig, "the program reads no such key", `write ${key}`);
  const isMissing = root["config"] === undefined;
  const misspelled = isMissing ? nearest("config", Object.keys(root)) : undefined;
  if (misspelled) return problem(misspelled, "Pulumi reads no such key", "write config");
  if (!isMissing && root["config"] !== null && !isObject(root["config"])) {
    const fix = `write ${key}: and the cluster under it, indented by two spaces`;
    return problem("config", "it holds no keys", fix);
  }
  return problem(
    "",
    "the stack file holds no cluster",
    `write it under config: and ${key}:; \`npm run new -- <environment>\` writes a whole file`,
  );
}
