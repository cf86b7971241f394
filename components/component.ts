import * as pulumi from "@pulumi/pulumi";

import { OLDEST_CLI } from "./oldestCli";

/** Engines that were asked: each program, also each inline program of one process, has its own. */
const asked = new WeakSet<object>();

/** What every component of the library is: it fails the program under an engine that is too old. */
export abstract class Component extends pulumi.ComponentResource {
  constructor(
    type: string,
    name: string,
    args: pulumi.Inputs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ) {
    super(type, name, args, opts);
    requireEngine();
  }
}

/** Ends the program with one sentence, unless the engine is new enough or there is none (`setMocks`). */
function requireEngine(): void {
  const engine = pulumi.runtime.getEngine();
  if (!engine || asked.has(engine)) return;
  asked.add(engine);
  pulumi.requirePulumiVersion(`>=${OLDEST_CLI}`).catch((error: Error) => {
    const refusal = new pulumi.RunError(tooOld(error.message));
    // Where the program has come to its end by now, the SDK would show the stack.
    refusal.stack = undefined;
    // Nobody awaits a constructor: what is rejected here ends the program.
    throw refusal;
  });
}

/** The sentence, from the engine's answer or from the SDK's where the engine has none. Pure. */
export function tooOld(answer: string): string {
  const version = /version (\d+\.\d+\.\d+\S*) does not satisfy/.exec(answer)?.[1];
  const found = version ? `and this is ${version}` : "and this one is older";
  return `pulumi-talos-cilium needs Pulumi CLI ${OLDEST_CLI} or newer, ${found}: install it from https://www.pulumi.com/docs/install and run again`;
}
