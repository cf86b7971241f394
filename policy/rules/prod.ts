/** What a policy pack is told about the stack that it looks at. */
export interface StackFacts {
  readonly stack: string;
  readonly tags: ReadonlyMap<string, string>;
  /** `prod` of the pack's configuration. */
  readonly configured?: boolean;
}

const PROD_WORD = /^prod(uction)?$/i;

/**
 * Whether a stack is marked `prod`: by the pack's configuration, else by the stack's tag `prod`, else
 * by a word of its name, as in `prod`, `eu-prod` or `production-2`.
 */
export function isProd({ stack, tags, configured }: StackFacts): boolean {
  if (configured !== undefined) return configured;
  const tag = tags.get("prod");
  if (tag !== undefined) return tag === "true";
  return stack.split(/[-_.]/).some((word) => PROD_WORD.test(word));
}

/** The stack's name in a URN, `urn:pulumi:<stack>::<project>::…`. */
export function stackOf(urn: string): string {
  return urn.split("::")[0]!.replace(/^urn:pulumi:/, "");
}
