import { at, textAt } from "./machineDocuments";
import { cachedPatch } from "./patchCache";

/** Whether a patch says which disk Talos is installed to. */
export function namesInstallDisk(text: string): boolean {
  const patch = cachedPatch(text);
  switch (patch.kind) {
    case "faulty":
      return false;
    case "json6902":
      return patch.operations.some(({ path }) =>
        /^\/machine\/install(\/disk|$)/.test(String(path)),
      );
    case "strategic":
      return patch.documents.some(
        ({ value }) =>
          textAt(value, "machine", "install", "disk") !== "" ||
          at(value, "machine", "install", "diskSelector") !== undefined,
      );
    default:
      return patch satisfies never;
  }
}
