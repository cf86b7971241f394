/** A scalar's value, or what keeps it from being one. */
export type ScalarReading =
  | { readonly value: string | number | boolean | null }
  | { readonly reason: string; readonly fix: string };

const WORDS: Readonly<Record<string, boolean | null>> = {
  ...{ "": null, "~": null, null: null, Null: null, NULL: null },
  ...{ true: true, True: true, TRUE: true, false: false, False: false, FALSE: false },
};
const TIME = /^\d{4}-\d{1,2}-\d{1,2}([Tt ]\d{1,2}:\d{1,2}:\d{1,2}([.,]\d+)?(Z|[-+]\d\d:\d\d)?)?$/;
const NO_NUMBER = /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;
const PREFIXED = /^([-+]?)0([xX][\da-fA-F]+|[bB][01]+|[oO]?[0-7]+)$/;
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;

/**
 * Reads a scalar without quotes as Pulumi does, by Go's yaml.v3: the words of YAML 1.2, the numbers of
 * 1.1 and 1.2 (`0777`, `0o777`, `0b11`, `1_000`). A time is refused: the program would get a text that
 * nobody wrote. Pure.
 */
export function plainScalar(text: string): ScalarReading {
  if (Object.hasOwn(WORDS, text)) return { value: WORDS[text]! };
  if (TIME.test(text)) {
    const reason = "without quotes it is a time, and the program gets the text of that time";
    return { reason, fix: `write "${text}"` };
  }
  if (NO_NUMBER.test(text)) {
    const reason = "Pulumi hands over no infinite number, and none that is no number";
    return { reason, fix: `write a number, or "${text}" where a text is meant` };
  }
  return { value: numberOf(text) ?? text };
}

function numberOf(text: string): number | undefined {
  // Underscores count for nothing, save at the beginning.
  const digits = /^[-+\d]/.test(text) ? text.replaceAll("_", "") : text;
  const [, sign, rest] = PREFIXED.exec(digits) ?? [];
  if (rest !== undefined) {
    const size = BigInt(/^\d/.test(rest) ? `0o${rest}` : `0${rest}`);
    // What is longer, such as a hash, stays a text.
    return size < 2n ** 64n ? Number(sign === "-" ? -size : size) : undefined;
  }
  const value = FLOAT.test(digits) ? Number(digits) : Number.NaN;
  // There is no negative zero in what Pulumi hands over.
  return Number.isFinite(value) ? value + 0 : undefined;
}
