import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

/** A resource provider that the program uses. */
export interface ResourcePlugin {
  name: "talos" | "kubernetes";
  /** The version that the program's package asks for. */
  version: string;
}

/** The plugins of the program's packages, by the `pulumi` block or the version of each. */
export function wantedPlugins(root: string): ResourcePlugin[] {
  const packages = { talos: "@pulumiverse/talos", kubernetes: "@pulumi/kubernetes" } as const;
  return (["talos", "kubernetes"] as const).map((name) => {
    const file = path.join(root, "node_modules", packages[name], "package.json");
    const { version, pulumi } = JSON.parse(readFileSync(file, "utf8")) as {
      version: string;
      pulumi?: { version?: string };
    };
    return { name, version: (pulumi?.version ?? version).replace(/^v/, "") };
  });
}

/** The user's own plugin cache. */
export function userPluginFolder(env: NodeJS.ProcessEnv): string {
  return path.join(env.PULUMI_HOME || path.join(env.HOME || homedir(), ".pulumi"), "plugins");
}

/**
 * Makes the real plugins that are installed visible in the lab's own home, and takes away those that
 * are gone or no longer wanted.
 *
 * @param folders plugin caches, the first that has a plugin gives it
 * @returns the names of the plugins that are real
 */
export function provideRealPlugins(
  wanted: ResourcePlugin[],
  folders: string[],
  home: string,
): Set<ResourcePlugin["name"]> {
  const folder = path.join(home, "plugins");
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder).filter((name) => name.startsWith("resource-"))) {
    rmSync(path.join(folder, entry), { force: true, recursive: true });
  }
  const real = new Set<ResourcePlugin["name"]>();
  for (const plugin of wanted) {
    const [installed] = folders.flatMap((each) => installedPlugin(plugin, each) ?? []);
    if (!installed) continue;
    linkFiles(installed, path.join(folder, path.basename(installed)));
    real.add(plugin.name);
  }
  return real;
}

/** The engine takes no other version than the one that the program's package names. */
function installedPlugin({ name, version }: ResourcePlugin, folder: string): string | undefined {
  const installed = path.join(folder, `resource-${name}-v${version}`);
  const isWhole = !existsSync(`${installed}.partial`);
  return isWhole && existsSync(path.join(installed, `pulumi-resource-${name}`))
    ? installed
    : undefined;
}

/** A folder of links: the engine passes over a link to a folder. */
function linkFiles(from: string, to: string): void {
  mkdirSync(to);
  for (const file of readdirSync(from)) symlinkSync(path.join(from, file), path.join(to, file));
}
