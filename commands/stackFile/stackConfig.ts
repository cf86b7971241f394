import type { Problem } from "../../components/problems";

type Values = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The configuration by full names, as Pulumi hands it over: it puts the project before a name without
 * one. Pure.
 *
 * @param root the whole stack file
 */
export function stackConfig(root: Values, project: string): Values {
  const config = isObject(root["config"]) ? root["config"] : {};
  const entries = Object.entries(config).map(([key, value]) => [fullName(key, project), value]);
  return Object.fromEntries(entries) as Values;
}

/** Keys that stand there by their short and by their full name: Pulumi takes either one. */
export function doubledKeys(root: Values, project: string): Problem[] {
  const keys = Object.keys(isObject(root["config"]) ? root["config"] : {});
  return keys
    .filter((key) => !key.includes(":") && keys.includes(fullName(key, project)))
    .map((key) => ({
      id: "yaml-syntax",
      propertyPath: key,
      reason: `it is ${fullName(key, project)}, which stands there as well`,
      fix: "keep one of the two and remove the other",
    }));
}

function fullName(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

/** Whether Pulumi keeps a value as a secret: there is an encrypted one in it. */
export function isSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isEncrypted(value) || Object.values(value).some(isSecret);
}

/** Whether a value is what `pulumi config set --secret` writes. */
export function isEncrypted(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 1 && typeof value["secure"] === "string";
}
