import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";

import { cachedPath, cacheFolder } from "../../lab/binaries/cacheFolder";
import { catalog } from "../../lab/binaries/catalog";
import { Machinery } from "../../lab/machinery";

const source = path.resolve(__dirname, "..", "..", "tools", "machinery");

/** Starts `tools/machinery`: the one in `LAB_BIN`, else the lab's own, built where it is missing. */
export function startMachinery(): Promise<Machinery> {
  return Machinery.start(machineryBinary());
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
