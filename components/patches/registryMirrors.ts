import type { PatchBuilder } from "./patchBuilder";

/** Where images are pulled from instead of the registry that their names say. */
export const registryMirrorsPatch: PatchBuilder = ({ registryMirrors }) =>
  Object.keys(registryMirrors).length > 0
    ? { machine: { registries: { mirrors: registryMirrors } } }
    : undefined;
