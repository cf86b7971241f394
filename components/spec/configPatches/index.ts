import type { Problem } from "../../problems";
import { propertyPath } from "../propertyPath";
import { applyPatch } from "./applyPatch";
import { clusterRules } from "./clusterRules";
import { documentFaults } from "./documentKinds";
import { documentRules } from "./documentRules";
import { generatedDocuments } from "./generated";
import { hostnameRules } from "./hostnameRules";
import { installRules } from "./installRules";
import type { MachineDocuments } from "./machineDocuments";
import type { CheckedMachine, MachineRule } from "./machineRule";
import { machineRules } from "./machineRules";
import { mergeDocument } from "./merge";
import { networkRules } from "./networkRules";
import { ownDocuments } from "./ownDocuments";
import type { ParsedPatch, PatchFault } from "./parsePatch";
import { cachedPatch } from "./patchCache";
import { programRules } from "./programRules";
import type { UserPatch } from "./userPatches";

export type { CheckedMachine } from "./machineRule";
export { type UserPatch, userPatchesFor } from "./userPatches";

/** Problems of patches; `warns` marks those that can hold. */
export type PatchProblem = Problem & { readonly warns?: boolean };

/** Rules about the configuration that the patches make; a new one is a row in the file of its topic. */
export const patchRules: readonly MachineRule[] = [
  ...installRules,
  ...hostnameRules,
  ...clusterRules,
  ...machineRules,
  ...networkRules,
  ...documentRules,
  ...programRules,
];

/**
 * What is wrong with a machine's patches: what the provider fails on, what the machine refuses, and
 * what undoes the spec. They are applied one after the other to what is generated for the machine
 * and what the program itself patches, and each finding is reported at the patch that brought it.
 *
 * @param patches in the order of their application
 * @param machine with `spec` and `node` also the rules of the program hold; without, Talos' own only
 */
export function checkConfigPatches(
  patches: readonly UserPatch[],
  machine: CheckedMachine,
): PatchProblem[] {
  const problems: PatchProblem[] = [];
  let documents = startingDocuments(machine);
  const known = new Set(findings(documents, machine).map(({ key }) => key));
  const broughtBy = new Map<string, UserPatch>();

  for (const patch of patches) {
    const parsed = cachedPatch(patch.text);
    const own = ownFaults(parsed);
    problems.push(...own.map((fault) => problemOf(patch, fault)));
    // What the provider cannot read it does not apply.
    if (own.length > 0) continue;
    const applied = applyPatch(documents, parsed, machine.configContract);
    problems.push(...applied.faults.map((fault) => problemOf(patch, fault)));
    documents = applied.documents;
    for (const { key } of findings(documents, machine)) {
      if (!known.has(key) && !broughtBy.has(key)) broughtBy.set(key, patch);
    }
  }
  for (const { key, rule, finding } of findings(documents, machine)) {
    const patch = broughtBy.get(key);
    if (!patch) continue;
    const line = lineOf(cachedPatch(patch.text), finding.where);
    problems.push({
      ...problemOf(patch, { id: rule.id, line, ...finding }, finding.where),
      ...(rule.warns && { warns: true }),
    });
  }
  return problems;
}

function startingDocuments(machine: CheckedMachine): MachineDocuments {
  const generated = generatedDocuments(machine);
  const { spec, node } = machine;
  return spec && node ? ownDocuments(spec, node).reduce(mergeDocument, generated) : generated;
}

function findings(documents: MachineDocuments, machine: CheckedMachine) {
  return patchRules.flatMap((rule) =>
    [...rule.check(documents, machine)].map((finding) => ({
      key: `${rule.id} ${finding.where} ${JSON.stringify(finding.got) ?? ""}`,
      rule,
      finding,
    })),
  );
}

const faultsOfPatches = new WeakMap<ParsedPatch, readonly PatchFault[]>();

/** What is wrong with a patch whatever it is applied to. */
function ownFaults(patch: ParsedPatch): readonly PatchFault[] {
  let faults = faultsOfPatches.get(patch);
  if (!faults) {
    faults =
      patch.kind === "faulty"
        ? patch.faults
        : patch.kind === "strategic"
          ? [...documentFaults(patch.documents)]
          : [];
    faultsOfPatches.set(patch, faults);
  }
  return faults;
}

/** Line of a path such as `machine.install.disk` in the patch, where it stands in it. */
function lineOf(parsed: ParsedPatch, where: string): number | undefined {
  if (parsed.kind !== "strategic") return undefined;
  const path = where
    .split(/[.[]/)
    .map((step) => (/^\d+\]$/.test(step) ? parseInt(step, 10) : step));
  const document = parsed.documents.find(({ value }) => String(path[0]) in value);
  return document?.lineOf(path);
}

function problemOf(
  patch: UserPatch,
  fault: PatchFault,
  where = propertyPath(fault.path ?? []),
): Problem {
  const line = fault.line === undefined ? "" : `line ${fault.line}: `;
  const at = where === "" ? "" : `${where}: `;
  return {
    id: fault.id,
    propertyPath: patch.propertyPath,
    ...(fault.got !== undefined && { got: fault.got }),
    reason: `${line}${at}${fault.reason}`,
    fix: fault.fix,
  };
}
