import {
  type Alias,
  type Document,
  type LineCounter,
  type Node,
  type Pair,
  type Scalar,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
} from "yaml";

import { aliasTargets } from "./aliases";
import { type ScalarReading, plainScalar } from "./plainScalar";
import type { LocatedProblem } from "./readStackFile";

/** A document as Pulumi hands it over. Where there is a problem, its place holds null. */
export interface DocumentValues {
  readonly values: unknown;
  readonly problems: readonly LocatedProblem[];
}

type Found = Pick<LocatedProblem, "got" | "reason" | "fix">;

const TEXT = "tag:yaml.org,2002:str";

/** How much of a file may come from aliases. Go's yaml.v3 says the same of all but huge files. */
const ALIASED = { share: 0.99, ofMoreThan: 1_000 };

/**
 * The values of a document as Pulumi reads them, which is by Go's yaml.v3 and not by YAML 1.2: a key
 * `<<` merges, `0777` is octal. What Pulumi refuses, and what it would make another value of than the
 * one that is written, is a problem. Pure.
 */
export function documentValues(document: Document, lines: LineCounter): DocumentValues {
  const { targets, faults } = aliasTargets(document);
  const problems: LocatedProblem[] = [];
  const count = { all: 0, aliased: 0, depth: 0 };
  let isExcessive = false;

  function refuse(node: Node, found: Found): null {
    const { line } = lines.linePos(node.range?.[0] ?? 0);
    problems.push({ id: "yaml-syntax", propertyPath: "", ...found, line });
    return null;
  }

  function valueOf(node: unknown): unknown {
    if (!isNode(node)) return null;
    count.all++;
    if (count.depth > 0) count.aliased++;
    isExcessive ||= count.all > ALIASED.ofMoreThan && count.aliased > ALIASED.share * count.all;
    if (isExcessive) return null;
    if (isAlias(node)) return valueOfAlias(node);
    if (isScalar(node)) return valueOfScalar(node);
    if (node.tag) return refuse(node, tagged(node.tag));
    return isSeq(node) ? node.items.map(valueOf) : isMap(node) ? objectOf(node.items) : null;
  }

  function valueOfAlias(alias: Alias): unknown {
    count.depth++;
    const value = valueOf(targets.get(alias));
    count.depth--;
    return value;
  }

  function valueOfScalar(scalar: Scalar): unknown {
    const reading = read(scalar);
    return "value" in reading ? reading.value : refuse(scalar, { got: scalar.source, ...reading });
  }

  function objectOf(pairs: readonly Pair[]): Record<string, unknown> {
    const merged = pairs.filter(({ key }) => isMergeKey(key)).flatMap(mergedBy);
    const own = pairs
      .filter(({ key }) => !isMergeKey(key))
      .map(({ key, value }) => [keyOf(key), valueOf(value)] as const);
    return Object.fromEntries([...merged, ...own]);
  }

  /** What a key `<<` brings: of one object or of several, the first of which wins. */
  function mergedBy({ key, value }: Pair): [string, unknown][] {
    const parts = isSeq(value) ? value.items : [value];
    if (parts.every((part) => isMap(isAlias(part) ? targets.get(part) : part))) {
      return parts.toReversed().flatMap((part) => Object.entries(valueOf(part) ?? {}));
    }
    const reason = "the key << merges objects, and this is none";
    refuse(key as Node, { reason, fix: "write the alias of an object, such as <<: *common" });
    return [];
  }

  /** Pulumi makes a text of what is none, which has to be the one that is written. */
  function keyOf(key: unknown): string {
    const node = isAlias(key) ? targets.get(key) : key;
    if (!isScalar(node)) {
      const reason = "what begins here with { or [ would be a key, and a key is a text";
      const fix = "put it in quotes, or put in what the {{ }} of a template stands for";
      refuse(key as Node, { reason, fix });
      return "";
    }
    const text = node.source ?? "";
    const reading = read(node);
    const value = "value" in reading ? reading.value : null;
    if (value === null || String(value) !== text) {
      const reason = "without quotes Pulumi reads another key than the one that is written";
      refuse(node, { got: text, reason, fix: `write "${text}"` });
    }
    return text;
  }

  for (const { alias, ...fault } of faults) refuse(alias, fault);
  const values = problems.length === 0 ? valueOf(document.contents) : null;
  if (isExcessive) {
    const reason = "aliases (*name) repeat so much of it that Pulumi does not read it";
    const fix = "write out what is meant, without aliases of what holds aliases";
    problems.push({ id: "yaml-syntax", propertyPath: "", reason, fix });
  }
  return { values, problems };
}

function read({ tag, type, source = "" }: Scalar): ScalarReading {
  if (tag && tag !== TEXT) return tagged(tag);
  return tag || type !== "PLAIN" ? { value: source } : plainScalar(source);
}

function tagged(tag: string): Found & ScalarReading {
  const name = tag.replace(/^tag:yaml\.org,2002:/, "!!");
  return { reason: `the tag ${name} is not read alike everywhere`, fix: `remove ${name}` };
}

/** Quotes make no difference. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === "<<";
}
