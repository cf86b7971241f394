const MILLISECONDS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a duration as Go writes it (`1h30m`, `500ms`, `0`); undefined where it is none. */
export function parseGoDuration(text: string): number | undefined {
  const [, sign, rest] = /^([-+]?)(.+)$/s.exec(text) ?? [];
  if (rest === undefined) {
    return undefined;
  }
  if (rest === "0") {
    return 0;
  }
  const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;
  let total = 0;
  while (part.lastIndex < rest.length) {
    const match = part.exec(rest);
    if (match === null) {
      return undefined;
    }
    total += Number(match[1]) * (MILLISECONDS[match[2] as string] as number);
  }
  return sign === "-" ? -total : total;
}
