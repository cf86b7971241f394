import { readFileSync } from "node:fs";
import * as path from "node:path";

import { LineCounter, isScalar, parse, parseDocument } from "yaml";

import { releaseFindings } from "../../components/cilium/releaseValues";
import { type Problem, formatProblems } from "../../components/problems";
import type { Found } from "../../components/silencing";
import { type ClusterSpec, parseClusterSpec } from "../../components/spec";
import { DEFAULT_PROJECT_NAME } from "../../components/spec/rules/configKeys";
import type { StackFile } from "./findStackFile";
import { fileText } from "./fileText";
import { locate } from "./locate";
import { noClusterIn } from "./noClusterIn";
import { doubledKeys, isObject, isSecret, stackConfig } from "./stackConfig";
import { syntaxProblems } from "./syntaxProblems";
import { documentValues } from "./values";

/** A problem with the line of the stack file that it is about, where that is known. */
export interface LocatedProblem extends Problem {
  readonly line?: number;
}

/** A stack file as the program would read it. */
export interface StackFileReading {
  /** Absent when there is a problem. */
  readonly spec?: ClusterSpec;
  readonly problems: readonly LocatedProblem[];
  readonly warnings: readonly LocatedProblem[];
  /** What rules found that `silencedRules` names. */
  readonly silenced?: readonly LocatedProblem[];
}

/** What else a cluster is checked for. */
type Check = (spec: ClusterSpec, isFaulty: boolean) => readonly Found[];

/**
 * Reads a stack file as the program reads its configuration; no cluster, CLI or network is asked.
 *
 * @throws Error when a file cannot be read at all
 */
export function readStackFile(
  { file, projectDirectory }: StackFile,
  alsoCheck?: Check,
): StackFileReading {
  const text = fileText(readFileSync(file));
  if (typeof text !== "string") return { problems: [text], warnings: [] };
  return readStackText(text, projectName(projectDirectory), alsoCheck);
}

/** {@link readStackFile}, with Cilium's chart and its values, as a preview checks them. */
export function checkStackFile(stack: StackFile): StackFileReading {
  return readStackFile(stack, (spec, isFaulty) =>
    releaseFindings(spec, isFaulty, stack.projectDirectory),
  );
}

/** Name of the project in a folder; its configuration keys begin with it. */
export function projectName(projectDirectory: string): string {
  const project = parse(readFileSync(path.join(projectDirectory, "Pulumi.yaml"), "utf8")) as {
    name?: string;
  } | null;
  return project?.name ?? DEFAULT_PROJECT_NAME;
}

/** {@link readStackFile} of a text. Where the YAML is broken, nothing else is said of it. Pure. */
export function readStackText(
  text: string,
  project = DEFAULT_PROJECT_NAME,
  alsoCheck?: Check,
): StackFileReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys });
  const syntax = syntaxProblems(document, text, lines);
  if (syntax.length > 0) return { problems: syntax, warnings: [] };
  const { values, problems: unread } = documentValues(document, lines);
  if (unread.length > 0) return { problems: unread, warnings: [] };

  const root = isObject(values) ? values : {};
  const key = `${project}:cluster`;
  const placed = (found: readonly Problem[]) => locate(found, document, lines, key);
  const config = stackConfig(root, project);
  const unusable = [...doubledKeys(root, project), ...noClusterIn(root, config, key)];
  if (unusable.length > 0) return { problems: placed(unusable), warnings: [] };
  const { spec, problems, warnings, silenced } = parseClusterSpec(config[key], {
    projectName: project,
    configKeys: Object.keys(config),
    secretKeys: Object.keys(config).filter((each) => isSecret(config[each])),
    alsoCheck,
  });
  return {
    ...(spec && { spec }),
    problems: placed(problems),
    warnings: placed(warnings),
    silenced: placed(silenced),
  };
}

/** Whether two keys are one to Pulumi, which compares them as they are written. */
function uniqueKeys(one: unknown, other: unknown): boolean {
  return isScalar(one) && isScalar(other) && one.source === other.source;
}

/**
 * All problems in one message, each with file and line, so that a terminal leads to the place.
 *
 * @param heading @default a line that counts them
 */
export function formatLocated(
  problems: readonly LocatedProblem[],
  file: string,
  heading?: string,
): string {
  const placed = problems.map(({ line, propertyPath, ...rest }) => ({
    ...rest,
    propertyPath: `${file}${line === undefined ? "" : `:${line}`} ${propertyPath}`.trimEnd(),
  }));
  return formatProblems(placed, heading);
}
