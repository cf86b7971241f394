/** What a policy pack is told about the stack that it looks at. */
export interface StackFacts {
  readonly stack: string;
  readonly tags: ReadonlyMap<string, string>;
  /** `prod` of the pack's configuration. */
  readonly configured?: boolean;
}

const PROD_WORD = /^prod(uction)?$/i;
/** Words before it that say the contrary, as in `pre-prod`. */
const NOT = /^(non|not|no|pre)$/i;
const NO = /^(false|no|off|0)$/i;

/**
 * Whether a stack is marked `prod`: by the pack's configuration, else by the stack's tag `prod`, else
 * by a word of its name, as in `prod`, `eu-prod` or `production-2`. A tag that says neither yes nor no
 * counts as yes, which a reader of the message can mend; the other way round nobody would notice.
 */
export function isProd({ stack, tags, configured }: StackFacts): boolean {
  if (configured !== undefined) return configured;
  const tag = tags.get("prod");
  if (tag !== undefined) return !NO.test(tag.trim());
  const words = stack.split(/[-_.]/);
  return words.some((word, index) => PROD_WORD.test(word) && !NOT.test(words[index - 1] ?? ""));
}

/** The stack's name in a URN, `urn:pulumi:<stack>::<project>::…`. */
export function stackOf(urn: string): string {
  return urn.split("::")[0]!.replace(/^urn:pulumi:/, "");
}
