import { createRequire } from "node:module";

import { Command } from "commander";

import { absolutePolicyPacks } from "../../commands/policyPackPaths";
import type * as BringUp from "./bringUp";
import type * as EngineVerbs from "./engineVerbs";
import { onInterrupt } from "./interrupts";
import type * as LookVerbs from "./lookVerbs";
import type * as Preview from "./preview";
import { Progress } from "./progress";
import type * as ReadCluster from "./readCluster";
import type { Session } from "./session";
import { DEFAULT_STACK, findStack } from "./stack";

/**
 * `npm run lab -- …`. Each verb loads what it needs when it is chosen, since a preview from the shell
 * is to take three seconds.
 */
function program(): Command {
  const lab = new Command("npm run lab --")
    .description("A Talos cluster with Cilium on this machine. Without a command: brings it up.")
    .option("--stack <name>", "the stack, by name or by the path of its file", DEFAULT_STACK)
    .option(
      "--json",
      "while it brings the lab up: JSON on standard output, one object a line",
      false,
    )
    .enablePositionalOptions()
    .argument("[command]")
    .action(
      verb(async (session, [unknown]) => {
        if (unknown)
          throw new Error(`there is no command "${unknown}": see \`npm run lab -- --help\``);
        return bringUp(session, { resume: false, args: [] });
      }),
    );
  engineVerb(
    lab,
    "up",
    "bring a changed configuration in, or go on after a failure",
    async (session, args) => bringUp(session, { resume: true, args: fromHere(args) }),
  );
  engineVerb(lab, "preview", "show what `up` would do", async (session, args) =>
    (load("./preview") as typeof Preview).preview(session, fromHere(args)),
  );
  engineVerb(
    lab,
    "refresh",
    "read machines and cluster back into the state",
    async (session, args) => engineVerbs().refresh(session, args),
  );
  engineVerb(lab, "destroy", "take everything away", async (session, args) =>
    engineVerbs().destroy(session, args),
  );
  engineVerb(lab, "kubectl", "run kubectl on the cluster", async (session, args) =>
    lookVerbs().kubectl(session, args),
  );
  const look = (name: "status" | "kubeconfig" | "stop" | "logs" | "report", description: string) =>
    lab
      .command(name)
      .description(description)
      .action(verb(async (session) => lookVerbs()[name](session)));
  look("status", "show the machines and the nodes");
  look("kubeconfig", "print the cluster's kubeconfig");
  look("stop", "switch the lab off; disks and state stay");
  look("logs", "show what the lab did");
  look("report", "write the bootstrap report of the stack as it is");
  return lab;
}

/** npm runs scripts in the root; a path was typed elsewhere. */
const fromHere = (args: readonly string[]) =>
  absolutePolicyPacks(args, process.env["INIT_CWD"] ?? process.cwd());

// `import()` would need a loader for ES modules too, which costs more than it saves here.
const load = createRequire(__filename);
const engineVerbs = () => load("./engineVerbs") as typeof EngineVerbs;
const lookVerbs = () => load("./lookVerbs") as typeof LookVerbs;

/** A wrong configuration leaves nothing behind, not even a folder, and loads nothing but what judges it. */
const bringUp: typeof BringUp.bringUp = (session, options) => {
  (load("./readCluster") as typeof ReadCluster).readCluster(session.stack);
  return (load("./bringUp") as typeof BringUp).bringUp(session, options);
};

/** A verb whose further arguments go to the program behind it as they are. */
function engineVerb(
  lab: Command,
  name: string,
  description: string,
  run: (session: Session, args: string[]) => Promise<number>,
): void {
  lab
    .command(`${name} [args...]`)
    .description(description)
    .allowUnknownOption()
    .passThroughOptions()
    .action(verb(run));
}

function verb(
  run: (session: Session, args: string[]) => Promise<number>,
): (this: Command, ...parsed: unknown[]) => Promise<void> {
  return async function (this: Command) {
    const { stack, json } = this.optsWithGlobals<{ stack: string; json: boolean }>();
    const progress = new Progress();
    const { signal, off } = onInterrupt();
    try {
      process.exitCode = await run({ stack: findStack(stack), progress, signal, json }, this.args);
    } catch (error) {
      progress.endAll();
      console.error(`error: ${(error as Error).message}`);
      process.exitCode = 1;
    } finally {
      off();
    }
  };
}

// Whoever reads no further, as `head` does, is written to no further; the work goes on.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

void program().parseAsync(process.argv);
