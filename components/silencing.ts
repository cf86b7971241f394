import type { Problem } from "./problems";
import { formatProblems } from "./problems";
import { patchRules } from "./spec/configPatches";
import { nearest } from "./spec/nearest";
import { rules } from "./spec/rules";
import { clashRules } from "./values/clashRules";
import { dataPathRules } from "./values/dataPathRules";

/** A problem as a rule found it, before anybody asked whether it is to be heard. */
export type Found = Problem & { readonly warns?: boolean };

/** What is said of a cluster, by what follows from it. */
export interface Sifted {
  /** They refuse it. */
  readonly problems: Problem[];
  readonly warnings: Problem[];
  /** Found and silenced: they are shown, and nothing follows. */
  readonly silenced: Problem[];
}

/** Rules that are no row of a list, and whether they may be silenced. */
const OTHER_RULES: Readonly<Record<string, boolean>> = {
  "chart-missing": false,
  "chart-not-rendered": false,
  "chart-tag": false,
  "chart-value-null": false,
  "chart-value-refused": false,
  "chart-value-type": false,
  "chart-value-word": false,
  "chart-version": true,
  "cli-chart": false,
  "cli-missing": false,
  "cli-version": false,
  "cluster-network-changed": true,
  "environment-name": false,
  "file-exists": false,
  "fresh-keys": false,
  "gateway-api-inline": false,
  "gateway-crds": false,
  "generated-keys": false,
  "hand-over-chart": true,
  "hand-over-machines": false,
  "helm-missing": false,
  "hosted-keys": false,
  "hosted-file": false,
  "hosted-stale": false,
  "hosted-unreachable": true,
  "hosted-url": false,
  "inline-manifest-size": false,
  "job-installs-once": true,
  "job-legacy": true,
  "job-too-late": false,
  "latched-value-changed": false,
  "machine-renamed": true,
  "machine-type-changed": true,
  "mesh-joined": true,
  "mesh-member-changed": true,
  "method-settings": false,
  "migration-foreign-cilium": false,
  "migration-forgotten": false,
  "migration-mixed": false,
  "migration-no-flannel": false,
  "migration-overlap": false,
  "migration-port": false,
  "migration-too-early": false,
  "migration-way-back": false,
  missing: false,
  "nested-secret": false,
  "no-api-server": true,
  "no-cluster": false,
  "not-allowed": false,
  "nothing-installs-cilium": false,
  "omni-secret": false,
  "out-of-range": false,
  "patch-delete": false,
  "patch-duplicate-document": false,
  "patch-empty": false,
  "patch-file-name": false,
  "patch-json6902": false,
  "patch-json6902-operation": false,
  "patch-not-a-document": false,
  "patch-syntax": false,
  "patch-unknown-key": false,
  "patch-unknown-kind": false,
  "patch-wrong-type": false,
  "platform-host-firewall": false,
  "removed-chart-key": false,
  "silenced-rule": false,
  "talos-capability": false,
  "talos-prunes": true,
  "talos-value": false,
  "unknown-chart-key": false,
  "upgrade-order": true,
  "values-kept": true,
  "version-downgrade": true,
  "version-jump": true,
  "worker-taints-changed": true,
  "unknown-key": false,
  "wrong-type": false,
  "yaml-syntax": false,
};

let known: ReadonlyMap<string, boolean> | undefined;

/**
 * Every rule by its id, and whether `silencedRules` may name it. Warnings may be silenced, and of what
 * refuses a cluster only what can come up all the same: what the chart, the machines or the agents
 * would end at is not a matter of taste.
 */
export function knownRules(): ReadonlyMap<string, boolean> {
  if (known) return known;
  const all = new Map(Object.entries(OTHER_RULES));
  const rows: readonly { id: string; warns?: boolean; silenceable?: boolean }[] = [
    ...rules,
    ...patchRules,
    ...clashRules,
    ...dataPathRules,
  ];
  for (const { id, warns = false, silenceable = warns } of rows) {
    all.set(id, silenceable && (all.get(id) ?? true));
  }
  known = all;
  return all;
}

/** One problem for each entry that names no rule, or one that holds whatever anybody says. */
export function silencedRuleProblems(silencedRules: readonly string[]): Problem[] {
  return silencedRules.flatMap((got, index) => {
    const maySilence = knownRules().get(got);
    if (maySilence) return [];
    const at = { id: "silenced-rule", propertyPath: `silencedRules[${index}]`, got };
    if (maySilence === false) {
      const reason = "without what it asks for no cluster comes up, or an existing one breaks";
      return [{ ...at, reason, fix: "remove it, and follow the rule where it fires" }];
    }
    const guess = nearest(got, [...knownRules().keys()]);
    const fix = guess ? `did you mean ${guess}?` : "take the id in brackets of the message";
    return [{ ...at, reason: "there is no rule of this id", fix }];
  });
}

/** What was found, in three heaps. An entry of `silencedRules` that may not be there silences nothing. */
export function sift(found: readonly Found[], silencedRules: readonly string[]): Sifted {
  const isSilenced = ({ id }: Found) => silencedRules.includes(id) && knownRules().get(id) === true;
  const heard = found.filter((each) => !isSilenced(each));
  return {
    problems: heard.filter(({ warns }) => !warns).map(problemOf),
    warnings: heard.filter(({ warns }) => warns).map(problemOf),
    silenced: found.filter(isSilenced).map(problemOf),
  };
}

function problemOf({ id, propertyPath, got, reason, fix }: Found): Problem {
  return { id, propertyPath, ...(got !== undefined && { got }), reason, fix };
}

/** The heading over what is silenced, by which a summary of the preview knows it. */
export const SILENCED = "Silenced by silencedRules";

/** What a preview says of the rules that are silenced, and of what they found. */
export function formatSilenced(
  silencedRules: readonly string[],
  found: readonly Problem[],
): string {
  return formatProblems(found, `${SILENCED}: ${silencedRules.join(", ")}`);
}
