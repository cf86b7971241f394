import * as semver from "semver";

import { OLDEST_CLI } from "../../components/oldestCli";
import type { ClusterSpec } from "../../components/spec";
import { type Finding, findingsOf } from "./finding";

const OLDEST_NODE = "20.19.0";

/** What is installed on this computer; absent where it is not. */
export interface ToolFacts {
  readonly node: string;
  readonly npm?: string;
  readonly pulumi?: string;
  /** Whether the CLI finds `pulumi-language-nodejs`. */
  readonly languageHost: boolean;
  readonly talosctl?: string;
  readonly kubectl?: string;
  readonly helm?: string;
  /** npm packages that are not those of the lockfile. */
  readonly missingPackages: number;
  readonly plugins: readonly PluginFacts[];
}

/** A provider plugin that the program needs. */
export interface PluginFacts {
  readonly name: string;
  /** The version that its package asks for. */
  readonly wanted: string;
  /** Versions in the plugin cache. */
  readonly installed: readonly string[];
}

const { ok, warn, fail } = findingsOf("tools");

/** What the tools of this computer mean for a run. Pure. */
export function toolFindings(facts: ToolFacts, spec?: ClusterSpec): Finding[] {
  return [
    semver.gte(facts.node, OLDEST_NODE)
      ? ok("Node.js", facts.node)
      : fail("Node.js", `${facts.node} is too old`, `install ${OLDEST_NODE} or newer`),
    facts.npm
      ? ok("npm", facts.npm)
      : warn("npm", "it is not on PATH", "install it: it comes with Node.js"),
    facts.missingPackages === 0
      ? ok("npm packages", "those of the lockfile are installed")
      : fail(
          "npm packages",
          `${facts.missingPackages} are missing or of another version than the lockfile says`,
          "run npm ci",
        ),
    ...pulumiFindings(facts),
    ...facts.plugins.map(pluginFinding),
    talosctlFinding(facts.talosctl, spec?.talosVersion),
    kubectlFinding(facts.kubectl, spec?.kubernetesVersion),
    facts.helm ? ok("helm", facts.helm) : ok("helm", "not there, and not needed"),
  ];
}

function pulumiFindings({ pulumi, languageHost }: ToolFacts): Finding[] {
  const install = "see https://www.pulumi.com/docs/install/; `npm run lab` needs none";
  if (!pulumi) return [fail("pulumi", "the CLI is not on PATH", install)];
  const isOld = semver.lt(pulumi, OLDEST_CLI);
  return [
    isOld
      ? fail("pulumi", `${pulumi} is too old`, `install ${OLDEST_CLI} or newer: ${install}`)
      : ok("pulumi", pulumi),
    languageHost
      ? ok("pulumi-language-nodejs", "found")
      : fail(
          "pulumi-language-nodejs",
          "the CLI came without its language host for Node.js",
          "install Pulumi's official release, which brings it",
        ),
  ];
}

function pluginFinding({ name, wanted, installed }: PluginFacts): Finding {
  const subject = `plugin ${name}`;
  const fitting = installed.find((version) => semver.satisfies(version, `^${wanted}`));
  if (fitting) return ok(subject, fitting);
  const other =
    installed.length > 0 ? `only ${installed.join(", ")} is installed` : "not installed";
  return warn(
    subject,
    `${wanted} is wanted, ${other}`,
    `the first run downloads it; where it cannot: pulumi plugin install resource ${name} ${wanted}`,
  );
}

function talosctlFinding(version: string | undefined, talosVersion?: string): Finding {
  if (!version) return ok("talosctl", "not there; a help on the day that a machine is in trouble");
  if (!talosVersion || sameMinor(version, talosVersion)) return ok("talosctl", version);
  return warn(
    "talosctl",
    `${version}, while machines run ${talosVersion}`,
    `install ${talosVersion}: a talosctl of another minor lacks calls or makes some that are gone`,
  );
}

/** Kubernetes supports one minor of difference, either way. */
function kubectlFinding(version: string | undefined, kubernetesVersion?: string): Finding {
  if (!version) return ok("kubectl", "not there; you will want it for the cluster");
  const apart = kubernetesVersion
    ? Math.abs(semver.minor(version) - (semver.coerce(kubernetesVersion)?.minor ?? 0))
    : 0;
  if (apart <= 1) return ok("kubectl", version);
  return warn(
    "kubectl",
    `${version} is ${apart} minors from the cluster's ${kubernetesVersion}, and 1 is supported`,
    `install ${kubernetesVersion}`,
  );
}

function sameMinor(one: string, other: string): boolean {
  const [a, b] = [semver.coerce(one), semver.coerce(other)];
  return a?.major === b?.major && a?.minor === b?.minor;
}
