import type { Preview, PreviewStep, ResourceState, Tree } from "./preview";
import { urnParts } from "./preview";

export type ChangeKind = "created" | "imported" | "changed" | "replaced" | "deleted";

/** What happens to one resource. */
export interface Change {
  readonly kind: ChangeKind;
  readonly name: string;
  readonly type: string;
  readonly old?: ResourceState;
  readonly new?: ResourceState;
  /** Properties that differ, by path. */
  readonly properties: readonly string[];
  /** Properties that force a replacement. */
  readonly replaceReasons: readonly string[];
  /** Whether it stays where it is although it leaves the stack. */
  readonly retained: boolean;
}

const KINDS: Readonly<Record<string, ChangeKind>> = {
  create: "created",
  import: "imported",
  update: "changed",
  replace: "replaced",
  "create-replacement": "replaced",
  "delete-replaced": "replaced",
  "import-replacement": "replaced",
  delete: "deleted",
};

/** Every resource that an update would touch, once, in the order of the preview. Pure. */
export function changesOf(preview: Preview): Change[] {
  const steps = new Map<string, PreviewStep[]>();
  for (const step of preview.steps) {
    if (!(step.op in KINDS) || isMachinery(step)) continue;
    const same = steps.get(step.urn);
    if (same) same.push(step);
    else steps.set(step.urn, [step]);
  }
  return [...steps.values()].map(changeOf);
}

/** The root and default providers are nothing that a program asked for. */
function isMachinery({ urn }: PreviewStep): boolean {
  return /::pulumi:pulumi:Stack::|::pulumi:providers:\w+::default/.test(urn);
}

function changeOf(steps: readonly PreviewStep[]): Change {
  const step = steps.find(({ oldState, newState }) => oldState && newState) ?? steps[0]!;
  // A resource that is deleted in one step and created in another was replaced.
  const kinds = new Set(steps.map(({ op }) => KINDS[op]!));
  const old = step.oldState ?? steps.find(({ oldState }) => oldState)?.oldState;
  const next = steps.find(({ newState }) => newState)?.newState;
  return {
    kind: kinds.size > 1 ? "replaced" : [...kinds][0]!,
    name: urnParts(step.urn).name,
    type: (next ?? old)?.type ?? "",
    old,
    new: next,
    properties: Object.keys(step.detailedDiff ?? asKeys(step.diffReasons)).sort(),
    replaceReasons: [...new Set(steps.flatMap((each) => each.replaceReasons ?? []))].sort(),
    retained: old?.retainOnDelete === true,
  };
}

function asKeys(names: readonly string[] = []): Tree {
  return Object.fromEntries(names.map((name) => [name, true]));
}
