import { execFileSync } from "node:child_process";
import path from "node:path";

import { labBinaries } from "./testLab";

const STAND_IN = path.resolve(__dirname, "../../lab/ciliumCLI/bin");

/** Cilium's CLI that a test goes by. */
export interface CiliumCLI {
  /** For `cilium.cli.version`. */
  readonly version: string;
  readonly isStandIn: boolean;
  /** What a reader of the test has to know of it. */
  readonly says: string;
}

let known: CiliumCLI | undefined;

/** The real CLI where PATH has one; else puts the lab's stand-in there, which says so. It is asked once. */
export function ciliumCLI(): CiliumCLI {
  process.env["HELM_BIN"] ??= labBinaries()?.["helm"];
  known ??= askedCLI();
  return known;
}

function askedCLI(): CiliumCLI {
  const text = printed() ?? (addStandIn(), printed()!);
  const version = /cilium-cli: v?(\S+)/.exec(text)![1]!;
  const isStandIn = text.includes("stand-in");
  return {
    ...{ version, isStandIn },
    says: isStandIn ? text.split("\n")[0]! : `Cilium's CLI ${version}, from PATH`,
  };
}

function addStandIn(): void {
  process.env["PATH"] = `${STAND_IN}${path.delimiter}${process.env["PATH"] ?? ""}`;
}

function printed(): string | undefined {
  try {
    return execFileSync("cilium", ["version", "--client"], { encoding: "utf8", timeout: 10_000 });
  } catch {
    return undefined;
  }
}
