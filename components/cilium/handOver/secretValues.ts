import { holdsSecretText, isSecretEntry } from "../../secretForms";
import { holdsPrivateKey, holdsSecret } from "../../spec/secretKeys";
import type { ChartValues } from "../../values";

/** Values in two trees that Helm merges to the whole again. */
export interface SplitValues {
  readonly plain: ChartValues;
  /** Empty where nothing is secret. */
  readonly secret: ChartValues;
}

/** Takes out what nobody may read in Git. A list is merged as a whole, so it goes as a whole. Pure. */
export function splitSecrets(values: ChartValues, path: readonly string[] = []): SplitValues {
  const plain: Record<string, unknown> = {};
  const secret: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    const at = [...path, key];
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      const inner = splitSecrets(value as ChartValues, at);
      // A map that was empty from the start is a value of its own.
      if (Object.keys(inner.secret).length > 0) secret[key] = inner.secret;
      if (Object.keys(inner.plain).length > 0 || !secret[key]) plain[key] = inner.plain;
    } else {
      (isSecret(value, at) ? secret : plain)[key] = value;
    }
  }
  return { plain, secret };
}

function isSecret(value: unknown, path: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((inner) => isSecret(inner, path));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).some(
      ([key, inner]) =>
        (typeof inner === "string" && isSecretEntry(value, key)) || isSecret(inner, [...path, key]),
    );
  }
  if (typeof value !== "string" || value === "") return false;
  return holdsSecret(path) || holdsPrivateKey(value) || holdsSecretText(value) || isKeyOfPair(path);
}

/** The chart's keys of certificates are called `key`, as are those of taints. */
function isKeyOfPair(path: readonly string[]): boolean {
  return path.at(-1) === "key" && path.some((each) => each === "tls" || each === "ca");
}
