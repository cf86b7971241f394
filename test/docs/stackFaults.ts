import { parse, stringify } from "yaml";

import { readStackText } from "../../commands/stackFile/readStackFile";
import { releaseProblems } from "../../components/cilium/releaseValues";
import { formatProblems } from "../../components/problems";
import type { ClusterSpecInput } from "../../components/spec";
import { minimalCluster } from "../components/spec/minimalCluster";

const KEY = "talos-cilium:cluster";

/**
 * The cluster of a YAML block: a whole stack file has `config`; anything else are keys of a cluster,
 * which is the least one otherwise.
 */
export function clusterOf(text: string): ClusterSpecInput {
  const document = parse(text) as { config?: Record<string, ClusterSpecInput> };
  return document.config ? document.config[KEY]! : { ...minimalCluster(), ...document };
}

/** What is wrong with a YAML block, warnings included. */
export function stackFaults(text: string): string[] {
  const isFile = "config" in (parse(text) as object);
  return fileFaults(isFile ? text : stringify({ config: { [KEY]: clusterOf(text) } }));
}

/** What is wrong with a patch of the machine configuration. */
export function patchFaults(text: string): string[] {
  return stackFaults(stringify({ configPatches: [text] }));
}

/** As `npm run validate` says it. */
function fileFaults(text: string): string[] {
  const { problems, warnings } = readStackText(text, "talos-cilium", releaseProblems);
  const found = [...problems, ...warnings];
  return found.length > 0 ? [formatProblems(found)] : [];
}
