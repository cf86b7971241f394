/**
 * Keeps runs short, by making no traces that nobody reads and by leaving the frames of packages as they
 * are. Pulumi's vendored ts-node looks every frame up in source maps, also for each resource's position,
 * and those of packages lead to files that are not there. On Node 20 they do worse: Pulumi prints an error
 * with `util.inspect` and colours, and on a path of the form `node_modules/@pulumi/resource.ts`, a scope
 * without a package folder, the colouring loops until memory ends, 17 to 45 s later.
 *
 * @see https://github.com/nodejs/node/blob/v20.x/lib/internal/util/inspect.js (`markNodeModules`)
 */
const PATCHED = Symbol.for("talos-cilium.stackTraces");

type Prepare = NonNullable<typeof Error.prepareStackTrace>;
type Patched = Prepare & { [PATCHED]?: true };

function install(): void {
  const before = Error.prepareStackTrace as Patched | undefined;
  if (before?.[PATCHED]) return;
  const patched: Patched = (error, frames) =>
    isUnreadNote(frames) ? String(error) : trace(error, frames, before);
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

/** The usual trace, in which `mapped` is asked for the frames of the program only. */
export function trace(error: Error, frames: NodeJS.CallSite[], mapped?: Prepare): string {
  const lines = frames.map((frame) =>
    mapped && isOwn(frame) ? lastLine(String(mapped(error, [frame]))) : `${AT}${String(frame)}`,
  );
  return [String(error), ...lines].join("");
}

const AT = "\n    at ";

function isOwn(frame: NodeJS.CallSite): boolean {
  const file = frame.getFileName() ?? "node:";
  return !/^node:|[/\\]node_modules[/\\]/.test(file);
}

const lastLine = (text: string) => text.slice(text.lastIndexOf(AT));

install();
