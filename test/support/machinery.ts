import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";

import { cachedPath, cacheFolder } from "../../lab/binaries/cacheFolder";
import { catalog } from "../../lab/binaries/catalog";
import { Machinery, MachineryError } from "../../lab/machinery";

const source = path.resolve(__dirname, "..", "..", "tools", "machinery");

/** Starts `tools/machinery`: the one in `LAB_BIN`, else the lab's own, built where it is missing. */
export function startMachinery(): Promise<Machinery> {
  return Machinery.start(machineryBinary());
}

/** Why a machine does not get this configuration, by Talos' own library; undefined when it takes it. */
export async function refusalOf(
  machinery: Machinery,
  request: Parameters<Machinery["generate"]>[0],
): Promise<string | undefined> {
  try {
    const { machineConfiguration } = await machinery.generate(request);
    return (await machinery.validate(machineConfiguration)).error;
  } catch (error) {
    if (error instanceof MachineryError) return error.message;
    throw error;
  }
}

/** Path of the program. */
export function machineryBinary(): string {
  const given = process.env["LAB_BIN"] && path.join(process.env["LAB_BIN"], "machinery");
  if (given && existsSync(given)) {
    return given;
  }
  const { machinery } = catalog({ os: process.platform, arch: process.arch });
  const binary = cachedPath(cacheFolder(process.env), machinery);
  if (!existsSync(binary)) {
    mkdirSync(path.dirname(binary), { recursive: true });
    execFileSync("go", ["build", "-o", binary, "."], { cwd: source, stdio: "inherit" });
  }
  return binary;
}
