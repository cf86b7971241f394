import type { Document, Node, Pair, ScalarTag } from "yaml";
import { isAlias, isCollection, isMap, isPair, isScalar, visit } from "yaml";

/** Where Talos' YAML differs from YAML 1.2. */
export interface DialectFault {
  readonly offset: number;
  readonly reason: string;
}

/** A `<<` that takes over the keys of another object. */
export interface MergeKey {
  /** Path of the object that it stands in. */
  readonly path: readonly (string | number)[];
  readonly isAlias: boolean;
}

const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Numbers with underscores and binary ones, which the core schema leaves texts. */
export const numbersOfTalos: ScalarTag[] = [
  {
    tag: "tag:yaml.org,2002:int",
    default: true,
    test: /^(0b[01_]+|[-+]?[1-9][0-9]*_[0-9_]*)$/,
    resolve: (text) => Number(text.replaceAll("_", "").replace(/^\+/, "")),
  },
];

/** Whether two keys of an object are one to Talos, to which every key is a text. */
export function sameKey(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isScalar(one) || !isScalar(other) || isMergeKey(one)) return false;
  return String(one.value) === String(other.value);
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.source === "<<";
}

/** What Talos' parser refuses in a document that is YAML 1.2, or undefined when there is nothing. */
export function dialectFault(document: Document.Parsed, text: string): DialectFault | undefined {
  const forbidden = text.search(FORBIDDEN);
  if (forbidden >= 0) return { offset: forbidden, reason: "Talos reads no control characters" };
  const { explicit, version } = document.directives.yaml;
  if (explicit === true && version !== "1.1") {
    return { offset: 0, reason: `Talos reads no directive but %YAML 1.1, and not ${version}` };
  }
  let fault: DialectFault | undefined;
  const found = (node: Node | Pair, reason: string) => {
    fault = { offset: ("range" in node ? node.range?.[0] : undefined) ?? 0, reason };
    return visit.BREAK;
  };
  visit(document, {
    Alias(_key, node, path) {
      const target = node.resolve(document);
      if (!target) return found(node, `nothing is called &${node.source}`);
      if (path.includes(target)) return found(node, `&${node.source} contains itself`);
      return undefined;
    },
    Pair(_key, pair) {
      if (!isScalar(pair.key) && !isAlias(pair.key)) {
        return found(isCollection(pair.key) ? pair.key : pair, "a key must be a single value");
      }
      return undefined;
    },
    Scalar(_key, node, path) {
      const object = path.at(-2);
      const inBraces = isMap(object) && object.flow === true;
      if (!inBraces || node.type !== "PLAIN" || !node.source?.startsWith(":")) return undefined;
      return found(
        node,
        "between braces, Talos reads a value that begins with a colon only in quotes",
      );
    },
  });
  return fault;
}

/** The places at which a document takes over keys. */
export function mergeKeys(document: Document.Parsed): MergeKey[] {
  const found: MergeKey[] = [];
  visit(document, {
    Pair(_key, pair, ancestors) {
      if (isMergeKey(pair.key)) {
        found.push({ path: pathOf(ancestors), isAlias: isAlias(pair.value) });
      }
    },
  });
  return found;
}

function pathOf(ancestors: readonly unknown[]): (string | number)[] {
  return ancestors.flatMap((node, index): (string | number)[] => {
    if (isPair(node)) return isScalar(node.key) ? [String(node.key.value)] : [];
    const inner = ancestors[index + 1];
    return isCollection(node) && !isMap(node) && inner !== undefined
      ? [node.items.indexOf(inner)]
      : [];
  });
}
