import type { PropertyMap } from "../property";
import { isRecord, isSecret, secret, toObject, toProperties } from "./plain";
import { annotateSecrets } from "./secrets";

/** What the state keeps of an object beside what the API server sent. */
export interface Origin {
  initialApiVersion: string;
  fieldManager: string;
}

/**
 * What goes into the state: the live object, and in `__inputs` the inputs that made it.
 * @param marks properties whose secrets mark those of the outputs
 */
export function checkpoint(
  inputs: Record<string, unknown>,
  live: Record<string, unknown>,
  marks: PropertyMap,
  origin: Origin,
): PropertyMap {
  const object = toProperties(live);
  const kept = toProperties(inputs);
  annotateSecrets(object, marks);
  annotateSecrets(kept, marks);
  if (live.apiVersion === "v1" && live.kind === "Secret") markStringData(object, marks);
  return {
    ...object,
    __inputs: kept,
    __initialApiVersion: origin.initialApiVersion,
    __fieldManager: origin.fieldManager,
  } as PropertyMap;
}

/** The server writes `stringData` into `data`, so what was secret in one is so in the other. */
function markStringData(object: Record<string, unknown>, { stringData }: PropertyMap): void {
  const { data } = object;
  if (isSecret(stringData) && data !== undefined && !isSecret(data)) object.data = secret(data);
  if (isRecord(stringData) && isRecord(data)) annotateSecrets(data, stringData);
}

/** Takes a state apart: the inputs that made the object, and the object. Very old states have `inputs` and `live`. */
export function parseCheckpoint(state: PropertyMap): {
  inputs: Record<string, unknown>;
  live: Record<string, unknown>;
} {
  const object = toObject(state);
  if (isRecord(object.inputs) && isRecord(object.live)) {
    return { inputs: object.inputs, live: object.live };
  }
  const { __inputs: inputs, ...live } = object;
  return { inputs: isRecord(inputs) ? inputs : {}, live };
}
