import * as z from "zod/mini";

import { defaultedField } from "./field";

/** Patches of Talos machine configuration, each a YAML text. */
export function configPatchesField(whom: string) {
  return defaultedField(
    z.array(z.string()),
    [],
    `Patches of the Talos machine configuration for ${whom}, each a YAML text. From contract 1.12 on only strategic merge patches.`,
    { examples: [["machine:\n  sysctls:\n    vm.max_map_count: '262144'\n"]] },
  );
}

/** Names of secrets that hold patches. */
export function configPatchesFromField(whom: string) {
  return defaultedField(
    z.array(z.string()),
    [],
    `Names of secret values of the stack configuration that each hold a patch for ${whom}. For patches that carry keys.`,
    { examples: [["registryAuthPatch"]] },
  );
}
