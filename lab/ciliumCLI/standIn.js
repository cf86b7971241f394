// What the lab and its tests run where PATH has no Cilium CLI. Helm does its work, as it does in the real one.
"use strict";
const { spawnSync } = require("node:child_process");
const { readFileSync } = require("node:fs");

/** Its first line, whatever it is asked for. */
const SAYS = "the lab's stand-in for Cilium's CLI, which is not on PATH: Helm does its work";

/** The version that it passes for. */
const VERSION = process.env["CILIUM_CLI_STAND_IN_VERSION"] ?? "0.19.7";

/** @param {string[]} args as the real one takes them: `version`, `install` or `upgrade`, and flags. */
function main([command = "", ...flags]) {
  console.log(SAYS);
  if (command === "version") {
    console.log(`cilium-cli: v${VERSION} (stand-in)`);
  } else if (command === "install" || command === "upgrade") {
    process.exitCode = runHelm(helmArguments(command, flagsOf(flags)));
  } else {
    console.error(`the stand-in knows version, install and upgrade, not "${command}"`);
    process.exitCode = 2;
  }
}

/** Helm's arguments for those of the CLI; the values that it guesses come first, so that given ones win. Pure. */
function helmArguments(command, flags) {
  const { repository = "https://helm.cilium.io", "chart-directory": folder } = flags;
  const isOCI = repository.startsWith("oci://");
  return [
    ...[command, "cilium", folder ?? (isOCI ? repository : "cilium")],
    ...(folder || isOCI ? [] : ["--repo", repository]),
    ...["--namespace", flags["namespace"] ?? "kube-system", "--version", flags["version"]],
    ...["--values", "-", ...(flags["values"] ? ["--values", flags["values"]] : [])],
    ...(flags["reset-values"] ? ["--reset-values"] : []),
  ];
}

function runHelm(args) {
  const guessed = { operator: { replicas: 1 }, cluster: { name: clusterName() } };
  const { status, error } = spawnSync(process.env["HELM_BIN"] ?? "helm", args, {
    input: JSON.stringify(guessed),
    stdio: ["pipe", "inherit", "inherit"],
  });
  if (error) console.error(error.message);
  return status ?? 1;
}

/** As the real one has it: the name of the cluster in the kubeconfig. */
function clusterName() {
  const text = readFileSync(process.env["KUBECONFIG"] ?? "/dev/null", "utf8");
  return /clusters:\s*-[\s\S]*?name: (\S+)/.exec(text)?.[1] ?? "kubernetes";
}

/** `--name value`, `--name=value`, or `--name` alone for true. Pure. */
function flagsOf(args) {
  const flags = {};
  args.forEach((arg, index) => {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/.exec(arg) ?? [];
    if (!name) return;
    const next = args[index + 1];
    flags[name] = value ?? (next === undefined || next.startsWith("--") ? true : next);
  });
  return flags;
}

module.exports = { main, helmArguments, flagsOf, SAYS };
