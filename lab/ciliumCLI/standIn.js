// What the lab and its tests run where PATH has no Cilium CLI. Helm does its work, as it does in the real one.
"use strict";
const { spawnSync } = require("node:child_process");
const { readFileSync, statSync } = require("node:fs");

/** Its first line, whatever it is asked for. */
const SAYS = "the lab's stand-in for Cilium's CLI, which is not on PATH: Helm does its work";

/** The version that it passes for. */
const VERSION = process.env["CILIUM_CLI_STAND_IN_VERSION"] ?? "0.19.7";

/** Prints the values in place of installing. */
const DRY_RUN = "dry-run-helm-values";

/** The flags of the real one that it knows. */
const FLAGS = {
  version: ["client"],
  install: ["chart-directory", DRY_RUN, "namespace", "repository", "values", "version"],
  upgrade: ["chart-directory", "namespace", "repository", "reset-values", "values", "version"],
};

/** @param {string[]} args as the real one takes them: `version`, `install` or `upgrade`, and flags. */
function main([command = "", ...rest]) {
  const flags = flagsOf(rest);
  // What a dry run prints is for programs.
  (DRY_RUN in flags ? console.error : console.log)(SAYS);
  const fault = faultOf(command, flags);
  if (fault) {
    console.error(fault);
    process.exitCode = 1;
  } else if (command === "version") {
    console.log(`cilium-cli: v${VERSION} (stand-in)`);
  } else if (DRY_RUN in flags) {
    console.log(
      JSON.stringify(merged(guessedValues(command, currentCluster()), givenValues(flags))),
    );
  } else if (runHelm(command, flags) !== 0) {
    console.error(`\nError: Unable to ${command} Cilium: see above`);
    process.exitCode = 1;
  }
}

/** Why the real one would not begin; it reads charts in folders, never in archives. */
function faultOf(command, flags) {
  if (!(command in FLAGS)) return `unknown command "${command}" for "cilium" (the stand-in)`;
  const unknown = Object.keys(flags).find((name) => !FLAGS[command].includes(name));
  if (unknown) return `unknown flag: --${unknown}`;
  const folder = flags["chart-directory"];
  if (!folder || statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  return `failed to load Helm chart directory ${folder}`;
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

function runHelm(command, flags) {
  const guessed = guessedValues(command, currentCluster());
  const { status, error } = spawnSync(
    process.env["HELM_BIN"] ?? "helm",
    helmArguments(command, flags),
    { input: JSON.stringify(guessed), stdio: ["pipe", "inherit", "inherit"] },
  );
  if (error) console.error(error.message);
  return status ?? 1;
}

/**
 * What the real one adds where it is left out. Where the API server is, it guesses for clusters without
 * kube-proxy alone; this one, which does not look, guesses it always. Pure.
 */
function guessedValues(command, { name, server }) {
  const [, host, port] = /^https:\/\/(.*):(\d+)$/.exec(server) ?? [];
  const apiServer = { kubeProxyReplacement: true, k8sServiceHost: host, k8sServicePort: port };
  if (command === "upgrade") return apiServer;
  const tunnel = { routingMode: "tunnel", tunnelProtocol: "vxlan" };
  const kind = name === "rancher-desktop" && { cni: { binPath: "/usr/libexec/cni" } };
  return { ...apiServer, ...tunnel, ...kind, operator: { replicas: 1 }, cluster: { name } };
}

/** Those of the file, which is JSON here. */
function givenValues(flags) {
  return flags["values"] ? JSON.parse(readFileSync(flags["values"], "utf8")) : {};
}

/** Maps key by key, all else as a whole. Pure. */
function merged(base, over) {
  const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isMap(base) || !isMap(over)) return over;
  const entries = Object.entries(over).map(([key, value]) => [key, merged(base[key], value)]);
  return { ...base, ...Object.fromEntries(entries) };
}

/** Of the kubeconfig: the first, and there is one. */
function currentCluster() {
  const text = readFileSync(process.env["KUBECONFIG"] ?? "/dev/null", "utf8");
  const value = (key) => new RegExp(`"?${key}"?: *"?([^\\s",}]+)`).exec(text)?.[1] ?? "";
  return { name: value("name"), server: value("server") };
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

module.exports = { main };
