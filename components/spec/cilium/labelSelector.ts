import * as z from "zod/mini";

import { field, optionalField } from "../field";

/** Operators of an expression of a selector, in Kubernetes' spelling. */
const operators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;

/** A selector of labels, as Kubernetes writes it; both parts must hold. */
export const selectorSchema = z.strictObject({
  matchLabels: optionalField(z.record(z.string(), z.string()), "Labels with these very values."),
  matchExpressions: optionalField(
    z.array(
      z.strictObject({
        key: field(z.string(), "Key of a label."),
        operator: field(z.enum(operators), "What is asked of its value."),
        values: optionalField(z.array(z.string()), "Values, for In and NotIn."),
      }),
    ),
    "Expressions about labels.",
  ),
});

/** The same as a key that may be left out. */
export function labelSelector(description: string) {
  return optionalField(selectorSchema, description);
}
