import type { Problem } from "../problems";
import type { ParseContext } from "./parse";
import { propertyPath } from "./propertyPath";
import { CLUSTER_KEY, DEFAULT_PROJECT_NAME } from "./rules/configKeys";

const FIX =
  "remove it: keys of the cluster come from the machine secrets, and a patch with others goes as a whole into a secret of its own (pulumi config set --secret <name> < patch.yaml) whose name stands in configPatchesFrom";

/**
 * Encrypted values inside the cluster. Pulumi hands them to the program in clear and without a mark,
 * so that they would end up in previews and in the state.
 */
export function nestedSecrets(raw: unknown, context: ParseContext): Problem[] {
  const written = [...secureValues(raw)].map((path) => ({
    id: "nested-secret",
    propertyPath: propertyPath(path),
    reason: "an encrypted value inside the cluster reaches the program in clear",
    fix: FIX,
  }));
  const key = `${context.projectName ?? DEFAULT_PROJECT_NAME}:${CLUSTER_KEY}`;
  if (written.length > 0 || !context.secretKeys?.includes(key)) return written;
  return [
    {
      id: "nested-secret",
      propertyPath: "",
      reason: `${key} holds a value that is encrypted (secure:), and it reaches the program in clear`,
      fix: FIX,
    },
  ];
}

function* secureValues(
  value: unknown,
  path: readonly (string | number)[] = [],
): Iterable<readonly (string | number)[]> {
  if (typeof value !== "object" || value === null) return;
  const keys = Object.keys(value);
  const inner = value as Record<string, unknown>;
  if (keys.length === 1 && keys[0] === "secure" && typeof inner["secure"] === "string") yield path;
  else {
    for (const key of keys) {
      if (typeof inner[key] !== "object") continue;
      yield* secureValues(inner[key], [...path, Array.isArray(value) ? Number(key) : key]);
    }
  }
}
