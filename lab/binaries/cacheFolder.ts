import { homedir } from "node:os";
import * as path from "node:path";

import type { Binary } from "./catalog";

/** The lab's cache folder: `$XDG_CACHE_HOME` or `~/.cache`, then the lab's name. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const root = env.XDG_CACHE_HOME || path.join(env.HOME || homedir(), ".cache");
  return path.join(root, "pulumi-talos-cilium-lab", "bin");
}

/** Where a program is kept; another version is another folder. */
export function cachedPath(cache: string, binary: Pick<Binary, "name" | "version">): string {
  return path.join(cache, `${binary.name}-${binary.version}`, binary.name);
}
