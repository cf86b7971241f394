import { UnknownValueError } from "@pulumi/policy";

import { UNKNOWN } from "./rules/propertyTree";

/**
 * Properties as plain data, `UNKNOWN` where a preview does not know: otherwise one unknown value keeps a
 * policy from looking at all others.
 */
export function knownProperties(node: unknown): unknown {
  if (typeof node !== "object" || node === null) return node;
  const read = (key: string | number) => {
    try {
      return knownProperties((node as Record<string | number, unknown>)[key]);
    } catch (error) {
      if (error instanceof UnknownValueError) return UNKNOWN;
      throw error;
    }
  };
  if (Array.isArray(node)) return Array.from({ length: node.length }, (_, index) => read(index));
  return Object.fromEntries(Object.keys(node).map((key) => [key, read(key)]));
}
