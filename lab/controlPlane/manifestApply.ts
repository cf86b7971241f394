import { INVENTORY_NAME, inventoryKey, OWNING_INVENTORY } from "./inventory";
import { isNotFound, KubernetesApiError, type KubernetesApi } from "./kubernetesApi";
import { record, stringRecord, text, type Tree } from "./tree";

export const FIELD_MANAGER = "talos";

export interface ApplyOutcome {
  /** What the inventory has to hold now. */
  inventory: Set<string>;
  /** Objects that were made, as `group/version/Kind/name`. */
  created: string[];
  /** Why some objects could not be made; the others were. */
  problems: string[];
}

/** The run broke off: a later one has to go on. What is known of the inventory is lost, as in Talos. */
export class ApplyInterrupted extends Error {}

interface Mapping {
  plural: string;
  namespaced: boolean;
}

/**
 * One run over all objects in the given order, with Talos' rule for each: in the inventory → skip;
 * exists → only note it; else server-side apply.
 * @throws ApplyInterrupted when the API server cannot be reached or answers unexpectedly.
 */
export async function applyManifests(
  api: KubernetesApi,
  objects: readonly Tree[],
  known: ReadonlySet<string>,
): Promise<ApplyOutcome> {
  const outcome: ApplyOutcome = { inventory: new Set(known), created: [], problems: [] };
  const mappings = new Map<string, Promise<Map<string, Mapping>>>();
  // All at once, as a client with a cache asks; what fails is asked for again in its turn.
  for (const apiVersion of new Set(objects.map((object) => String(object.apiVersion)))) {
    const kinds = discover(api, apiVersion);
    kinds.catch(() => mappings.delete(apiVersion));
    mappings.set(apiVersion, kinds);
  }
  /** Whether an object is there, asked while the one before it is applied: what takes time is the way. */
  const asked = new Map<string, Promise<unknown>>();
  const askAhead = async (object: Tree): Promise<void> => {
    const { path } = place(object, await mappingOf(api, object, mappings));
    const answer = api.get(path);
    answer.catch(() => undefined);
    asked.set(path, answer);
  };
  for (const [index, object] of objects.entries()) {
    const name = displayName(object);
    if (outcome.inventory.has(inventoryKey(object))) {
      continue;
    }
    let path: string;
    let placed: Tree;
    try {
      const mapping = await mappingOf(api, object, mappings);
      ({ path, object: placed } = place(object, mapping));
    } catch (error) {
      collect(outcome, `error creating mapping for object ${name}`, error, [404, 422]);
      continue;
    }
    try {
      await (asked.get(path) ?? api.get(path));
      outcome.inventory.add(inventoryKey(object));
      continue;
    } catch (error) {
      if (!isNotFound(error)) {
        throw new ApplyInterrupted(
          `error checking resource existence of ${name}: ${(error as Error).message}`,
        );
      }
    }
    const annotations = stringRecord(record(placed.metadata).annotations);
    if ((annotations[OWNING_INVENTORY] ?? INVENTORY_NAME) !== INVENTORY_NAME) {
      outcome.problems.push(`unexpected foreign inventory annotation on ${name}`);
      continue;
    }
    const next = objects[index + 1];
    if (next !== undefined && !outcome.inventory.has(inventoryKey(next))) {
      // Its kind may come with this very object: then it is asked for in its turn.
      askAhead(next).catch(() => undefined);
    }
    try {
      await api.apply(
        path,
        {
          ...placed,
          metadata: {
            ...record(placed.metadata),
            annotations: { ...annotations, [OWNING_INVENTORY]: INVENTORY_NAME },
          },
        },
        FIELD_MANAGER,
      );
      outcome.inventory.add(inventoryKey(object));
      outcome.created.push(name);
      if (object.kind === "CustomResourceDefinition") {
        // Its kind can be used right after: the next object may be one of it.
        mappings.clear();
      }
    } catch (error) {
      collect(outcome, `error creating ${name}`, error, [400, 405, 422]);
    }
  }
  return outcome;
}

/** `group/version/Kind/name`, as Talos writes it in its messages. */
export function displayName(object: Tree): string {
  const [group, version] = String(object.apiVersion).split("/");
  const gv = version === undefined ? `/${group}` : `${group}/${version}`;
  return `${gv}/${String(object.kind)}/${text(record(object.metadata).name) ?? ""}`;
}

function collect(
  outcome: ApplyOutcome,
  what: string,
  error: unknown,
  malformed: readonly number[],
): void {
  const message = `${what}: ${(error as Error).message}`;
  if (error instanceof KubernetesApiError && malformed.includes(error.status)) {
    outcome.problems.push(message);
    return;
  }
  throw new ApplyInterrupted(message);
}

async function mappingOf(
  api: KubernetesApi,
  object: Tree,
  mappings: Map<string, Promise<Map<string, Mapping>>>,
): Promise<Mapping> {
  const apiVersion = String(object.apiVersion);
  const kinds = mappings.get(apiVersion) ?? discover(api, apiVersion);
  mappings.set(apiVersion, kinds);
  const mapping = (await kinds).get(String(object.kind));
  if (mapping === undefined) {
    throw new KubernetesApiError(
      `no matches for kind "${String(object.kind)}" in version "${apiVersion}"`,
      404,
      "NoMatch",
    );
  }
  return mapping;
}

async function discover(api: KubernetesApi, apiVersion: string): Promise<Map<string, Mapping>> {
  const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const kinds = new Map<string, Mapping>();
  try {
    const { resources } = await api.get<{
      resources: { name: string; kind: string; namespaced: boolean }[];
    }>(path);
    for (const { name, kind, namespaced } of resources) {
      if (!name.includes("/")) {
        kinds.set(kind, { plural: name, namespaced });
      }
    }
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
  return kinds;
}

function place(object: Tree, { plural, namespaced }: Mapping): { path: string; object: Tree } {
  const metadata = record(object.metadata);
  const apiVersion = String(object.apiVersion);
  const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const name = encodeURIComponent(text(metadata.name) ?? "");
  if (!namespaced) {
    return { path: `${base}/${plural}/${name}`, object };
  }
  const namespace = text(metadata.namespace) ?? "default";
  return {
    path: `${base}/namespaces/${namespace}/${plural}/${name}`,
    object: { ...object, metadata: { ...metadata, namespace } },
  };
}
