import type { DiffLine } from "./configDiff";
import type { NodeChange } from "./nodes";

/** Machines that change alike, apart from their own name and address. */
export interface NodeGroup {
  readonly nodes: readonly NodeChange[];
  readonly lines: readonly string[];
}

/** Groups machines by what happens to them, those that need a reboot first, then the largest. Pure. */
export function groupNodes(nodes: readonly NodeChange[]): NodeGroup[] {
  const groups = new Map<string, NodeGroup & { nodes: NodeChange[] }>();
  // Of one that leaves there is nothing to compare: the impact names it.
  for (const node of nodes.filter(({ kind }) => kind !== "deleted")) {
    const lines = node.lines.map((line) => generalized(line, node));
    const key = JSON.stringify([node.kind, node.effect, node.unseen, lines]);
    const group = groups.get(key);
    if (group) group.nodes.push(node);
    else groups.set(key, { nodes: [node], lines });
  }
  return [...groups.values()]
    .map(({ nodes: alike, lines }) =>
      alike.length > 1
        ? { nodes: alike, lines }
        : { nodes: alike, lines: alike[0]!.lines.map(plain) },
    )
    .sort((a, b) => rank(a) - rank(b) || b.nodes.length - a.nodes.length);
}

function rank({ nodes: [node] }: NodeGroup): number {
  if (node?.effect.outcome === "none") return 2;
  return node?.effect.certain ? 0 : 1;
}

function plain({ sign, text }: DiffLine): string {
  return `${sign} ${text}`;
}

function generalized(line: DiffLine, { hostname, address }: NodeChange): string {
  const named = plain(line).replaceAll(JSON.stringify(hostname), "<hostname>");
  if (!address) return named;
  return named.replaceAll(`"${address}"`, "<address>").replaceAll(`"${address}/`, '"<address>/');
}
