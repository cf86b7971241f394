import type { Problem } from "../../problems";
import { propertyPath } from "../propertyPath";
import { applyPatch } from "./applyPatch";
import { clusterRules } from "./clusterRules";
import { diskRules } from "./diskRules";
import { documentFaults } from "./documentKinds";
import { documentRules } from "./documentRules";
import { gatewayAPIRules } from "./gatewayAPIRules";
import { generatedDocuments } from "./generated";
import { hostnameRules } from "./hostnameRules";
import { ingressFirewallRules } from "./ingressFirewallRules";
import { inlinePolicyRules } from "./inlinePolicyRules";
import { installRules } from "./installRules";
import type { MachineDocuments } from "./machineDocuments";
import { kindOf } from "./machineDocuments";
import type { CheckedMachine, MachineRule } from "./machineRule";
import { machineRules } from "./machineRules";
import { mergeDocument } from "./merge";
import { networkRules } from "./networkRules";
import { ownDocuments } from "./ownDocuments";
import type { ParsedPatch, PatchFault } from "./parsePatch";
import { cachedPatch } from "./patchCache";
import { programRules } from "./programRules";
import { takenOverRules } from "./takenOverRules";
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
  ...diskRules,
  ...takenOverRules,
  ...networkRules,
  ...documentRules,
  ...programRules,
  ...gatewayAPIRules,
  ...inlinePolicyRules,
  ...ingressFirewallRules,
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
  const start = startingDocuments(machine);
  const steps: { readonly patch: UserPatch; readonly documents: MachineDocuments }[] = [];
  let documents = start;

  for (const patch of patches) {
    const parsed = cachedPatch(patch.text);
    const own = ownFaults(parsed);
    problems.push(...own.map((fault) => problemOf(patch, fault)));
    // What the provider cannot read it does not apply.
    if (own.length > 0) continue;
    const applied = applyPatch(documents, parsed, machine.configContract);
    problems.push(...applied.faults.map((fault) => problemOf(patch, fault)));
    documents = applied.documents;
    steps.push({ patch, documents });
  }
  return [...problems, ...broughtByPatches(start, steps, machine)];
}

/** What rules find in the end and not in the beginning, each at the patch that brought it. */
function broughtByPatches(
  start: MachineDocuments,
  steps: readonly { readonly patch: UserPatch; readonly documents: MachineDocuments }[],
  machine: CheckedMachine,
): PatchProblem[] {
  const end = steps.at(-1);
  const found = end ? findings(end.documents, machine) : [];
  if (found.length === 0) return [];
  const known = new Set(findings(start, machine).map(({ key }) => key));
  const broughtBy = new Map<string, UserPatch>();
  for (const { patch, documents } of steps) {
    for (const { key } of findings(documents, machine)) {
      if (!known.has(key) && !broughtBy.has(key)) broughtBy.set(key, patch);
    }
  }
  return found.flatMap(({ key, rule, finding }) => {
    const patch = broughtBy.get(key);
    if (!patch) return [];
    const line = lineOf(cachedPatch(patch.text), finding.where);
    const problem = problemOf(
      patch,
      { id: rule.id, ...finding, ...(line !== undefined && { line }) },
      finding.where,
    );
    return [{ ...problem, ...(rule.warns && { warns: true }) }];
  });
}

function startingDocuments(machine: CheckedMachine): MachineDocuments {
  const { configContract, machineType, endpointHost, spec, node } = machine;
  const key = `${configContract} ${machineType} ${endpointHost ?? ""}`;
  let generated = generatedFor.get(key);
  if (!generated) generatedFor.set(key, (generated = generatedDocuments(machine)));
  return spec && node ? ownDocuments(spec, node).reduce(mergeDocument, generated) : generated;
}

// The same for all machines of a type.
const generatedFor = new Map<string, MachineDocuments>();

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

/** Line of what a rule names, `machine.install.disk` or `VolumeConfig STATE: name`, in the patch. */
function lineOf(parsed: ParsedPatch, where: string): number | undefined {
  if (parsed.kind !== "strategic") return undefined;
  const [, kind, name, rest] = /^([A-Z]\w*Config)(?: ([^:]*))?(?:: |\.|$)(.*)$/.exec(where) ?? [];
  const path = (kind === undefined ? where : (rest ?? ""))
    .split(/[.[]/)
    .filter((step) => step !== "")
    .map((step) => (/^\d+\]$/.test(step) ? parseInt(step, 10) : step));
  const document = parsed.documents.find(({ value }) =>
    kind === undefined
      ? kindOf(value) === "v1alpha1" && String(path[0]) in value
      : kindOf(value) === kind && (name === undefined || value["name"] === name),
  );
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
