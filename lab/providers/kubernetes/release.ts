import type {
  CallContext,
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  ReadRequest,
  ReadResult,
  UpdateRequest,
  UpdateResult,
} from "../protocol";
import { containsUnknowns, type PropertyMap } from "../property";
import { existsSync } from "node:fs";
import path from "node:path";
import { chartReference, loadChart } from "./chart";
import { HelmError, runHelm, type HelmOptions } from "./helm";
import type { ProviderInstance } from "./instance";
import { messageOf, partial } from "./manifestErrors";
import { uniqueName } from "./naming";
import { helmArguments } from "./releaseArguments";
import { decodeRelease, setReleaseDefaults, type Release } from "./releaseInputs";
import { checkpointRelease, inputsOfState, withStored, type StoredRelease } from "./releaseState";
import { latestRevision, storedRevisions } from "./releaseStore";
import { annotateSecrets, annotateUnknowns } from "./secrets";

/** What the releases of a server share. */
export interface HelmTools {
  /** Path of the helm binary. */
  helm: string;
  /** What relative paths of charts and values files start from. */
  directory: string;
}

export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Helm releases: nothing is rendered before it is installed, only the chart is looked for. */
export class Releases {
  constructor(private readonly tools: HelmTools) {}

  async check(
    { urn, name, olds, news }: CheckRequest,
    instance: ProviderInstance,
    { log }: CallContext,
  ): Promise<CheckResult> {
    const properties: PropertyMap = { ...news };
    if (properties.name === undefined && typeof olds.name === "string") properties.name = olds.name;
    if (properties.name === undefined || properties.name === "") {
      properties.name = uniqueName(`${name}-`);
    }
    setReleaseDefaults(properties, instance.defaultNamespace);
    const release = decodeRelease(properties, this.tools.directory);
    if (release.allowNullValues === true) {
      await log(
        "warning",
        "`allowNullValues` is deprecated and has no effect; null values in Helm chart values are preserved by default.",
        urn,
      );
    }
    const failures = [];
    if (!containsUnknowns(properties)) {
      try {
        const chart = await loadChart(this.tools.helm, release, this.options(instance));
        release.version = chart.version;
      } catch (error) {
        const reason = `${messageOf(error)}; check the chart name and repository configuration.`;
        failures.push({ property: "chart", reason });
      }
    }
    const inputs: Record<string, unknown> = release;
    delete inputs.resourceNames;
    annotateUnknowns(inputs, news);
    annotateSecrets(inputs, news);
    return { inputs: inputs as PropertyMap, failures };
  }

