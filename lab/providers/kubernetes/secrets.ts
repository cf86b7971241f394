import { containsSecrets, isRecord, isSecret, isUnknown, secret } from "./plain";

/**
 * Copies what is secret in the inputs to the outputs: objects are entered, a list with one secret is secret as a whole.
 * `data` and `stringData` of a Kubernetes Secret are secret wherever they came from. Changes `outs`.
 */
export function annotateSecrets(
  outs: Record<string, unknown>,
  ins: Record<string, unknown> | undefined,
): void {
  if (outs.kind === "Secret") {
    for (const key of ["data", "stringData"]) {
      if (Object.hasOwn(outs, key)) outs[key] = secret(outs[key]);
    }
    return;
  }
  for (const [key, input] of Object.entries(ins ?? {})) {
    if (!Object.hasOwn(outs, key)) continue;
    const out = outs[key];
    if (isRecord(out) && isRecord(input)) annotateSecrets(out, input);
    else if (!isSecret(out) && containsSecrets(input)) outs[key] = secret(out);
  }
}

/** Copies what is unknown in the inputs to the outputs. Changes `outs` and returns it. */
export function annotateUnknowns(outs: unknown, ins: unknown): unknown {
  if (isSecret(ins)) return annotateUnknowns(outs, ins.value);
  if (isUnknown(ins)) return ins;
  if (isRecord(outs) && isRecord(ins)) {
    for (const [key, input] of Object.entries(ins)) {
      if (Object.hasOwn(outs, key)) outs[key] = annotateUnknowns(outs[key], input);
    }
  } else if (Array.isArray(outs) && Array.isArray(ins)) {
    ins.forEach((input, index) => {
      if (index < outs.length) outs[index] = annotateUnknowns(outs[index], input);
    });
  }
  return outs;
}
