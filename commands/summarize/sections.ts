import { entryOf } from "../../components/problems";
import type { Block } from "./block";
import type { Change } from "./changes";
import type { DiffLine } from "./configDiff";
import type { FiredRule, OtherMessage } from "./firedRules";
import { code, codeBlock, count, details, html, names, outputBlock, prose } from "./markdown";
import type { NodeGroup } from "./nodeGroups";
import { byName } from "./nodes";
import type { Redaction } from "./redaction";
import type { UnknownInputs } from "./unknowns";
import type { VersionChange } from "./versions";

/** Most rows of a list that is not folded. */
const MOST = 30;

/** Each section gives its part of the comment, or nothing where there is nothing to say. */
type Section = Block | undefined;

/** @param mayAssure whether the preview is whole, so that silence means that nothing happens */
export function impact(lines: readonly string[], mayAssure: boolean): Section {
  if (lines.length === 0 && !mayAssure) return undefined;
  const text = lines.length > 0 ? list(lines) : "No machine reboots, and nothing is replaced.";
  return { what: "the impact", text: `#### Impact\n\n${text}` };
}

export function rules(fired: readonly FiredRule[], { text }: Redaction): Section {
  if (fired.length === 0) return undefined;
  const lines = fired.map(
    ({ id, propertyPath, severity, reason, fix }) =>
      `${severity} ${code(id)} at ${code(propertyPath)}: ${prose(text(reason))}. Fix: ${prose(text(fix))} (${code(entryOf(id))})`,
  );
  return { what: "the rules that fired", text: `#### Rules that fired\n\n${list(lines)}` };
}

/** Errors or warnings that are no rule's. */
export function messages(
  all: readonly OtherMessage[],
  severity: "error" | "warning",
  redaction: Redaction,
): Section {
  const texts = all
    .filter((message) => message.severity === severity)
    .map(({ text }) => redaction.text(text));
  if (texts.length === 0) return undefined;
  const heading = severity === "error" ? "Errors" : "Warnings";
  return {
    what: `the ${heading.toLowerCase()}`,
    text: `#### ${heading}\n\n${outputBlock(texts.join("\n"))}`,
  };
}

export function versions(changed: readonly VersionChange[]): Section {
  if (changed.length === 0) return undefined;
  const lines = changed.map(({ what, from, to = "" }) =>
    from === undefined ? `${what} ${code(to)}` : `${what} ${code(from)} → ${code(to)}`,
  );
  return { what: "the versions", text: `#### Versions\n\n${list(lines)}` };
}

/** One folded part for each group of machines that change alike. */
export function nodes(groups: readonly NodeGroup[], inClear: boolean): Block[] {
  return groups.map((group, index) => {
    const [first] = group.nodes;
    const who = names(group.nodes.map(({ hostname }) => hostname));
    const alike = group.nodes.length > 1 ? " alike" : "";
    const summary = html(`${count(group.nodes.length, "node")} ${first!.kind}${alike}: ${who}`);
    const parts = [
      ...(first!.unseen.length > 0 ? [list(first!.unseen.map(prose))] : []),
      group.lines.length > 0 ? codeBlock("diff", group.lines) : "No patch differs.",
    ];
    const heading = index > 0 ? [] : ["#### Machine configuration", ...(inClear ? [HIDDEN] : [])];
    return {
      what: "the configuration",
      machines: group.nodes.length,
      text: [...heading, details(summary, parts.join("\n\n"))].join("\n\n"),
    };
  });
}

const HIDDEN =
  "This preview holds secrets in clear, so no value is shown: run it without `--show-secrets`.";

export function chartValues(name: string, lines: readonly DiffLine[]): Section {
  if (lines.length === 0) return undefined;
  const diff = codeBlock(
    "diff",
    lines.map(({ sign, text }) => `${sign} ${text}`),
  );
  const summary = html(`${count(lines.length, "line")} of chart values of ${name}`);
  return { what: `the values of ${code(name)}`, text: details(summary, diff) };
}

/** Every change by kind and type of resource, with the properties that differ. */
export function resources(changes: readonly Change[]): Section {
  if (changes.length === 0) return undefined;
  const groups = new Map<string, string[]>();
  for (const { kind, type, name, properties, retained } of changes) {
    const top = [...new Set(properties.map((path) => path.split(/[.[]/)[0]!))];
    const what = kind === "changed" && top.length > 0 ? ` (${top.join(", ")})` : "";
    const kept = kind === "deleted" && retained ? " (stays in the cluster)" : "";
    const key = `${kind} ${type}${what}${kept}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const lines = [...groups].map(([key, all]) => `${key}: ${names(all.sort(byName.compare))}`);
  const summary = `By resource: ${count(changes.length, "change")}`;
  return { what: "the list of resources", text: details(summary, codeBlock("text", lines)) };
}

export function unknowns(inputs: readonly UnknownInputs[]): Section {
  if (inputs.length === 0) return undefined;
  const lines = inputs.map(
    ({ type, names: all, properties }) =>
      `${type} ${names([...all].sort(byName.compare), 4)}: ${names(properties)}`,
  );
  const total = inputs.reduce((sum, { names: all }) => sum + all.length, 0);
  const summary = `Not known before the update: inputs of ${count(total, "resource")}`;
  return { what: "what is not known yet", text: details(summary, codeBlock("text", lines)) };
}

function list(lines: readonly string[]): string {
  const left = lines.length - MOST;
  const shown = left > 0 ? [...lines.slice(0, MOST), `and ${left} more`] : lines;
  return shown.map((line) => `- ${line}`).join("\n");
}
