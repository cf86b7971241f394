import { existsSync, rmSync } from "node:fs";

import type { Engine } from "../engine/engine";
import { runningLab, stopDaemon } from "./daemonProcess";
import type { LabState } from "./labState";
import { takeRunLock } from "./runLock";
import { openEngine, portsOf } from "./openEngine";
import { prepare } from "./prepare";
import { startLabProcess, windUp, type Session } from "./session";
import { runCommand } from "./stack";

/** Reads the machines and the cluster back into the state. */
export async function refresh(session: Session, args: string[]): Promise<number> {
  return withLab(session, "refresh", async (engine) => {
    const result = await engine.run("refresh", {
      args,
      onLine: (line) => console.log(line),
      signal: session.signal,
    });
    return result.exitCode === 0 ? 0 : 1;
  });
}

/** The CLI tells how to remove what is removed here anyway. */
const ADVICE_TO_REMOVE = /^The resources in the stack have been deleted|`pulumi stack rm /;

/** Destroys the stack, switches the lab off, and removes what it kept on disk. */
export async function destroy(session: Session, args: string[]): Promise<number> {
  const { stack } = session;
  if (!existsSync(stack.dir)) {
    console.log(`There is no lab ${stack.name}: nothing to destroy.`);
    return 0;
  }
  const code = await withLab(session, "destroy", async (engine) => {
    const result = await engine.run("destroy", {
      args,
      onLine: (line) => ADVICE_TO_REMOVE.test(line) || console.log(line),
      signal: session.signal,
    });
    if (result.exitCode === 0 || session.signal.aborted) return result.exitCode;
    console.error(
      `The stack was not destroyed, so the lab runs on: mend the cause and try again, or drop it with ` +
        `\`${runCommand(stack.name)} stop\` and \`rm -r ${stack.dir}\`.`,
    );
    return 1;
  });
  if (code !== 0) return code;
  const lab = await runningLab(stack.dir);
  if (lab) await stopDaemon(stack.dir, lab);
  rmSync(stack.dir, { recursive: true, force: true });
  console.log(`Lab ${stack.name} is gone.`);
  return 0;
}

/** Runs a change on the lab, which is switched on for it where it is off. */
async function withLab(
  session: Session,
  verb: string,
  work: (engine: Engine) => Promise<number>,
): Promise<number> {
  const release = takeRunLock(session.stack.dir, verb);
  let engine: Engine | undefined;
  let started: LabState | undefined;
  const running = await runningLab(session.stack.dir);
  const interrupted = () => windUp(session, engine, { ranBefore: running !== undefined, started });
  try {
    const prepared = await prepare(session);
    const lab = running ?? (started = await startLabProcess(session, prepared));
    engine = await openEngine(session, prepared, portsOf(lab));
    const code = await work(engine);
    return session.signal.aborted ? await interrupted() : code;
  } catch (error) {
    if (session.signal.aborted) return await interrupted();
    throw error;
  } finally {
    release();
  }
}
