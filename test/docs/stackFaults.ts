import { parse, stringify } from "yaml";

import { readStackText } from "../../commands/stackFile/readStackFile";
import { releaseProblems } from "../../components/cilium/releaseValues";
import { formatProblems } from "../../components/problems";
import { minimalCluster } from "../components/spec/minimalCluster";

/**
 * What is wrong with a YAML block, warnings included: a whole stack file has `config`; anything else
 * are keys of a cluster, which is the least one otherwise.
 */
export function stackFaults(text: string): string[] {
  const document = parse(text) as Record<string, unknown>;
  return "config" in document ? fileFaults(text) : clusterFaults(document);
}

/** What is wrong with a patch of the machine configuration. */
export function patchFaults(text: string): string[] {
  return clusterFaults({ configPatches: [text] });
}

function clusterFaults(keys: Record<string, unknown>): string[] {
  return fileFaults(
    stringify({ config: { "talos-cilium:cluster": { ...minimalCluster(), ...keys } } }),
  );
}

/** As `npm run validate` says it. */
function fileFaults(text: string): string[] {
  const { problems, warnings } = readStackText(text, "talos-cilium", releaseProblems);
  const found = [...problems, ...warnings];
  return found.length > 0 ? [formatProblems(found)] : [];
}
