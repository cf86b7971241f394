import type { Change } from "./changes";
import { code, count, names, prose } from "./markdown";
import type { NodeChange } from "./nodes";

/** What is lost when a resource of the type is replaced, or deleted without being kept. */
const CONSEQUENCES: Readonly<Record<string, { replaced: string; deleted: string }>> = {
  "talos:machine/secrets:Secrets": {
    replaced: "new keys and tokens, which no machine of the cluster accepts",
    deleted: "the keys of the cluster are gone",
  },
  "talos:machine/bootstrap:Bootstrap": {
    replaced: "etcd would be bootstrapped a second time",
    deleted: "etcd itself stays as it is",
  },
  "kubernetes:helm.sh/v3:Release": {
    replaced: "the chart is installed anew, and pods lose their network meanwhile",
    deleted: "the chart is uninstalled: pods lose their network",
  },
};

/** Most lines of one kind. */
const MOST = 12;

/** What a reviewer has to know before anything else: reboots, replacements, what goes. Pure. */
export function impactLines(changes: readonly Change[], nodes: readonly NodeChange[]): string[] {
  return [
    ...rebootLines(nodes),
    ...capped(
      changes.filter(({ kind }) => kind === "replaced"),
      replacedLine,
    ),
    ...capped(
      changes.filter(({ kind, type }) => kind === "deleted" && type in CONSEQUENCES),
      deletedLine,
    ),
    ...leavingLines(nodes.filter(({ kind }) => kind === "deleted")),
  ];
}

const OUTCOMES = {
  reboots: ["Reboots", "May reboot"],
  staged: ["Takes the change at the next reboot", "May take the change only at the next reboot"],
  refused: ["Refuses the change, which needs a reboot", "May refuse the change"],
} as const;

function machines(what: string, all: readonly NodeChange[], why: string): string {
  const hostnames = prose(names(all.map(({ hostname }) => hostname)));
  return `**${what}: ${count(all.length, "node")}** (${hostnames})${why === "" ? "" : `: ${why}`}`;
}

function rebootLines(nodes: readonly NodeChange[]): string[] {
  const groups = new Map<string, NodeChange[]>();
  for (const node of nodes) {
    if (node.effect.outcome === "none") continue;
    const key = JSON.stringify([node.effect, node.rebootFields, node.unseen]);
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  const lines = [...groups.values()].map((group) => {
    const [{ effect, rebootFields, unseen }] = group as [NodeChange];
    if (effect.outcome === "none") return "";
    const outcome = OUTCOMES[effect.outcome][effect.certain ? 0 : 1];
    const why = effect.certain ? rebootFields.map(code) : unseen.map(prose);
    return machines(outcome, group, why.slice(0, MOST).join(", "));
  });
  return cappedLines(lines);
}

function replacedLine({ name, type, replaceReasons }: Change): string {
  const because = replaceReasons.slice(0, MOST).map(code).join(", ");
  const consequence = CONSEQUENCES[type]?.replaced;
  return `**Replaced: ${code(name)}** (${type})${because === "" ? "" : ` for ${because}`}${consequence ? `: ${consequence}` : ""}`;
}

function deletedLine({ name, type, retained }: Change): string {
  const consequence = retained ? "stays in the cluster" : CONSEQUENCES[type]!.deleted;
  return `**Deleted: ${code(name)}** (${type}): ${consequence}`;
}

function leavingLines(nodes: readonly NodeChange[]): string[] {
  const reset = nodes.filter(({ resets }) => resets);
  const kept = nodes.filter(({ resets }) => !resets);
  return [
    ...(reset.length > 0 ? [machines("Leaves the stack", reset, "it is reset")] : []),
    ...(kept.length > 0
      ? [machines("Leaves the stack", kept, "it is not reset and runs on with its configuration")]
      : []),
  ];
}

function capped(changes: readonly Change[], line: (change: Change) => string): string[] {
  return cappedLines(changes.map(line));
}

function cappedLines(lines: readonly string[]): string[] {
  const left = lines.length - MOST;
  return left > 0 ? [...lines.slice(0, MOST), `and ${left} more of these`] : [...lines];
}
