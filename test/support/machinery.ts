import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, statSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { Machinery } from "../../lab/machinery";

const source = path.resolve(__dirname, "..", "..", "tools", "machinery");

/** Starts `tools/machinery`: the one in `LAB_BIN`, else one built into the cache folder. */
export function startMachinery(): Promise<Machinery> {
  return Machinery.start(machineryBinary());
}

/** Path of the program; builds it where it is missing or older than its source. */
export function machineryBinary(): string {
  const given = process.env["LAB_BIN"] && path.join(process.env["LAB_BIN"], "machinery");
  if (given && existsSync(given)) {
    return given;
  }
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
  const binary = path.join(cache, "pulumi-talos-cilium", "test", "machinery");
  if (!existsSync(binary) || statSync(binary).mtimeMs < newestSource()) {
    mkdirSync(path.dirname(binary), { recursive: true });
    execFileSync("go", ["build", "-trimpath", "-o", binary, "."], {
      cwd: source,
      stdio: "inherit",
    });
  }
  return binary;
}

function newestSource(): number {
  return Math.max(...readdirSync(source).map((file) => statSync(path.join(source, file)).mtimeMs));
}
