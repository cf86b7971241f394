import { type Alias, type Document, type Node, visit } from "yaml";

/** Why an alias stands for nothing. */
export interface AliasFault {
  readonly alias: Alias;
  readonly reason: string;
  readonly fix: string;
}

/**
 * What each alias (`*name`) stands for: the last value before it that is called so (`&name`). One that
 * names nothing, or a value that it is part of, is a fault. Pure.
 */
export function aliasTargets(document: Document): {
  readonly targets: ReadonlyMap<Alias, Node>;
  readonly faults: readonly AliasFault[];
} {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const faults: AliasFault[] = [];
  visit(document, {
    Node(_key, node) {
      if ("anchor" in node && node.anchor) anchors.set(node.anchor, node as Node);
    },
    Alias(_key, alias, ancestors) {
      const target = anchors.get(alias.source);
      if (!target) {
        const reason = `*${alias.source} refers to an anchor that is not there`;
        faults.push({ alias, reason, fix: "put it in quotes" });
      } else if (ancestors.includes(target)) {
        const reason = `*${alias.source} stands inside &${alias.source}, so that it has no end`;
        faults.push({ alias, reason, fix: "write the value that is meant in place of the alias" });
      } else targets.set(alias, target);
    },
  });
  return { targets, faults };
}
