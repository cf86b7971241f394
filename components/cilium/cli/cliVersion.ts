import { execFileSync } from "node:child_process";

import type { Problem } from "../../problems";
import type { CiliumSpec } from "../../spec";

/** Milliseconds. */
const VERSION_TIMEOUT = 5_000;

/** It also asks the internet for the newest Cilium, of no interest here, and waits where nothing answers. */
const WITHOUT_INTERNET = {
  HTTPS_PROXY: "http://127.0.0.1:9",
  NO_PROXY: undefined,
  no_proxy: undefined,
};

/** What `cilium version --client` printed, by PATH: a program asks more than once. */
const printed = new Map<string, string | undefined>();

/** What is wrong with the CLI on PATH, where the method needs one. */
export function cliProblems(cilium: CiliumSpec): Problem[] {
  if (cilium.installMethod !== "cli") return [];
  const path = process.env["PATH"] ?? "";
  if (!printed.has(path)) printed.set(path, cliVersionText());
  return versionProblems(cilium.cli?.version ?? "", printed.get(path));
}

/** @param text what the CLI says of itself; undefined where there is none. Pure. */
export function versionProblems(asked: string, text: string | undefined): Problem[] {
  const wanted = asked.replace(/^v/, "");
  if (text === undefined) {
    return [
      {
        id: "cli-missing",
        propertyPath: "cilium.installMethod",
        got: "cli",
        reason: "there is no cilium on PATH, and this method runs `cilium install`",
        fix: `install Cilium's CLI ${wanted}, or choose the method release, which needs none`,
      },
    ];
  }
  const found = cliVersionIn(text);
  if (found === wanted) return [];
  return [
    {
      id: "cli-version",
      propertyPath: "cilium.cli.version",
      got: asked,
      reason: `the cilium on PATH is ${found ?? "no CLI of Cilium: it does not say cilium-cli"}`,
      fix: found ? `install ${wanted}, or write "${found}"` : `install Cilium's CLI ${wanted}`,
    },
  ];
}

/** The version of the CLI in what it says of itself, without `v`; undefined for another program. Pure. */
export function cliVersionIn(text: string): string | undefined {
  return /^cilium-cli:\s*v?(\S+)/m.exec(text)?.[1];
}

/** What `cilium version --client` prints; undefined where there is no such program on PATH. */
export function cliVersionText(env = process.env): string | undefined {
  try {
    return execFileSync("cilium", ["version", "--client"], {
      env: { ...env, ...WITHOUT_INTERNET },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: VERSION_TIMEOUT,
    });
  } catch (error) {
    const { code, stdout } = error as { code?: string; stdout?: string };
    return code === "ENOENT" ? undefined : (stdout ?? "");
  }
}
