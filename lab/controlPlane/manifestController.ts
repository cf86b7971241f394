import { defaultManifests, inApplyOrder, type Manifest } from "./bootstrapManifests";
import type { ClusterSettings } from "./clusterSettings";
import { readInventory, writeInventory } from "./inventory";
import type { KubernetesApi } from "./kubernetesApi";
import { applyManifests } from "./manifestApply";
import { fetchManifest, inlineManifests, manifestSources } from "./userManifests";
import { pause } from "./watchList";

/** First and longest waiting time before a failed step is tried again. */
const BACK_OFF_MS = { first: 500, longest: 60_000 };
/** How long a run waits for manifests behind URLs before it applies the others. */
const FETCH_PATIENCE_MS = 500;

/**
 * Applies Talos' manifests once the API server serves: its own, inline ones and those behind URLs.
 * What fails is tried again with a growing pause and holds up nothing else.
 */
export class ManifestController {
  private readonly fetched = new Map<string, Manifest>();
  private stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private appliedFirst: () => void = () => undefined;
  /** Resolves after the first run that reached the API server to its end. */
  readonly applied: Promise<void>;

  constructor(
    private readonly api: KubernetesApi,
    private readonly onEvent: (message: string) => void,
  ) {
    this.applied = new Promise((resolve) => {
      this.appliedFirst = resolve;
    });
  }

  /** Goes over all manifests of this configuration; an earlier one is given up. */
  reconcile(settings: ClusterSettings): void {
    this.stopped.abort();
    this.stopped = new AbortController();
    const { signal } = this.stopped;
    // One run at a time, as Talos' lock in etcd has it.
    this.running = this.running.then(() => this.run(settings, signal));
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(settings: ClusterSettings, signal: AbortSignal): Promise<void> {
    const inline = inlineManifests(settings);
    let backOff = BACK_OFF_MS.first;
    let said = "";
    while (!signal.aborted) {
      const problems = [...inline.problems, ...(await this.fetchMissing(settings, signal))];
      const manifests = [
        ...defaultManifests(settings),
        ...inline.manifests,
        ...manifestSources(settings).flatMap(({ id }) => this.fetched.get(id) ?? []),
      ];
      problems.push(...(await this.applyOnce(manifests, signal)));
      if (problems.length === 0) {
        return;
      }
      if (problems.join("\n") !== said) {
        said = problems.join("\n");
        problems.forEach((problem) => this.onEvent(problem));
      }
      await pause(backOff, signal);
      backOff = Math.min(backOff * 2, BACK_OFF_MS.longest);
    }
  }

  /** Starts what is missing and waits a moment only: a silent server must not hold up the others. */
  private async fetchMissing(settings: ClusterSettings, signal: AbortSignal): Promise<string[]> {
    const missing = manifestSources(settings).filter(({ id }) => !this.fetched.has(id));
    if (missing.length === 0) {
      return [];
    }
    const problems = new Map(missing.map(({ id, url }) => [id, `still downloading "${url}"`]));
    const all = Promise.all(
      missing.map(async (source) => {
        try {
          const manifest = await fetchManifest(source);
          problems.delete(source.id);
          if (!signal.aborted) {
            this.fetched.set(source.id, manifest);
          }
        } catch (error) {
          problems.set(source.id, (error as Error).message);
        }
      }),
    );
    await Promise.race([all, pause(FETCH_PATIENCE_MS, signal)]);
    return [...problems.values()].sort();
  }

  private async applyOnce(manifests: Manifest[], signal: AbortSignal): Promise<string[]> {
    if (signal.aborted) {
      return [];
    }
    try {
      const known = await readInventory(this.api);
      const { inventory, created, problems } = await applyManifests(
        this.api,
        inApplyOrder(manifests),
        known,
      );
      if (created.length > 0 || inventory.size !== known.size) {
        await writeInventory(this.api, inventory);
        this.onEvent(`Talos applied ${created.length} bootstrap objects`);
      }
      this.appliedFirst();
      return problems;
    } catch (error) {
      return [(error as Error).message];
    }
  }
}
