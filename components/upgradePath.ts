import type * as pulumi from "@pulumi/pulumi";
import { Stash } from "@pulumi/pulumi/stash";

import { type NotedMethod, pruningFindings } from "./cilium/pruning";
import { logFindings } from "./logFindings";
import { formatProblems } from "./problems";
import { type Found, sift } from "./silencing";
import { ciliumKubernetes } from "./spec/compatibility";
import { minorOf, parseVersion } from "./spec/versions";
import { hooks } from "./step";

/** Versions that a stack had or shall have; one that is not known is left out. */
export interface Versions {
  readonly talos?: string;
  readonly kubernetes?: string;
  readonly cilium?: string;
}

interface Product {
  readonly name: string;
  readonly propertyPath: string;
  /** Minors that a step back may go. */
  readonly back: number;
  readonly jump: string;
}

const PRODUCTS: Readonly<Record<keyof Versions, Product>> = {
  talos: {
    name: "Talos",
    propertyPath: "talosVersion",
    back: 1,
    jump: "Talos is tested from one minor to the next, and its own migrations run on the way",
  },
  kubernetes: {
    name: "Kubernetes",
    propertyPath: "kubernetesVersion",
    back: 0,
    jump: "Kubernetes upgrades its control plane by one minor at a time",
  },
  cilium: {
    name: "Cilium",
    propertyPath: "cilium.version",
    back: 1,
    jump: "agents and the state in the kernel are taken over from one minor to the next only",
  },
};

/**
 * What is wrong with the way from the versions that a stack has to those it shall have. Pure.
 *
 * Cilium and Talos go one minor up or down at a time, Kubernetes one up; patches of a minor go any way.
 */
export function upgradePathFindings(from: Versions, to: Versions): Found[] {
  const steps = Object.keys(PRODUCTS) as (keyof Versions)[];
  return [...steps.flatMap((key) => stepFindings(key, from[key], to[key])), ...order(from, to)];
}

function stepFindings(key: keyof Versions, from?: string, to?: string): Found[] {
  const [before, after] = [from, to].map((text) => parseVersion(text ?? ""));
  if (!before || !after || before.major !== after.major) return [];
  const minors = after.minor - before.minor;
  const { name, propertyPath, back, jump } = PRODUCTS[key];
  if (minors <= 1 && minors >= -back) return [];
  const at = { propertyPath, got: to };
  const v = to?.startsWith("v") ? "v" : "";
  if (minors < 0 && back === 0) {
    return [
      {
        ...at,
        id: "version-downgrade",
        reason: `the stack has ${name} ${from}, and an older minor does not read all that it stored`,
        fix: `write ${from}, or a newer patch of ${minorOf(before)}`,
      },
    ];
  }
  const next = { ...before, minor: before.minor + Math.sign(minors) };
  return [
    {
      ...at,
      id: "version-jump",
      reason: `the stack has ${name} ${from}; ${jump}`,
      fix: `go by ${v}${minorOf(next)} first; silence this where the cluster is further than the stack knows`,
    },
  ];
}

/** Machines get their new Kubernetes before Cilium gets its new version. */
function* order(from: Versions, to: Versions): Iterable<Found> {
  const [before, cilium, kubernetes] = [from.cilium, to.cilium, to.kubernetes].map((text) =>
    parseVersion(text ?? ""),
  );
  if (!before || !cilium || !kubernetes || before.minor >= cilium.minor) return;
  if (to.kubernetes === from.kubernetes) return;
  const tested = ciliumKubernetes[before.minor];
  if (!tested || kubernetes.minor <= tested.to) return;
  yield {
    id: "upgrade-order",
    warns: true,
    propertyPath: "kubernetesVersion",
    got: to.kubernetes,
    reason: `machines get it first, and Cilium ${from.cilium}, which runs until then, was tested up to Kubernetes 1.${tested.to}`,
    fix: `raise cilium.version in an update of its own, then kubernetesVersion`,
  };
}

/** Fails the preview, or the update, that goes a way which is not to be gone. */
export function judgeWay(
  found: readonly Found[],
  component: pulumi.Resource | undefined,
  silencedRules: readonly string[] = [],
): void {
  const { problems, ...heard } = sift(found, silencedRules);
  logFindings(component, heard, silencedRules);
  if (problems.length > 0) throw new Error(formatProblems(problems));
}

/** {@link judgeWay} of Cilium alone, by two inputs that have its `version`. */
export function judgeRelease(
  component: pulumi.Resource | undefined,
  oldInput: unknown,
  newInput: unknown,
  silencedRules?: readonly string[],
): void {
  const [from, to] = [oldInput, newInput].map((input) => ({ cilium: versionIn(input) }));
  judgeWay(upgradePathFindings(from!, to!), component, silencedRules);
}

/**
 * Notes versions and method in the state before anything is touched, and judges the way there from those
 * that were noted last: also in a preview. Those of a run that failed on its way count as reached.
 */
export function followVersions(
  name: string,
  noted: Versions & NotedMethod,
  silencedRules: readonly string[],
  opts: pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource },
): Stash {
  return new Stash(
    name,
    { input: noted },
    {
      ...opts,
      hooks: hooks(name, {
        beforeUpdateOrPreview: async ({ oldInputs, newInputs }) => {
          const [from, to] = [oldInputs, newInputs].map((inputs) => notedIn(inputs?.["input"]));
          // Of Cilium its release and the gate behind it know better what is there.
          const way = upgradePathFindings(from!, to!).filter(
            ({ propertyPath }) => propertyPath !== PRODUCTS.cilium.propertyPath,
          );
          judgeWay([...way, ...pruningFindings(from!, to!)], opts.parent, silencedRules);
        },
      }),
    },
  );
}

function versionIn(input: unknown): string | undefined {
  const { version } = (input ?? {}) as { version?: unknown };
  return typeof version === "string" ? version : undefined;
}

function notedIn(input: unknown): Versions & NotedMethod {
  return typeof input === "object" && input !== null ? input : {};
}
