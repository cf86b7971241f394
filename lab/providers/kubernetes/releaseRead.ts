import { existsSync } from "node:fs";
import path from "node:path";
import type { ReadRequest, ReadResult } from "../protocol";
import type { PropertyMap } from "../property";
import { loadChart } from "./chart";
import { helmOptions, type HelmTools } from "./helmTools";
import type { ProviderInstance } from "./instance";
import { decodeRelease, releaseId, setReleaseDefaults, type Release } from "./releaseInputs";
import { checkpointRelease, inputsOfState, withStored, type StoredRelease } from "./releaseState";
import { latestRevision } from "./releaseStore";

/** Reads a release, for a refresh or an import: its newest revision, not whether its objects are there. */
export async function readRelease(
  { id, properties }: ReadRequest,
  tools: HelmTools,
  instance: ProviderInstance,
): Promise<ReadResult> {
  const known = Object.keys(properties).length > 0;
  const release = decodeRelease(properties, tools.directory);
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
    read.chart = await findChart(stored, tools, instance, read);
    const imported: Record<string, unknown> = { ...read };
    delete imported.resourceNames;
    delete imported.status;
    inputs = imported as PropertyMap;
    setReleaseDefaults(inputs, instance.defaultNamespace);
  }
  return { id: id || releaseId(read), properties: checkpointRelease(inputs, read, false), inputs };
}

/** Where the chart of a release that was installed by other means may lie. */
async function findChart(
  { chart }: StoredRelease,
  tools: HelmTools,
  instance: ProviderInstance,
  read: Release,
): Promise<string> {
  const versioned = `${chart.name}-${chart.version}`;
  const candidates = [versioned, `${versioned}.tgz`, chart.name, `${chart.name}.tgz`];
  const found = candidates.find((name) => existsSync(path.join(tools.directory, name)));
  if (!found) return chart.name;
  const local = { ...read, chart: found };
  await loadChart(tools.helm, local, helmOptions(tools, instance)).then(
    ({ version }) => (read.version = version),
    () => undefined,
  );
  return found;
}
