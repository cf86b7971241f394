import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Writes a program `cilium` that stands in for the CLI: it says a version, notes what it was called
 * with, and does `deed` where the CLI would test. It tests nothing.
 *
 * @param deed shell
 * @returns an environment whose PATH begins with it
 */
export function standInCilium(folder: string, version: string, deed = "true"): NodeJS.ProcessEnv {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "cilium");
  const script = [
    "#!/bin/sh",
    "# Stands in for the cilium CLI in tests.",
    `if [ "$1" = version ]; then echo "${version}"; exit 0; fi`,
    `echo "$@" > "${folder}/called-with"`,
    `cp "$KUBECONFIG" "${folder}/kubeconfig"`,
    deed,
  ];
  writeFileSync(file, `${script.join("\n")}\n`);
  chmodSync(file, 0o755);
  return { ...process.env, PATH: `${folder}${path.delimiter}${process.env["PATH"]}` };
}
