/** Words that the name of a secret ends in, as a key, a flag or a variable of the environment has it. */
const WORD =
  "(?:password|passwd|passphrase|token|secret|(?<=[_-])pwd|(?<![a-z])(?:pass|pat)|(?:secret|private|api|access|auth|encryption|signing|setup|master|pre-?shared)[_-]?key)";
const SECRET_NAME = new RegExp(`${WORD}$|^(?:proxy-)?authorization$`, "i");

/** Keys of charts, and annotations, that end so and hold only the name of a Secret. */
const NAME_OF_SECRET = /((existing|pull|tls)-?|\/[\w.-]*)secret$/i;

/** Whether what stands under a key, or what a variable of that name holds, is a secret. Pure. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !NAME_OF_SECRET.test(name);
}

/**
 * Whether a property is a secret by its key, or by the name that stands beside it: variables of a
 * container are written `{name: DB_PASSWORD, value: …}`. Pure.
 */
export function isSecretEntry(owner: unknown, key: string): boolean {
  if (isSecretName(key)) return true;
  const { name } = owner as { name?: unknown };
  return key === "value" && typeof name === "string" && isSecretName(name);
}

/** Whether an argument is a secret by the flag before it, as in `["--token", "…"]`. Pure. */
export function isSecretArgument(args: readonly unknown[], index: number): boolean {
  const flag = args[index - 1];
  // What ends in `secret` mostly wants the name of one.
  return typeof flag === "string" && /^--?[\w-]+(?<!secret)$/i.test(flag) && isSecretName(flag);
}

export const HIDDEN = "[secret]";

/** A form of text, and what is shown in its place. */
type Form = readonly [pattern: RegExp, shown: string];

/** A name that ends so; its length is bounded, since long texts hold longer words. */
const NAME = String.raw`(?<![\w-])[\w.-]{0,60}?${WORD}`;
/** Behind a word that is all of a value. */
const END = String.raw`(?=["'\s,;&)\]}]|$)`;
/** What stands where a secret would: a switch, a reference, a file, what is hidden already. */
const STAND_IN = [
  String.raw`(?:true|false|yes|no|on|off|enabled|disabled|required|optional|null|none|\d)${END}`,
  String.raw`[$%][({]|[[{…\x60]|<[\w-][^<>]*>|\*\*|\.\.`,
  String.raw`@?\/(?:etc|home|mnt|opt|root|run|secrets|tmp|usr|var|vault)\b`,
  String.raw`(?:file|env|vault|sops|op|ref\+\w+):|arn:aws|projects\/`,
].join("|");
/** The same, or a variable of a shell. */
const NO_SECRET = String.raw`(?!["']?(?:${STAND_IN}|\$(?:[A-Z_]|(?:\w+|[@*])${END})))`;
const STANDS_IN = new RegExp(String.raw`^\s*(?:$|${STAND_IN})`, "i");

/** Whether a value is no secret whatever its key says: empty, a switch, or where the secret is. Pure. */
export function standsForSecret(value: string): boolean {
  return STANDS_IN.test(value);
}

