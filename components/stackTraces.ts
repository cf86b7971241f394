/**
 * Keeps runs short: every run by making no traces that nobody reads, and failing ones on Node 20.
 * There Pulumi prints an error with `util.inspect` and colours; its source maps yield paths of the
 * form `node_modules/@pulumi/resource.ts`, and on a scoped path without a package folder Node 20's
 * colouring loops until memory ends, 17 to 45 s later. Here the missing folder is put back.
 *
 * @see https://github.com/nodejs/node/blob/v20.x/lib/internal/util/inspect.js (`markNodeModules`)
 */
const PATCHED = Symbol.for("talos-cilium.stackTraces");

type Patched = typeof Error.prepareStackTrace & { [PATCHED]?: true };

function install(): void {
  const before = Error.prepareStackTrace as Patched;
  if (before?.[PATCHED]) return;
  const patched: Patched = (error, frames) =>
    isUnreadNote(frames)
      ? String(error)
      : withPackageFolder(String(before?.(error, frames) ?? defaultTrace(error, frames)));
  patched[PATCHED] = true;
  Error.prepareStackTrace = patched;
}

/**
 * Pulumi notes where each of its promises was made, and looks it up in source maps, for a note that
 * is read with this variable only.
 */
function isUnreadNote([frame]: NodeJS.CallSite[]): boolean {
  return (
    frame?.getFunctionName() === "debuggablePromise" && !process.env["PULUMI_DEBUG_PROMISE_LEAKS"]
  );
}

/** Puts a package folder into each line whose path ends right behind a scope. Pure. */
export function withPackageFolder(stack: string): string {
  return stack.replace(/(node_modules[/\\]@[^/\\\n]+)(?=[/\\][^/\\\n]*$)/gm, "$1/pulumi");
}

function defaultTrace(error: Error, frames: NodeJS.CallSite[]): string {
  return [String(error), ...frames.map((frame) => `    at ${String(frame)}`)].join("\n");
}

install();
