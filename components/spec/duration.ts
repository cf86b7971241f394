const SECONDS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ns: 1e-9,
};
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const WHOLE = /^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/;

/** Whether a text is a Go duration, such as `10m`, `1h30m` or `1.5s`. */
export function isDuration(text: string): boolean {
  return text === "0" || WHOLE.test(text);
}

/**
 * Seconds of a Go duration, such as `10m` or `1h30m`.
 *
 * @throws Error when the text is none; a validated spec holds only such that are.
 */
export function durationSeconds(text: string): number {
  if (!isDuration(text)) throw new Error(`"${text}" is no duration such as 10m or 1h30m`);
  const sign = text.startsWith("-") ? -1 : 1;
  let seconds = 0;
  for (const [, number, unit] of text.matchAll(PART)) seconds += Number(number) * SECONDS[unit!]!;
  return sign * seconds;
}
