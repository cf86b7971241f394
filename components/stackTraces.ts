/**
 * Keeps failing runs short on Node 20. Pulumi prints an error with `util.inspect` and colours; its
 * source maps yield paths of the form `node_modules/@pulumi/resource.ts`, and on a scoped path
 * without a package folder Node 20's colouring loops until memory ends, 17 to 45 s later. Here the
 * missing folder is put back into the paths.
 *
 * @see https://github.com/nodejs/node/blob/v20.x/lib/internal/util/inspect.js (`markNodeModules`)
 */
const PATCHED = Symbol.for("talos-cilium.stackTraces");

type Patched = typeof Error.prepareStackTrace & { [PATCHED]?: true };

function install(): void {
  const before = Error.prepareStackTrace as Patched;
  if (before?.[PATCHED]) return;
  const patched: Patched = (error, frames) =>
    withPackageFolder(String(before?.(error, frames) ?? defaultTrace(error, frames)));
  patched[PATCHED] = true;
  Error.prepareStackTrace = patched;
}

/** Puts a package folder into each line whose path ends right behind a scope. Pure. */
export function withPackageFolder(stack: string): string {
  return stack.replace(/(node_modules[/\\]@[^/\\\n]+)(?=[/\\][^/\\\n]*$)/gm, "$1/pulumi");
}

function defaultTrace(error: Error, frames: NodeJS.CallSite[]): string {
  return [String(error), ...frames.map((frame) => `    at ${String(frame)}`)].join("\n");
}

install();
