import type { ResourceBar, Run } from "./bars";

/** A resource as `pulumi stack export` gives it, as far as it matters here. */
export interface StateResource {
  readonly urn: string;
  readonly custom?: boolean;
  readonly parent?: string;
  readonly dependencies?: readonly string[] | null;
  readonly provider?: string;
  /** ISO time at which it was there. */
  readonly created?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface StackExport {
  readonly deployment: { readonly resources?: readonly StateResource[] | null };
}

/**
 * What the state tells of the runs that made the stack. The state knows when each resource was there
 * and not when the engine began with it: a bar begins when the last thing it had to wait for was
 * there, which is when the engine could begin. Pure.
 *
 * @param until Unix time in milliseconds: what was made later is no part of the bootstrap. @default all
 */
export function runOfState({ deployment }: StackExport, until = Infinity): Run {
  const resources = (deployment.resources ?? []).filter(
    ({ created }) => created !== undefined && Date.parse(created) <= until,
  );
  const createdAt = new Map(resources.map(({ urn, created }) => [urn, Date.parse(created!)]));
  const bars = resources.flatMap((resource): ResourceBar[] => {
    const ended = createdAt.get(resource.urn)!;
    if (!resource.custom) return [];
    const waitedFor = [resource.parent, providerUrn(resource), ...(resource.dependencies ?? [])]
      .flatMap((urn) => createdAt.get(urn ?? "") ?? [])
      .filter((at) => at <= ended);
    const begun = waitedFor.length > 0 ? Math.max(...waitedFor) : ended;
    return [{ urn: resource.urn, operation: "create", begun, ended, result: "done" }];
  });
  const times = [...createdAt.values()];
  return {
    ...{ source: "state", result: "succeeded", messages: [] },
    begun: times.length > 0 ? Math.min(...times) : 0,
    ended: times.length > 0 ? Math.max(...times) : 0,
    bars: bars.sort((a, b) => a.begun - b.begun || a.ended - b.ended),
  };
}

/** A provider is named by its URN and its id. */
function providerUrn({ provider }: StateResource): string | undefined {
  return provider?.slice(0, provider.lastIndexOf("::"));
}

/** The outputs of the stack, those that are secret still encrypted. Pure. */
export function stackOutputs({ deployment }: StackExport): Readonly<Record<string, unknown>> {
  const isStack = ({ urn }: StateResource) => urn.includes("::pulumi:pulumi:Stack::");
  return deployment.resources?.find(isStack)?.outputs ?? {};
}
