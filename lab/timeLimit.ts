/** What a timer can count, in milliseconds: 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * Aborts after `ms` milliseconds, or with the first of `signals`. In place of `AbortSignal.timeout` among others
 * in `AbortSignal.any`: Node 20 collects that one as garbage, and the limit never comes.
 */
export function abortAfter(ms: number, ...signals: AbortSignal[]): AbortSignal {
  const limit = new AbortController();
  const over = new DOMException("The operation was aborted due to timeout", "TimeoutError");
  // The timer holds the controller; nobody waits for the timer.
  setTimeout(() => limit.abort(over), Math.min(ms, LONGEST)).unref();
  return AbortSignal.any([...signals, limit.signal]);
}
