import {
  isDnsLabel,
  isDnsName,
  labelKeyFault,
  labelValueFault,
  taintEffects,
  taintFault,
} from "../kubernetesNames";
import { nearest } from "../nearest";
import { propertyPath } from "../propertyPath";
import type { ClusterSpec } from "../schema";
import { duplicates } from "./duplicates";
import type { Finding, Rule } from "./rule";

/** Names of the cluster and of its machines, labels and taints. */
export const nameRules: readonly Rule[] = [
  { id: "cluster-name", check: clusterName },
  { id: "dns-domain", check: dnsDomain },
  { id: "hostname", check: hostname },
  { id: "duplicate-hostname", check: duplicateHostname },
  { id: "node-label", check: nodeLabel },
  { id: "node-taint", check: nodeTaint },
];

/** Control characters, line breaks, and what is drawn as nothing. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

function* clusterName({ clusterName: got }: ClusterSpec): Iterable<Finding> {
  const visible = got.replaceAll(INVISIBLE, "").trim();
  const [hidden] = got.match(INVISIBLE) ?? [];
  if (visible !== "" && hidden === undefined) return;
  yield {
    propertyPath: "clusterName",
    got,
    reason:
      visible === ""
        ? "a cluster has a name of at least one character"
        : `it holds a character that nobody sees or types (${codePoint(hidden!)}), and contexts and files are named after it`,
    fix: visible === "" ? "name it, for example home" : `write ${visible}`,
  };
}

function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

function* dnsDomain({ dnsDomain: got }: ClusterSpec): Iterable<Finding> {
  if (isDnsName(got)) return;
  yield {
    propertyPath: "dnsDomain",
    got,
    reason: "it is no DNS name in lower case",
    fix: "write a name such as cluster.local, or leave the key out",
  };
}

function* hostname({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, { hostname: got }] of nodes.entries()) {
    if (isDnsLabel(got)) continue;
    const short = got.split(".")[0]!;
    const withDomain = isDnsName(got);
    const corrected = short.toLowerCase().replaceAll("_", "-");
    yield {
      propertyPath: `nodes[${index}].hostname`,
      got,
      reason: withDomain
        ? `Kubernetes would know the machine as ${short}, without the domain`
        : "it is no DNS label: up to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit",
      fix: isDnsLabel(corrected) ? `write ${corrected}` : "write a name such as cp-1",
    };
  }
}

function* duplicateHostname({ nodes }: ClusterSpec): Iterable<Finding> {
  const names = nodes.map(({ hostname: name, ipAddress }, index) => ({
    key: name,
    ipAddress,
    propertyPath: `nodes[${index}].hostname`,
  }));
  for (const { later, earlier } of duplicates(names)) {
    yield {
      propertyPath: later.propertyPath,
      got: later.key,
      reason: `${earlier.propertyPath} (${earlier.ipAddress}) has the same name as this one (${later.ipAddress}), and a name is one machine`,
      fix: "give each machine a name of its own",
    };
  }
}

function* nodeLabel({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, { labels }] of nodes.entries()) {
    for (const [key, value] of Object.entries(labels)) {
      const path = propertyPath(["nodes", index, "labels", key]);
      const keyFault = labelKeyFault(key);
      const valueFault = labelValueFault(value);
      if (keyFault) yield badKey(path, key, keyFault);
      if (valueFault) {
        yield { propertyPath: path, got: value, reason: valueFault, fix: "shorten or reword it" };
      }
    }
  }
}

function* nodeTaint({ nodes }: ClusterSpec): Iterable<Finding> {
  for (const [index, { taints }] of nodes.entries()) {
    for (const [key, value] of Object.entries(taints)) {
      const path = propertyPath(["nodes", index, "taints", key]);
      const keyFault = labelKeyFault(key);
      const valueFault = taintFault(value);
      if (keyFault) yield badKey(path, key, keyFault);
      if (valueFault) {
        const [effect = "", before] = value.split(":").reverse();
        const guess = nearest(effect, taintEffects) ?? "NoSchedule";
        yield {
          propertyPath: path,
          got: value,
          reason: valueFault,
          fix: `write ${before === undefined ? "" : `${before}:`}${guess}`,
        };
      }
    }
  }
}

function badKey(path: string, key: string, reason: string): Finding {
  return { propertyPath: path, got: key, reason, fix: "write a key such as example.org/role" };
}
