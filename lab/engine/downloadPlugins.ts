import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import { runPulumi } from "./pulumiProcess";
import type { ResourcePlugin } from "./plugins";

/** Where each plugin's releases are. */
const RELEASES: Record<ResourcePlugin["name"], { host: string; server?: string }> = {
  talos: { host: "https://github.com", server: "github://api.github.com/pulumiverse" },
  kubernetes: { host: "https://get.pulumi.com" },
};

/** Milliseconds until a host counts as out of reach. */
const CONNECT = 3_000;

/** Milliseconds for which it then counts so, that not every run waits for it again. */
const REMEMBERED = 24 * 60 * 60 * 1000;

/**
 * Installs plugins with the CLI into a home, where their releases can be reached. What cannot be had
 * is no error: the lab's own provider stands in.
 *
 * @param home a Pulumi home shared by all labs
 */
export async function downloadPlugins(
  cli: string,
  home: string,
  plugins: ResourcePlugin[],
  onStart: (plugin: ResourcePlugin) => void,
): Promise<void> {
  if (isOutOfReach(home)) return;
  mkdirSync(home, { recursive: true });
  const memory = memoryOf(home);
  for (const plugin of plugins) {
    const { host, server } = RELEASES[plugin.name];
    if (!(await isReachable(host))) {
      writeFileSync(memory, `${Date.now()}`);
      return;
    }
    onStart(plugin);
    const args = ["plugin", "install", "resource", plugin.name, plugin.version];
    const result = await runPulumi(cli, server ? [...args, "--server", server] : args, {
      cwd: home,
      env: { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    if (result.exitCode !== 0) {
      writeFileSync(memory, `${Date.now()}`);
      return;
    }
  }
  rmSync(memory, { force: true });
}

/** Whether the releases could not be reached a short time ago, so that they are not tried again yet. */
export function isOutOfReach(home: string): boolean {
  return Date.now() - rememberedAt(memoryOf(home)) < REMEMBERED;
}

const memoryOf = (home: string) => path.join(home, "out-of-reach");

function rememberedAt(file: string): number {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}

async function isReachable(host: string): Promise<boolean> {
  try {
    await fetch(host, { method: "HEAD", signal: AbortSignal.timeout(CONNECT) });
    return true;
  } catch {
    return false;
  }
}
