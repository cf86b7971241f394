/** Two signals this close are one Ctrl-C: the terminal and npm both deliver it. */
const SAME_KEYSTROKE = 500;

/** The exit code of a command that was interrupted, as shells give it. */
export const INTERRUPTED = 130;

/**
 * Turns Ctrl-C and its kin into an abort signal, so that a command winds up what it started.
 *
 * A second one, typed in earnest, ends the process at once.
 */
export function onInterrupt(): { signal: AbortSignal; off(): void } {
  const controller = new AbortController();
  let first = 0;
  const interrupt = () => {
    if (!controller.signal.aborted) {
      first = Date.now();
      process.stderr.write("\n  interrupted: winding up; once more ends it at once\n");
      controller.abort();
    } else if (Date.now() - first > SAME_KEYSTROKE) {
      process.exit(INTERRUPTED);
    }
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  return {
    signal: controller.signal,
    off: () => signals.forEach((signal) => process.off(signal, interrupt)),
  };
}
