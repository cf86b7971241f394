import type {
  CallContext,
  CreateRequest,
  CreateResult,
  UpdateRequest,
  UpdateResult,
} from "../protocol";
import type { PropertyMap } from "../property";
import { chartReference } from "./chart";
import { HelmError, runHelm } from "./helm";
import { helmOptions, type HelmTools } from "./helmTools";
import type { ProviderInstance } from "./instance";
import { messageOf, partial } from "./manifestErrors";
import { helmArguments } from "./releaseArguments";
import { decodeRelease, releaseId, type Release } from "./releaseInputs";
import { checkpointRelease, withStored, type StoredRelease } from "./releaseState";
import { latestRevision, storedRevisions } from "./releaseStore";

/** Installs a release. One that was not ready in time stays, as failed; a preview does nothing. */
export async function createRelease(
  { urn, properties, preview }: CreateRequest,
  tools: HelmTools,
  instance: ProviderInstance,
  context: CallContext,
): Promise<CreateResult> {
  const release = decodeRelease(properties, tools.directory);
  if (preview) return { id: "", properties: checkpointRelease(properties, release, true) };
  if (instance.unreachable !== undefined) {
    throw new Error(`can't create Helm Release with unreachable cluster: ${instance.unreachable}`);
  }
  const id = releaseId(release);
  const done = (stored: StoredRelease | undefined): PropertyMap =>
    checkpointRelease(properties, stored ? withStored(release, stored) : release, false);
  try {
    await run("install", release, tools, instance, context);
  } catch (error) {
    const stored = await leftBehind(error, instance, release);
    if (!stored) throw error;
    await context.log(
      "warning",
      `Helm release "${release.name}" was created but has a failed status. Use the \`helm\` command to ` +
        `investigate the error, correct it, then retry. Reason: ${messageOf(error)}`,
      urn,
    );
    const message =
      `Helm release "${id}" was created, but failed to initialize completely. ` +
      `Use Helm CLI to investigate: ${unavailable(release, error)}`;
    throw partial(message, error, id, done(stored));
  }
  const stored = await latestRevision(instance, release.namespace, release.name);
  return { id, properties: done(stored) };
}

/** Upgrades a release in place. One that was not ready in time stays, as failed; a preview does nothing. */
export async function updateRelease(
  { olds, news, preview }: UpdateRequest,
  tools: HelmTools,
  instance: ProviderInstance,
  context: CallContext,
): Promise<UpdateResult> {
  const release = decodeRelease(news, tools.directory);
  const old = decodeRelease(olds, tools.directory);
  if (preview) return { properties: checkpointRelease(news, release, true) };
  if (instance.unreachable !== undefined) {
    throw new Error(`can't update Helm Release with unreachable cluster: ${instance.unreachable}`);
  }
  const revisions = (): Promise<StoredRelease[]> =>
    storedRevisions(instance, old.namespace, release.name);
  const before = (await revisions()).at(-1)?.version ?? 0;
  const done = (stored: StoredRelease | undefined): PropertyMap =>
    checkpointRelease(news, stored ? withStored(release, stored) : release, false);
  try {
    if (release.lint === true) await lint(release, tools, instance);
    await run("upgrade", { ...release, namespace: old.namespace }, tools, instance, context);
  } catch (error) {
    // A roll-back makes a revision of its own; the one that failed is what the state is to show.
    const stored = (await revisions()).find(({ version }) => version === before + 1);
    if (!stored) throw error;
    const message =
      `Helm release "${releaseId(release)}" failed to initialize completely. ` +
      `Use Helm CLI to investigate: ${unavailable(release, error)}`;
    throw partial(message, error, releaseId(release), done(stored));
  }
  return { properties: done((await revisions()).at(-1)) };
}

function run(
  command: "install" | "upgrade",
  release: Release,
  tools: HelmTools,
  instance: ProviderInstance,
  { signal }: CallContext,
): Promise<string> {
  const { args } = chartReference(release, tools.directory);
  return runHelm(tools.helm, helmArguments(command, release, args), {
    ...helmOptions(tools, instance),
    input: JSON.stringify(release.values),
    signal,
  });
}

async function lint(release: Release, tools: HelmTools, instance: ProviderInstance): Promise<void> {
  const { local } = chartReference(release, tools.directory);
  if (!local) return;
  const input = JSON.stringify(release.values);
  await runHelm(tools.helm, ["lint", local, "--quiet", "--values", "-"], {
    ...helmOptions(tools, instance),
    input,
  });
}

/** The revision that a failed install left; undefined where it came to none or the name was taken before. */
async function leftBehind(
  error: unknown,
  instance: ProviderInstance,
  { namespace, name }: Release,
): Promise<StoredRelease | undefined> {
  const refused = /^(cannot re-use a name|Unable to continue with install)/;
  if (!(error instanceof HelmError) || refused.test(error.message)) return undefined;
  return latestRevision(instance, namespace, name).catch(() => undefined);
}

function unavailable(release: Release, error: unknown): string {
  return `failed to become available within allocated timeout. Error: Helm Release ${releaseId(release)}: ${messageOf(error)}`;
}
