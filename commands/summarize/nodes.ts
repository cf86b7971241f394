import { isDeepStrictEqual } from "node:util";

import { isImmediate } from "../../talosApi/immediatePaths";
import type { Change, ChangeKind } from "./changes";
import type { DiffLine } from "./configDiff";
import { MAIN, diffPatches } from "./configDiff";
import type { ResourceState } from "./preview";
import { SECRET, UNKNOWN, urnParts } from "./preview";
import type { Redaction } from "./redaction";
import type { RebootEffect } from "./rebootEffect";
import { rebootEffect } from "./rebootEffect";

const CONFIGURATION_APPLY = "talos:machine/configurationApply:ConfigurationApply";

/** worker-10 comes behind worker-9. */
export const byName = new Intl.Collator("en", { numeric: true });

/** What happens to one machine. */
export interface NodeChange {
  readonly hostname: string;
  readonly kind: ChangeKind;
  /** Address of the machine; absent while it is not known. */
  readonly address?: string;
  readonly lines: readonly DiffLine[];
  /** What changes and cannot be shown, in words. */
  readonly unseen: readonly string[];
  readonly effect: RebootEffect;
  /** Fields that need a reboot, as `machine.udev`. */
  readonly rebootFields: readonly string[];
  /** Whether leaving the stack resets the machine. */
  readonly resets: boolean;
}

/** The machines among the changes, by hostname. Pure. */
export function nodeChanges(
  changes: readonly Change[],
  redaction: Redaction,
  explained: readonly string[] = [],
): NodeChange[] {
  return changes
    .filter(({ type }) => type === CONFIGURATION_APPLY)
    .map((change) => nodeChange(change, redaction, explained))
    .sort((a, b) => byName.compare(a.hostname, b.hostname));
}

function nodeChange(
  change: Change,
  redaction: Redaction,
  explained: readonly string[],
): NodeChange {
  const { kind, old: before, new: after } = change;
  const lines = diffPatches(configuration(before), configuration(after), redaction);
  const unseen = unseenChanges(change);
  const generated = unseen.includes(GENERATED) && explained.length > 0;
  const rebootFields = kind === "deleted" || !before ? [] : fieldsThatReboot(lines);
  const mode = String(after?.inputs?.["applyMode"] ?? "auto");
  return {
    hostname: hostnameOf(change),
    kind,
    address: addressOf(after ?? before),
    lines: kind === "deleted" ? [] : lines,
    unseen: unseen.map((what) =>
      what === GENERATED && generated ? `${what}, with ${explained.join(" and ")}` : what,
    ),
    effect:
      kind === "changed" || kind === "replaced"
        ? rebootEffect(
            mode,
            rebootFields.length > 0,
            unseen.some((what) => !(what === GENERATED && generated)),
          )
        : { outcome: "none", certain: true },
    rebootFields,
    resets: (before?.inputs?.["onDestroy"] as { reset?: boolean } | undefined)?.reset === true,
  };
}

const GENERATED = "the generated configuration changes; its text is secret";
const SECRET_PATCH = "a secret patch changes";
const SECRET_PATCH_PERHAPS = "a secret patch may change";
const UNKNOWN_PATCH = "a patch is not known yet";

/** Differences that the preview tells of and does not show. */
function unseenChanges({ kind, properties, old: before, new: after }: Change): string[] {
  if (kind !== "changed" && kind !== "replaced") return [];
  const patches = asList(after?.inputs?.["configPatches"]);
  const base = after?.inputs?.["machineConfigurationInput"];
  const hidden = base === SECRET || base === UNKNOWN;
  const changes = properties.includes("machineConfigurationInput") || base !== baseOf(before);
  return [
    ...(hidden && changes ? [GENERATED] : []),
    ...secretPatches(properties, patches, asList(before?.inputs?.["configPatches"])),
    ...(patches.includes(UNKNOWN) ? [UNKNOWN_PATCH] : []),
  ];
}

/** A provider tells which patches differ, or only that some do. */
function secretPatches(
  properties: readonly string[],
  patches: readonly unknown[],
  before: readonly unknown[],
): string[] {
  const secret = (path: string) => {
    const index = /^configPatches\[(\d+)\]/.exec(path)?.[1];
    return index !== undefined && patches[Number(index)] === SECRET;
  };
  if (properties.some(secret)) return [SECRET_PATCH];
  if (!properties.includes("configPatches") || !patches.includes(SECRET)) return [];
  return [isDeepStrictEqual(patches, before) ? SECRET_PATCH : SECRET_PATCH_PERHAPS];
}

function baseOf(state: ResourceState | undefined): unknown {
  return state?.inputs?.["machineConfigurationInput"];
}

/** The patches, behind what they are applied to where that is shown. */
function configuration(state: ResourceState | undefined): string[] {
  const base = baseOf(state);
  const visible = typeof base === "string" && base !== SECRET && base !== UNKNOWN ? [base] : [];
  return [...visible, ...asList(state?.inputs?.["configPatches"]).map(String)];
}

function fieldsThatReboot(lines: readonly DiffLine[]): string[] {
  const fields = lines
    .filter(({ document, path }) => document === MAIN && !isImmediate(path))
    .map(({ path }) => path.slice(0, path[1] === "features" ? 3 : 2).join("."));
  return [...new Set(fields)].sort();
}

/** The component names each `<its own name>-<hostname>-apply`. */
function hostnameOf({ name, new: after, old: before }: Change): string {
  const parent = urnParts((after ?? before)?.parent ?? "").name;
  const ours = parent !== "" && name.startsWith(`${parent}-`) && name.endsWith("-apply");
  return ours ? name.slice(parent.length + 1, -"-apply".length) : name;
}

function addressOf(state: ResourceState | undefined): string | undefined {
  const node = state?.inputs?.["node"];
  return typeof node === "string" && node !== UNKNOWN ? node : undefined;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === UNKNOWN ? [UNKNOWN] : [];
}
