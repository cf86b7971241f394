import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

// Five times as fast on the thousands of lines of a chart; positions are not needed here.
import { load } from "js-yaml";

import type { ChartKeys } from "./chartKeys";
import { chartKeysFrom } from "./chartKeys";

/** Reading one takes a twentieth of a second, and one program checks the same cluster more than once. */
const indices = new Map<string, ChartKeys | undefined>();

/** {@link readLocalChart}, once for each chart in a run. */
export function localChartKeys(chart: string): ChartKeys | undefined {
  const place = path.resolve(chart);
  if (!indices.has(place)) indices.set(place, readLocalChart(chart));
  return indices.get(place);
}

/**
 * The key index of a chart on this machine; undefined where `chart` is the name of one in a
 * repository or an OCI reference.
 *
 * @param chart a folder or a `.tgz`
 * @throws Error when there is something at the path, but no chart.
 */
export function readLocalChart(chart: string): ChartKeys | undefined {
  const files = filesOf(chart);
  if (!files) return undefined;
  const values = files.get("values.yaml");
  if (values === undefined) throw new Error(`${chart} is no Helm chart: it has no values.yaml`);
  const schema = files.get("values.schema.json");
  return chartKeysFrom({
    values: load(values) as Record<string, unknown>,
    ...(schema !== undefined && { schema: JSON.parse(schema) as unknown }),
    templates: [...files]
      .filter(([file]) => file.startsWith("templates/") && !isValidation(file))
      .map(([, text]) => text),
  });
}

/** The version that a chart on this machine gives itself; undefined where there is none. */
export function localChartVersion(chart: string): string | undefined {
  const about = filesOf(chart, (file) => file === "Chart.yaml")?.get("Chart.yaml");
  const version = about === undefined ? undefined : (load(about) as { version?: unknown }).version;
  return version === undefined ? undefined : String(version);
}

function filesOf(chart: string, isWanted = isRead): Map<string, string> | undefined {
  if (/^[a-z0-9+]+:\/\//.test(chart) || !existsSync(chart)) return undefined;
  return statSync(chart).isDirectory()
    ? folderFiles(chart, isWanted)
    : archiveFiles(chart, isWanted);
}

/** The template that only refuses removed keys. */
function isValidation(file: string): boolean {
  return file === "templates/validate.yaml";
}

function folderFiles(folder: string, isWanted: (file: string) => boolean): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.split(path.sep).join("/"))
    .filter(isWanted);
  return new Map(files.map((file) => [file, readFileSync(path.join(folder, file), "utf8")]));
}

/** Charts are packed as one gzipped tar with one folder in it. */
function archiveFiles(archive: string, isWanted: (file: string) => boolean): Map<string, string> {
  const tar = gunzipSync(readFileSync(archive));
  const files = new Map<string, string>();
  for (let offset = 0; offset + 512 <= tar.length;) {
    const name = text(tar, offset, 100);
    if (name === "") break;
    const prefix = text(tar, offset + 257, 5) === "ustar" ? text(tar, offset + 345, 155) : "";
    const size = parseInt(text(tar, offset + 124, 12), 8) || 0;
    const file = (prefix === "" ? name : `${prefix}/${name}`).replace(/^[^/]+\//, "");
    const content = offset + 512;
    if (isWanted(file)) files.set(file, tar.toString("utf8", content, content + size));
    offset = content + Math.ceil(size / 512) * 512;
  }
  return files;
}

function isRead(file: string): boolean {
  return /^(values\.yaml|values\.schema\.json|templates\/.*\.(yaml|tpl|txt))$/.test(file);
}

function text(buffer: Buffer, start: number, length: number): string {
  const field = buffer.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end).trim();
}
