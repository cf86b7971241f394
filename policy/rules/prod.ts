/** What a policy pack is told about the stack that it looks at. */
export interface StackFacts {
  readonly stack: string;
  readonly tags: ReadonlyMap<string, string>;
  /** `prod` of the pack's configuration. */
  readonly configured?: boolean;
}

const PROD_WORD = /^(prod|prd|production)\d*$/i;
/** Before the word, as in `pre-prod`. Not `no`: `no-prod` is Norway's. */
const NOT_YET = /^(non|not|pre)$/i;
const NO = /^(false|no|off|0)$/i;

/**
 * Whether a stack is marked `prod`: by the pack's configuration, else by the stack's tag `prod`, else
 * by a word of its name, as in `prod`, `eu-prod`, `euProd` or `production-2`; not `pre-prod`.
 *
 * A tag that does not clearly say no is a mark: a stack must not lose its guard by a misspelt yes.
 */
export function isProd({ stack, tags, configured }: StackFacts): boolean {
  if (configured !== undefined) return configured;
  const tag = tags.get("prod");
  if (tag !== undefined) return !NO.test(tag.trim());
  const words = stack.replaceAll(/([a-z\d])([A-Z])/g, "$1-$2").split(/[-_.]/);
  return words.some((word, index) => PROD_WORD.test(word) && !NOT_YET.test(words[index - 1] ?? ""));
}

/** The stack's name in a URN, `urn:pulumi:<stack>::<project>::…`. */
export function stackOf(urn: string): string {
  return urn.split("::")[0]!.replace(/^urn:pulumi:/, "");
}
