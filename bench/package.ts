import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { installLibrary, packLibrary } from "../test/support/packedLibrary";
import { median, type Measurement } from "./report";

const RUNS = 7;

/**
 * What a program says that loads Pulumi's SDK and then the library: the seconds of each. Loading waits for
 * nothing, and processor time is the same on a machine that is busy with other things.
 */
const PROGRAM = `
const seconds = () => Object.values(process.cpuUsage()).reduce((a, b) => a + b) / 1e6;
const begun = seconds();
require("@pulumi/pulumi");
const sdk = seconds();
require("pulumi-talos-cilium");
console.log(JSON.stringify([sdk - begun, seconds() - sdk]));
`;

/** Size of the archive, and what loading it costs beyond the SDK that every program loads. */
export async function bench(): Promise<Measurement[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "package-bench-"));
  try {
    const { size, unpackedSize, ...library } = await packLibrary(folder);
    installLibrary({ size, unpackedSize, ...library }, folder);
    const load = () => {
      const answer = execFileSync(process.execPath, ["-e", PROGRAM], { cwd: folder });
      return JSON.parse(answer.toString()) as [number, number];
    };
    // The first fills the caches of the file system.
    load();
    const loads = Array.from({ length: RUNS }, load);
    return [
      { what: "packed library", value: size / 1000, unit: "KB", limit: 300 },
      { what: "unpacked", value: unpackedSize / 1000, unit: "KB" },
      {
        what: "loading the library, beyond the SDK",
        value: median(loads.map(([, ours]) => ours)),
        unit: "s",
        limit: 0.4,
        baseline: { what: "loading the SDK", value: median(loads.map(([sdk]) => sdk)) },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
