const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Effects that a taint can have. */
export const taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

/** Whether a text is a DNS label of RFC 1123, in lower case. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && LABEL.test(text);
}

/** Whether a text is a DNS name of RFC 1123, in lower case. */
export function isDnsName(text: string): boolean {
  return text.length <= 253 && text.split(".").every(isDnsLabel);
}

/** Four labels, of which three are numbers: a slip of the finger in an IPv4 address. */
const ALMOST_ADDRESS = /^(\d+\.){3}[^.]+$/;
/** What ends in a number is read as an IPv4 address (WHATWG URL, §3.5). */
const ENDS_IN_NUMBER = /(^|\.)\d+$/;

/** Whether a text is a DNS name, in lower case, that no address was meant by. */
export function isHostName(text: string): boolean {
  return isDnsName(text) && !ALMOST_ADDRESS.test(text) && !ENDS_IN_NUMBER.test(text);
}

/** Why a text is no key of a label or taint, or undefined when it is one. */
export function labelKeyFault(key: string): string | undefined {
  const parts = key.split("/");
  const name = parts.at(-1)!;
  if (parts.length > 2) return "it has more than one slash";
  if (parts.length === 2 && !isDnsName(parts[0]!)) {
    return "what stands before the slash is no DNS name in lower case";
  }
  if (name === "" || name.length > 63 || !QUALIFIED.test(name)) {
    return "its name must have 1 to 63 letters, digits, - _ . and begin and end with a letter or digit";
  }
  return undefined;
}

/** Why a text is no value of a label or taint, or undefined when it is one. */
export function labelValueFault(value: string): string | undefined {
  if (value === "" || (value.length <= 63 && QUALIFIED.test(value))) return undefined;
  return "a value has at most 63 letters, digits, - _ . and begins and ends with a letter or digit";
}

/** Why a text is no taint in Talos' form, `value:Effect` or `Effect`, or undefined when it is one. */
export function taintFault(text: string): string | undefined {
  const colon = text.indexOf(":");
  const effect = text.slice(colon + 1);
  if (!(taintEffects as readonly string[]).includes(effect)) {
    return `the effect must be one of ${taintEffects.join(", ")}`;
  }
  return colon > 0 ? labelValueFault(text.slice(0, colon)) : undefined;
}
