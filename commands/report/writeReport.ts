import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import { reportPage } from "./page";
import type { Report } from "./report";
import { timelineFile } from "./timelineSvg";

/**
 * Writes `index.html`, `timeline.svg` and `report.json` into a folder, made where it is missing.
 *
 * @returns the path of the page
 */
export function writeReport(report: Report, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  write("report.json", `${JSON.stringify(report, undefined, 2)}\n`);
  write("timeline.svg", `${timelineFile(report)}\n`);
  return write("index.html", reportPage(report));
}
