/** Suffixes of decimal quantities and their powers of ten. */
const decimal = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);
/** Suffixes of binary quantities and their powers of 1024. */
const binary = new Map([
  ["Ki", 1],
  ["Mi", 2],
  ["Gi", 3],
  ["Ti", 4],
  ["Pi", 5],
  ["Ei", 6],
]);

/**
 * Writes a Kubernetes quantity in its canonical form: `"1000m"` is `"1"`, `"1024Mi"` is `"1Gi"`, `0.5` is `"500m"`.
 * @returns undefined where the value is no quantity.
 */
export function canonicalQuantity(value: unknown): string | undefined {
  const match =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?)|[eE]([+-]?\d+))$/.exec(
      String(value),
    );
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = "", suffix = "", exponent] = match;
  if (whole === "" && fraction === "") return undefined;
  const digits = BigInt(`${whole}${fraction}` || "0");
  const negative = sign === "-" && digits !== 0n ? "-" : "";
  const power = binary.get(suffix);
  if (power !== undefined) {
    const scaled = digits * 1024n ** BigInt(power);
    const scale = 10n ** BigInt(fraction.length);
    // A binary quantity that is no whole number falls back to decimal, in thousandths.
    if (scaled % scale !== 0n) return negative + decimalText(scaled, -fraction.length, undefined);
    return negative + binaryText(scaled / scale);
  }
  const tens =
    (exponent === undefined ? (decimal.get(suffix) ?? 0) : Number(exponent)) - fraction.length;
  return negative + decimalText(digits, tens, exponent);
}

function binaryText(value: bigint): string {
  let best = "";
  let rest = value;
  for (const suffix of binary.keys()) {
    if (rest === 0n || rest % 1024n !== 0n) break;
    rest /= 1024n;
    best = suffix;
  }
  return `${rest}${best}`;
}

function decimalText(digits: bigint, tens: number, exponent: string | undefined): string {
  if (digits === 0n) return "0";
  let value = digits;
  let power = tens;
  // Nothing finer than a nano is kept; it is rounded up.
  while (power < -9) {
    value = (value + 9n) / 10n;
    power++;
  }
  while (value % 10n === 0n) {
    value /= 10n;
    power++;
  }
  while (power % 3 !== 0) {
    value *= 10n;
    power--;
  }
  while (power > 18) {
    value *= 1000n;
    power -= 3;
  }
  if (exponent !== undefined) return power === 0 ? `${value}` : `${value}e${power}`;
  const suffix = [...decimal].find(([, tenth]) => tenth === power)?.[0] ?? "";
  return `${value}${suffix}`;
}
