/** What came of something within its time. */
export type Outcome<T> = { readonly value: T } | { readonly error: Error };

/**
 * Waits for something, but no longer than it is given. It rejects never.
 *
 * @param milliseconds after which the outcome is an error, whatever is under way
 */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<Outcome<T>> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Outcome<T>>((resolve) => {
    const error = new Error(`timed out after ${milliseconds / 1000} s`);
    timer = setTimeout(() => resolve({ error }), milliseconds);
  });
  const outcome = work.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ error: thrown instanceof Error ? thrown : new Error(String(thrown)) }),
  );
  try {
    return await Promise.race([outcome, limit]);
  } finally {
    clearTimeout(timer);
  }
}
