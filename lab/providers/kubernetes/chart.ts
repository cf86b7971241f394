import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
// Five times as fast on the thousands of lines of values, which only have to be sound here.
import { load } from "js-yaml";
import { parseGoYaml } from "./goYaml";
import { HelmError, runHelm, type HelmOptions } from "./helm";
import { isRecord } from "./plain";
import type { Release } from "./releaseInputs";

/** What a chart says of itself. */
export interface ChartMetadata {
  name: string;
  version: string;
}

/** A chart as helm's arguments name it. */
export interface ChartReference {
  args: string[];
  /** Absolute path of a chart that lies on this machine. */
  local: string | undefined;
}

/** Metadata of local charts, by path, sizes and times of change. */
const known = new Map<string, ChartMetadata>();

/**
 * Finds where a release's chart is.
 * @throws HelmError where a path leads nowhere
 */
export function chartReference(release: Release, directory: string): ChartReference {
  const options = isRecord(release.repositoryOpts) ? release.repositoryOpts : {};
  const repository = textOf(options.repo);
  let name = release.chart.trim();
  const isUrl = repository !== "" && URL.canParse(repository) && !name.startsWith("oci://");
  if (repository !== "" && !isUrl && !name.startsWith("oci://") && !name.includes("/")) {
    name = `${repository}/${name}`;
  }
  const args: string[] = [];
  if (!isUrl) {
    const local = path.resolve(directory, name);
    const isChart = existsSync(local) && (!statSync(local).isDirectory() || hasChartFile(local));
    if (isChart) return { args: [local, ...verification(release)], local };
    if (path.isAbsolute(name) || name.startsWith(".")) {
      throw new HelmError(`path "${name}" not found`);
    }
  } else {
    args.push("--repo", repository);
  }
  const version = release.version.trim() || (release.devel === true ? ">0.0.0-0" : "");
  if (version !== "") args.push("--version", version);
  const flags = { caFile: "ca-file", certFile: "cert-file", keyFile: "key-file" };
  for (const [option, flag] of Object.entries({
    ...flags,
    username: "username",
    password: "password",
  })) {
    if (textOf(options[option])) args.push(`--${flag}`, textOf(options[option]));
  }
  return { args: [name, ...args, ...verification(release)], local: undefined };
}

function verification(release: Release): string[] {
  if (release.verify !== true) return [];
  return ["--verify", ...(release.keyring ? ["--keyring", String(release.keyring)] : [])];
}

/** What Helm would show of a folder, without starting it; a folder that Helm would find fault with is Helm's. */
function readChartFile(local: string): string | undefined {
  if (!statSync(local).isDirectory()) return undefined;
  try {
    const text = readFileSync(path.join(local, "Chart.yaml"), "utf8");
    const values = path.join(local, "values.yaml");
    const chart = parseGoYaml(text);
    if (existsSync(values)) load(readFileSync(values, "utf8"));
    const isSound = isRecord(chart) && ["apiVersion", "name", "version"].every((key) => chart[key]);
    return isSound ? text : undefined;
  } catch {
    return undefined;
  }
}

function hasChartFile(folder: string): boolean {
  return existsSync(path.join(folder, "Chart.yaml"));
}

/**
 * Loads a release's chart, so far as to know its version and that its dependencies are there.
 * @throws HelmError in Helm's words where it cannot be had
 */
export async function loadChart(
  helm: string,
  release: Release,
  options: HelmOptions,
): Promise<ChartMetadata> {
  const { args, local } = chartReference(release, options.directory);
  const key = local && keyOf(local);
  const before = key === undefined ? undefined : known.get(key);
  if (before) return before;
  const text =
    (local && readChartFile(local)) ?? (await runHelm(helm, ["show", "chart", ...args], options));
  const metadata = parseGoYaml(text);
  if (!isRecord(metadata)) throw new HelmError("chart metadata is missing");
  if (local && Array.isArray(metadata.dependencies)) {
    await checkDependencies(helm, local, release.dependencyUpdate === true, options);
  }
  const chart = { name: textOf(metadata.name), version: textOf(metadata.version) };
  if (key !== undefined) known.set(key, chart);
  return chart;
}

/** Changes with an archive, or with any file of a folder. */
function keyOf(local: string): string {
  const files = statSync(local).isFile() ? [""] : readdirSync(local, { recursive: true });
  const stamps = files.map((file) => {
    const { size, mtimeMs } = statSync(path.join(local, String(file)));
    return `${file}:${size}:${mtimeMs}`;
  });
  return [local, ...stamps].join("\n");
}

async function checkDependencies(
  helm: string,
  local: string,
  update: boolean,
  options: HelmOptions,
): Promise<void> {
  const table = await runHelm(helm, ["dependency", "list", local], options);
  const missing = table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.at(-1) === "missing")
    .map(([name]) => name);
  if (missing.length === 0) return;
  if (update) await runHelm(helm, ["dependency", "update", local], options);
  else {
    throw new HelmError(
      `found in Chart.yaml, but missing in charts/ directory: ${missing.join(", ")}`,
    );
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