  async create(
    { urn, properties, preview }: CreateRequest,
    instance: ProviderInstance,
    context: CallContext,
  ): Promise<CreateResult> {
    const release = decodeRelease(properties, this.tools.directory);
    if (preview) return { id: "", properties: checkpointRelease(properties, release, true) };
    if (instance.unreachable !== undefined) {
      throw new Error(
        `can't create Helm Release with unreachable cluster: ${instance.unreachable}`,
      );
    }
    const id = idOf(release);
    const done = (stored: StoredRelease | undefined): PropertyMap =>
      checkpointRelease(properties, stored ? withStored(release, stored) : release, false);
    try {
      await this.helm("install", release, instance, context);
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

  async update(
    { olds, news, preview }: UpdateRequest,
    instance: ProviderInstance,
    context: CallContext,
  ): Promise<UpdateResult> {
    const release = decodeRelease(news, this.tools.directory);
    const old = decodeRelease(olds, this.tools.directory);
    if (preview) return { properties: checkpointRelease(news, release, true) };
    if (instance.unreachable !== undefined) {
      throw new Error(
        `can't update Helm Release with unreachable cluster: ${instance.unreachable}`,
      );
    }
    const revisions = (): Promise<StoredRelease[]> =>
      storedRevisions(instance, old.namespace, release.name);
    const before = (await revisions()).at(-1)?.version ?? 0;
    const done = (stored: StoredRelease | undefined): PropertyMap =>
      checkpointRelease(news, stored ? withStored(release, stored) : release, false);
    try {
      if (release.lint === true) await this.lint(release, instance);
      await this.helm("upgrade", { ...release, namespace: old.namespace }, instance, context);
    } catch (error) {
      // A roll-back makes a revision of its own; the one that failed is what the state is to show.
      const stored = (await revisions()).find(({ version }) => version === before + 1);
      if (!stored) throw error;
      const message =
        `Helm release "${idOf(release)}" failed to initialize completely. ` +
        `Use Helm CLI to investigate: ${unavailable(release, error)}`;
      throw partial(message, error, idOf(release), done(stored));
    }
    return { properties: done((await revisions()).at(-1)) };
  }

  async read({ id, properties }: ReadRequest, instance: ProviderInstance): Promise<ReadResult> {
    const known = Object.keys(properties).length > 0;
    const release = decodeRelease(properties, this.tools.directory);
    const [namespace = "", name = ""] = known
      ? [release.namespace, release.name]
      : id.includes("/")
        ? id.split("/")
        : ["", id];
    const stored = await latestRevision(instance, namespace, name);
    if (!stored) return { id: "", properties: {} };
    const read = withStored(release, stored);
    let inputs = inputsOfState(properties);
    if (!inputs) {
      read.chart = await this.findChart(stored, instance, read);
      const imported: Record<string, unknown> = { ...read };
      delete imported.resourceNames;
      delete imported.status;
      inputs = imported as PropertyMap;
      setReleaseDefaults(inputs, instance.defaultNamespace);
    }
    return { id: id || idOf(read), properties: checkpointRelease(inputs, read, false), inputs };
  }

  async delete(
    { urn, properties }: DeleteRequest,
    instance: ProviderInstance,
    { log, signal }: CallContext,
  ): Promise<void> {
    if (instance.unreachable !== undefined) {
      throw new Error(
        `can't delete Helm Release with unreachable cluster. Reason: ${JSON.stringify(instance.unreachable)}`,
      );
    }
    const release = decodeRelease(properties, this.tools.directory);
    const args = ["uninstall", release.name, "--namespace", release.namespace];
    if (release.atomic === true || release.skipAwait !== true) {
      args.push("--wait", "--timeout", `${release.timeout || 300}s`);
    }
    const said = await runHelm(this.tools.helm, args, { ...this.options(instance), signal });
    const info = said.replace(/release ".*" uninstalled\n?$/, "").trim();
    if (info !== "") {
      const message = `Helm uninstall returned information: ${JSON.stringify(info)}`;
      await log("warning", message, urn);
    }
  }

  private helm(
    command: "install" | "upgrade",
    release: Release,
    instance: ProviderInstance,
    { signal }: CallContext,
  ): Promise<string> {
    const { args } = chartReference(release, this.tools.directory);
    return runHelm(this.tools.helm, helmArguments(command, release, args), {
      ...this.options(instance),
      input: JSON.stringify(release.values),
      signal,
    });
  }

  private async lint(release: Release, instance: ProviderInstance): Promise<void> {
    const { local } = chartReference(release, this.tools.directory);
    if (!local) return;
    const input = JSON.stringify(release.values);
    await runHelm(this.tools.helm, ["lint", local, "--quiet", "--values", "-"], {
      ...this.options(instance),
      input,
    });
  }

  private options(instance: ProviderInstance): HelmOptions {
    const { helmDriver, helmEnvironment } = instance.settings;
    return {
      directory: this.tools.directory,
      environment: {
        ...helmEnvironment,
        HELM_DRIVER: helmDriver,
        ...(instance.unreachable === undefined ? { KUBECONFIG: instance.kubeconfigFile() } : {}),
      },
    };
  }

  /** Where the chart of a release that was installed by other means may lie. */
  private async findChart(
    { chart }: StoredRelease,
    instance: ProviderInstance,
    read: Release,
  ): Promise<string> {
    const versioned = `${chart.name}-${chart.version}`;
    const candidates = [versioned, `${versioned}.tgz`, chart.name, `${chart.name}.tgz`];
    const found = candidates.find((name) => existsSync(path.join(this.tools.directory, name)));
    if (!found) return chart.name;
    const local = { ...read, chart: found };
    await loadChart(this.tools.helm, local, this.options(instance)).then(
      ({ version }) => (read.version = version),
      () => undefined,
    );
    return found;
  }
}

function idOf({ namespace, name }: Release): string {
  return namespace === "" ? name : `${namespace}/${name}`;
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
  return `failed to become available within allocated timeout. Error: Helm Release ${idOf(release)}: ${messageOf(error)}`;
}
