import { execFile } from "node:child_process";
import { existsSync, readFileSync, readdirSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import * as path from "node:path";

import type { PluginFacts, ToolFacts } from "./tools";

/** How long a tool may take to say its version. */
const TOOL_MS = 8_000;

const load = createRequire(__filename);

/** Asks the tools on PATH for their versions, and looks at what npm and Pulumi have installed. */
export async function lookAtTools(root: string, env = process.env): Promise<ToolFacts> {
  const { missingPackages } = load("../nodePackages.js") as {
    missingPackages: (root: string) => number;
  };
  const agent = /\bnpm\/(\S+)/.exec(env["npm_config_user_agent"] ?? "")?.[1];
  const [npm, pulumi, talosctl, kubectl, helm] = await Promise.all([
    agent ?? versionOf("npm", ["--version"], env),
    versionOf("pulumi", ["version"], env),
    versionOf("talosctl", ["version", "--client", "--short"], env),
    versionOf("kubectl", ["version", "--client"], env),
    versionOf("helm", ["version", "--short"], env),
  ]);
  const plugins = path.join(env["PULUMI_HOME"] || path.join(homedir(), ".pulumi"), "plugins");
  return {
    node: process.versions.node,
    ...(npm && { npm }),
    ...(pulumi && { pulumi }),
    languageHost: hasLanguageHost(plugins, env),
    ...(talosctl && { talosctl }),
    ...(kubectl && { kubectl }),
    ...(helm && { helm }),
    missingPackages: missingPackages(root),
    plugins: wantedPlugins(root, plugins),
  };
}

/** The first version in what a tool prints; undefined where it is not on PATH or fails. */
function versionOf(
  tool: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((resolve) => {
    execFile(tool, args, { env: quiet, timeout: TOOL_MS }, (error, stdout) =>
      resolve(error ? undefined : /\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?/.exec(stdout)?.[0]),
    );
  });
}

/** The CLI looks beside itself, on PATH and in its plugin cache. */
function hasLanguageHost(plugins: string, env: NodeJS.ProcessEnv): boolean {
  const folders = (env["PATH"] ?? "").split(path.delimiter);
  const cli = folders.map((folder) => path.join(folder, "pulumi")).find((file) => existsSync(file));
  const besides = cli ? [path.dirname(realpathSync(cli))] : [];
  return (
    [...besides, ...folders].some((folder) =>
      existsSync(path.join(folder, "pulumi-language-nodejs")),
    ) || entries(plugins).some((entry) => entry.startsWith("language-nodejs-v"))
  );
}

/** Plugins of the program's packages, by the `pulumi` block or the version of each. */
function wantedPlugins(root: string, plugins: string): PluginFacts[] {
  const packages = { talos: "@pulumiverse/talos", kubernetes: "@pulumi/kubernetes" };
  return Object.entries(packages).flatMap(([name, packageName]) => {
    const file = path.join(root, "node_modules", packageName, "package.json");
    // Packages that are missing are a finding of their own.
    if (!existsSync(file)) return [];
    const { version, pulumi } = JSON.parse(readFileSync(file, "utf8")) as {
      version: string;
      pulumi?: { version?: string };
    };
    const prefix = `resource-${name}-v`;
    const installed = entries(plugins)
      .filter((entry) => entry.startsWith(prefix) && !/\.(lock|partial)$/.test(entry))
      .map((entry) => entry.slice(prefix.length));
    return [{ name, wanted: (pulumi?.version ?? version).replace(/^v/, ""), installed }];
  });
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
