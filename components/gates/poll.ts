import * as pulumi from "@pulumi/pulumi";

/** What one attempt saw. */
export type Attempt<T = void> =
  | { readonly done: true; readonly value?: T }
  | {
      readonly done: false;
      /** One short line for people who watch. */
      readonly state: string;
      /** The message to give up with, when the time is over. */
      readonly failure: () => string;
    };

export interface PollOptions<T> {
  readonly attempt: () => Promise<Attempt<T>>;
  /** Seconds until the last failure is thrown. */
  readonly giveUpAfter: number;
  /** Milliseconds between two attempts. @default 500 */
  readonly interval?: number;
  /** Told when the state changes, and every ten seconds while it stays. */
  readonly progress: (state: string, seconds: number) => void;
}

const REMIND_AFTER_SECONDS = 10;
const LONGEST_PACE = 5000;

/** Says how a wait goes on, in a line that goes away with the next. */
export function progressOf(what: string): PollOptions<never>["progress"] {
  return (state, seconds) =>
    void pulumi.log.info(`${what}: ${state} (${seconds} s)`, undefined, undefined, true);
}

/**
 * Attempts until it is done.
 *
 * @throws what an attempt throws, at once; the last failure when the time is over.
 */
export async function poll<T>(options: PollOptions<T>): Promise<T | undefined> {
  const started = Date.now();
  const elapsed = () => Math.round((Date.now() - started) / 1000);
  let shown: { state: string; at: number } | undefined;
  for (;;) {
    const seen = await options.attempt();
    if (seen.done) return seen.value;
    const seconds = elapsed();
    if (seconds >= options.giveUpAfter)
      throw new Error(`${seen.failure()} (gave up after ${seconds} s)`);
    if (!shown || shown.state !== seen.state || seconds - shown.at >= REMIND_AFTER_SECONDS) {
      options.progress(seen.state, seconds);
      shown = { state: seen.state, at: seconds };
    }
    await new Promise((resolve) => setTimeout(resolve, options.interval ?? 500));
  }
}

/**
 * An expensive question that is asked anew the more seldom, the longer it has not been settled: its last
 * answer holds for as long as it was asked for before, at most five seconds.
 */
export function paced<A, T>(
  ask: (asked: A) => Promise<T>,
  now: () => number = Date.now,
): (asked: A) => Promise<T> {
  let first: number | undefined;
  let last: { readonly answer: T; readonly at: number } | undefined;
  return async (asked) => {
    first ??= now();
    if (!last || now() - last.at >= Math.min(last.at - first, LONGEST_PACE)) {
      last = { answer: await ask(asked), at: now() };
    }
    return last.answer;
  };
}
