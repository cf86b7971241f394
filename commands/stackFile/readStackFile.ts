import { readFileSync } from "node:fs";
import * as path from "node:path";

import { LineCounter, isMap, parse, parseDocument } from "yaml";

import { releaseFindings } from "../../components/cilium/releaseValues";
import { type Problem, formatProblems } from "../../components/problems";
import type { Found } from "../../components/silencing";
import { type ClusterSpec, parseClusterSpec } from "../../components/spec";
import { DEFAULT_PROJECT_NAME } from "../../components/spec/rules/configKeys";
import type { StackFile } from "./findStackFile";
import { noClusterHere } from "./noClusterHere";
import { locate } from "./locate";
import { syntaxProblems } from "./syntaxProblems";

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
  return readStackText(readFileSync(file, "utf8"), projectName(projectDirectory), alsoCheck);
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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = syntaxProblems(document, text, lines);
  if (syntax.length > 0) return { problems: syntax, warnings: [] };

  const root = (isMap(document.contents) ? document.toJS() : {}) as Record<string, unknown>;
  const config = (root["config"] ?? {}) as Record<string, unknown>;
  const key = `${project}:cluster`;
  if (config[key] === undefined || config[key] === null) {
    return { problems: locate([noClusterHere(root, key)], document, lines, key), warnings: [] };
  }
  const { spec, problems, warnings, silenced } = parseClusterSpec(config[key], {
    projectName: project,
    configKeys: Object.keys(config),
    secretKeys: Object.keys(config).filter((each) => isSecure(config[each])),
    alsoCheck,
  });
  return {
    ...(spec && { spec }),
    problems: locate(problems, document, lines, key),
    warnings: locate(warnings, document, lines, key),
    silenced: locate(silenced, document, lines, key),
  };
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

function isSecure(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}