/** What is a secret wherever it stands. */
const CERTAIN: readonly Form[] = [
  [
    /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
    HIDDEN,
  ],
  // The same in base64, as Talos writes keys. A certificate is none, unless its key follows in it.
  [
    /\bLS0tLS1CRUdJTi(?:(?!BDRVJUSUZ|BQVUJMSUM)|(?=[A-Za-z0-9+/]*(?:UFJJVkFURSBLRV|BSSVZBVEUgS0VZ|QUklWQVRFIEtFW)))[A-Za-z0-9+/=]*/g,
    HIDDEN,
  ],
  // A key of IPsec as Cilium reads it: id, algorithm, key, size.
  [/\b\d+\+? [\w-]+\([\w-]+(?:\([\w-]+\))?\) [0-9a-f]{32,}(?: \d+)?/g, HIDDEN],
  // The prefixes by which forges and clouds mark their tokens, and a JSON Web Token.
  [
    /\b(?:gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|tskey-[\w-]{8,}|pul-[0-9a-f]{40}|npm_\w{36}|dckr_pat_[\w-]{20,}|xox[abeprs]-[\w-]{10,}|gl(?:dt|rt|cbt|ptt|agent|soat)-[\w-]{20,}|AIza[\w-]{35}|AGE-SECRET-KEY-1[A-Z0-9]{40,}|hv[bs]\.[\w-]{20,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*)/g,
    HIDDEN,
  ],
  // A webhook of Slack: whoever knows its path may write.
  [/(\bhooks\.slack\.com\/services)\/[\w/]+/g, `$1/${HIDDEN}`],
  // No brackets or carets in the name: a regular expression of URLs has them.
  [new RegExp(String.raw`://[^\s/@:"'[\]^]*:${NO_SECRET}[^\s/"']+@`, "g"), `://${HIDDEN}@`],
  [/\b(Authorization["']?\s*[:=]\s*["']?(?:Basic|Bearer)) [\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  // `NAME=value`: the environment, a flag, the query of a URL.
  [
    new RegExp(String.raw`(${NAME}=)${NO_SECRET}(?:"[^"]+"|'[^']+'|[^\s"'&,;)\]}]+)`, "gi"),
    `$1${HIDDEN}`,
  ],
  // `name = value` on a line of its own, as INI and TOML have it. Code asks an object or a function for it.
  [
    new RegExp(
      String.raw`(^[ \t]*${NAME}(?:[ \t]+=[ \t]*|=[ \t]+))${NO_SECRET}(?:"[^"\n]+"|'[^'\n]+'|(?![a-z_]\w*(?:\.[a-z_]\w*)+[^\S\n]*$)[^\s"'()[\]{}]+)(?=[^\S\n]*$)`,
      "gim",
    ),
    `$1${HIDDEN}`,
  ],
  // The password of a BGP session, as FRR and BIRD write it.
  [
    new RegExp(
      String.raw`(^[ \t]*(?:neighbor \S+ password +)|\bpassword +(?="[^"\n]+";))${NO_SECRET}(?:"[^"\n]+"|[^\s;]+)`,
      "gim",
    ),
    `$1${HIDDEN}`,
  ],
  // A line of NUT's upsmon.conf: system, power value, user, password, role.
  [
    new RegExp(
      String.raw`(^[ \t]*MONITOR +\S+ +\d+ +\S+ +)${NO_SECRET}\S+(?= +(?:master|slave|primary|secondary)\b)`,
      "gim",
    ),
    `$1${HIDDEN}`,
  ],
];

/** What looks like one; prose may look so too, and then only loses a word. */
const LIKELY: readonly Form[] = [
  // Tokens of Talos and of bootstrap: six characters, a dot, sixteen.
  [/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, HIDDEN],
  [/\b(Bearer) [\w.~+/=-]{16,}/g, `$1 ${HIDDEN}`],
  [new RegExp(String.raw`(--[\w-]{0,60}?${WORD} )(?=\S*\d)[^\s<[-]\S{5,}`, "gi"), `$1${HIDDEN}`],
  // JSON and YAML: a quoted key, a key at the start of its line, and any that a digit follows.
  [
    new RegExp(String.raw`(\\?["']${NAME}\\?["']\s*:\s*\\?["'])${NO_SECRET}[^"'\\]+`, "gi"),
    `$1${HIDDEN}`,
  ],
  // Docker's file of registries.
  [/(\\?["']auth\\?["']\s*:\s*\\?["'])[\w+/=]{8,}/g, `$1${HIDDEN}`],
  [new RegExp(String.raw`(^[ \t]*(?:- )?${NAME}: +)${NO_SECRET}\S.*`, "gim"), `$1${HIDDEN}`],
  [
    new RegExp(
      String.raw`(${NAME}: +["']?)${NO_SECRET}(?=[^\s"',;)\]}]*\d)[^\s"',;)\]}]{6,}`,
      "gi",
    ),
    `$1${HIDDEN}`,
  ],
];

/** The text without what is, or looks like, a key, a token or a password. Pure. */
export function redact(text: string): string {
  return hide(hide(text, CERTAIN), LIKELY);
}

/** Whether a text holds what can be nothing but a secret. Pure. */
export function holdsSecretText(text: string): boolean {
  return hide(text, CERTAIN) !== text;
}

function hide(text: string, forms: readonly Form[]): string {
  return forms.reduce((rest, [pattern, shown]) => rest.replace(pattern, shown), text);
}
