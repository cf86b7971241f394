import {
  type Document,
  type LineCounter,
  type Node,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
} from "yaml";

import type { Problem } from "../../components/problems";
import type { LocatedProblem } from "./readStackFile";

type Path = readonly (string | number)[];

/**
 * Problems with the lines that they are about, in the order of those lines. Pure.
 *
 * @param clusterKey key under `config` that property paths begin at
 */
export function locate(
  problems: readonly Problem[],
  document: Document,
  lines: LineCounter,
  clusterKey: string,
): LocatedProblem[] {
  return problems
    .map((problem) => {
      const place = placeOf(problem.propertyPath, document, clusterKey);
      const line = place && lineOf(problem, place, lines);
      return { ...asWritten(problem, place?.value), ...(line !== undefined && { line }) };
    })
    .sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
}

/** A problem is of the cluster, of a key beside it, or of the file. */
function placeOf(propertyPath: string, document: Document, clusterKey: string): Place | undefined {
  const isThere = (keys: Path) => find(document, keys)?.isThere === true;
  const key = namesOf(clusterKey).find((each) => isThere(["config", each])) ?? clusterKey;
  const inCluster = find(document, ["config", key, ...parsePropertyPath(propertyPath)]);
  if (inCluster?.isThere) return inCluster;
  const besides = [...namesOf(propertyPath).map((each) => ["config", each]), [propertyPath]];
  const beside = besides.find(isThere);
  return beside ? find(document, beside) : inCluster;
}

/** A key may stand there without its project. */
function namesOf(key: string): string[] {
  return [key, key.slice(key.indexOf(":") + 1)];
}

/** The way back from `nodes[1].labels["a.b/c"]` to its keys. Pure. */
export function parsePropertyPath(text: string): (string | number)[] {
  const keys = text.matchAll(/\.?([^.[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g);
  return [...keys].map(([, name, index, quoted]) => {
    if (quoted !== undefined) return JSON.parse(quoted) as string;
    return index === undefined ? name! : Number(index);
  });
}

interface Place {
  /** Of the key, or of the element, in the text. */
  readonly offset: number;
  /** Whether it is the place itself, and not only something around it. */
  readonly isThere: boolean;
  readonly value?: Node;
}

/** The place of a path, or of the innermost thing around it that is there. */
function find(document: Document, path: Path): Place | undefined {
  let node: unknown = document.contents;
  let place: Place | undefined;
  for (const [index, key] of path.entries()) {
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.source === String(key))
      : undefined;
    const value: unknown = pair ? pair.value : isSeq(node) ? node.items[Number(key)] : undefined;
    const anchor: unknown = pair ? pair.key : value;
    if (!isNode(anchor) || !anchor.range) return place;
    const isThere = index === path.length - 1;
    place = { offset: anchor.range[0], isThere, ...(isThere && isNode(value) && { value }) };
    node = isAlias(value) ? value.resolve(document) : value;
  }
  return place;
}

function lineOf({ reason }: Problem, place: Place, lines: LineCounter): number {
  const { line } = lines.linePos(place.offset);
  // A patch is a text of its own, whose problems count its lines.
  const inText = /^line (\d+): /.exec(reason)?.[1];
  const isBlock = isScalar(place.value) && place.value.type === "BLOCK_LITERAL";
  return inText !== undefined && isBlock ? line + Number(inText) : line;
}

/** How a version of two numbers, which YAML makes one, was meant. */
const VERSIONS: Readonly<Record<string, (source: string) => string>> = {
  talosVersion: (source) => `v${source}.0`,
  configContract: (source) => `v${source}`,
  kubernetesVersion: (source) => `${source}.0`,
  "cilium.version": (source) => `${source}.0`,
};

/** YAML reads 1.20 as 1.2: only the file still knows what was written. */
function asWritten(problem: Problem, value: Node | undefined): Problem {
  const source = isScalar(value) && typeof problem.got === "number" ? value.source : undefined;
  if (problem.id !== "wrong-type" || source === undefined) return problem;
  const meant = VERSIONS[problem.propertyPath]?.(source);
  const fix = meant
    ? `write the whole version, for example ${meant}: YAML reads ${source} as a number`
    : problem.fix.replace(`"${String(problem.got)}"`, `"${source}"`);
  return { ...problem, fix };
}
