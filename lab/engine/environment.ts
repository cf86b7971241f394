import * as path from "node:path";

import type { EngineFolder } from "./engineFolder";

/** The loopback ports of the providers that the lab serves; none where the real plugin is used. */
export interface ProviderPorts {
  talos?: number;
  kubernetes?: number;
}

/** A throw-away cluster's secrets need a key, not a secret one. */
const LAB_PASSPHRASE = "lab";

/** Marks every process that the lab's engine started, so that no other is ever ended. */
export const ENGINE_MARK = "TALOS_CILIUM_LAB_ENGINE";

/** Names the folder of `commands/compileCache.js`; `lab/start.mjs` sets it. */
const COMPILED = "TALOS_CILIUM_COMPILED";

/** What must not leak from the user's own Pulumi set-up into the lab's. */
const FOREIGN = /^PULUMI_(?!CONFIG_PASSPHRASE)/;

/**
 * The environment of the Pulumi CLI: a home, a backend and a passphrase of the lab's own.
 *
 * A passphrase of the user's is kept, because the stack file may hold values encrypted with it.
 */
export function engineEnvironment(
  user: NodeJS.ProcessEnv,
  folder: EngineFolder,
  ports: ProviderPorts,
): NodeJS.ProcessEnv {
  const kept = Object.entries(user).filter(([name]) => !FOREIGN.test(name));
  const attached = Object.entries(ports).filter(([, port]) => port !== undefined);
  return {
    ...Object.fromEntries(kept),
    PULUMI_HOME: folder.home,
    PULUMI_BACKEND_URL: `file://${folder.backend}`,
    ...(user.PULUMI_CONFIG_PASSPHRASE === undefined && !user.PULUMI_CONFIG_PASSPHRASE_FILE
      ? { PULUMI_CONFIG_PASSPHRASE: LAB_PASSPHRASE }
      : {}),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The lab's throw-away state needs no copies of itself, and they cost a write each.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    // `npm run check` checks the types; at every run it would cost a fresh machine two seconds.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    // Only plugins beside the CLI or in the lab's home: which parts are real has been said before.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...(user[COMPILED] ? { NODE_OPTIONS: withShortStart(user.NODE_OPTIONS) } : {}),
    ...(attached.length > 0
      ? { PULUMI_DEBUG_PROVIDERS: attached.map(([name, port]) => `${name}:${port}`).join(",") }
      : {}),
    [ENGINE_MARK]: folder.home,
  };
}

/** Program and language host start faster with what an earlier start compiled, and without what none needs. */
function withShortStart(options = ""): string {
  const parts = ["compileCache.js", "lazyPackages.js"].map((file) =>
    JSON.stringify(path.join(__dirname, "../../commands", file)),
  );
  return [options, ...parts.map((part) => `--require ${part}`)].join(" ").trim();
}
