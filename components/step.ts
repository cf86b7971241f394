import * as pulumi from "@pulumi/pulumi";
import { Stash } from "@pulumi/pulumi/stash";

/** What a step does before its resource is created or updated. */
export type StepAction = (args: pulumi.ResourceHookArgs) => Promise<void>;

/** The events of its resource before which an action runs. */
export interface StepHooks {
  readonly beforeCreate?: StepAction;
  readonly beforeUpdate?: StepAction;
  /** Before an update and in its preview too: it judges, and touches nothing. */
  readonly beforeUpdateOrPreview?: StepAction;
  /** Told why the provider failed; it can explain, and never retries. */
  readonly onError?: (args: pulumi.ErrorHookArgs) => Promise<void>;
}

/**
 * Registers the actions as resource hooks and binds them. A failing *before* hook keeps the
 * resource out of state, so that the next run tries again.
 *
 * @param name unique in the program: it carries the component's name, because two clusters in one
 *   program register the same hooks twice.
 * @returns nothing where the monitor cannot register hooks, as under `setMocks`.
 */
export function hooks(name: string, actions: StepHooks): pulumi.ResourceHookBinding | undefined {
  if (!monitorRegisters("registerResourceHook")) return undefined;
  const bind = (
    action: StepAction | undefined,
    event: string,
    options?: pulumi.ResourceHookOptions,
  ) => (action ? [new pulumi.ResourceHook(`${name}-${event}`, action, options)] : []);
  return {
    beforeCreate: bind(actions.beforeCreate, "before-create"),
    beforeUpdate: [
      ...bind(actions.beforeUpdateOrPreview, "judge-update", { onDryRun: true }),
      ...bind(actions.beforeUpdate, "before-update"),
    ],
    onError: explainer(name, actions.onError),
  };
}

function explainer(
  name: string,
  explain: StepHooks["onError"],
): pulumi.ResourceHookBinding["onError"] {
  if (!explain || !monitorRegisters("registerErrorHook")) return undefined;
  const callback = async (args: pulumi.ErrorHookArgs) => {
    await explain(args);
    return false;
  };
  return [new pulumi.ErrorHook(`${name}-on-error`, callback)];
}

function monitorRegisters(method: "registerResourceHook" | "registerErrorHook"): boolean {
  const monitor = pulumi.runtime.getMonitor() as Record<typeof method, unknown> | undefined;
  return typeof monitor?.[method] === "function";
}

/**
 * Takes over what a killed run made and could not note down: the provider would make it a second
 * time, or refuse to. It is asked for in every update, and has no effect on what the state knows.
 *
 * @param takeOver how, for instance {@link byImport}.
 * @param isOurs whether it is there and is what this resource would make; what it throws means no.
 * @returns nothing where the monitor is Pulumi's mock, which knows no transforms.
 */
export function adopting(
  takeOver: pulumi.ResourceTransform,
  isOurs: () => Promise<boolean>,
): pulumi.ResourceTransform[] | undefined {
  if (!monitorRegisters("registerResourceHook")) return undefined;
  return [
    async (args) =>
      !pulumi.runtime.isDryRun() && (await isOurs().catch(() => false))
        ? takeOver(args)
        : undefined,
  ];
}

/** Takes over what the provider can read. @param id what the provider knows it by. */
export function byImport(id: string): pulumi.ResourceTransform {
  return ({ props, opts }) => {
    const imported: pulumi.CustomResourceOptions = { ...opts, import: id };
    return { props, opts: imported };
  };
}

/**
 * A gate: a resource that is created only after `passes` has returned, and whose `input` is what
 * it vouches for, so that a change of it opens the gate again.
 *
 * @param judge asked in the preview of such a change, which it can refuse
 */
export function gate(
  name: string,
  input: pulumi.Input<unknown>,
  passes: StepAction,
  opts: pulumi.CustomResourceOptions,
  judge?: StepAction,
): Stash {
  return new Stash(
    name,
    { input },
    {
      ...opts,
      hooks: hooks(name, {
        beforeCreate: passes,
        beforeUpdate: passes,
        beforeUpdateOrPreview:
          judge && (async (args) => (pulumi.runtime.isDryRun() ? judge(args) : undefined)),
      }),
    },
  );
}

/**
 * A measurement that the first run takes and every later one keeps: it has a resource of its own
 * right behind its stage, so that a run that dies later does not lose it.
 *
 * @param behind what has to be there first; its `id` orders the measuring.
 * @param measure called when `behind` is there, never in a preview. Only the first answer counts.
 */
export function measurement<T>(
  name: string,
  behind: pulumi.CustomResource,
  measure: () => T | undefined | Promise<T | undefined>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<T | undefined> {
  const input = behind.id.apply(async () =>
    pulumi.runtime.isDryRun() ? pulumi.unknown : ((await measure()) ?? null),
  );
  const stash = new Stash(name, { input }, { ...opts, ignoreChanges: ["input"] });
  return stash.output as pulumi.Output<T | undefined>;
}

/** The value of an output inside a hook: by then its resource is there, so it is known. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value as T)));
}
