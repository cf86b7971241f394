import { holdsSecretDocument } from "../../components/secretDocuments";
import { isSecretArgument, isSecretEntry, redact } from "../../components/secretForms";
import { holdsPrivateKey, holdsSecret } from "../../components/spec/secretKeys";
import { declaredCluster } from "./declaredCluster";
import type { Preview, Tree } from "./preview";
import { SECRET, UNKNOWN } from "./preview";

type Path = readonly (string | number)[];

/** Longest value on one line. */
const SHOWN_CHARACTERS = 160;
/** Shorter strings occur everywhere by chance. */
const SHORTEST = 8;
/** Properties of the providers and of this program's components that are secret as a whole. */
const SECRET_PROPERTY =
  /^(machineSecrets|clientConfiguration|kubernetesClientConfiguration|machineConfiguration(Input)?|kubeconfig(Raw)?|talosconfig|stringData)$/;

/** How the values of one preview may be shown. */
export interface Redaction {
  /** Whether the preview holds secrets in clear, so that no value of a configuration is shown. */
  readonly inClear: boolean;
  /** One value of a configuration or of chart values on one line; `path` says whether it is secret. */
  readonly value: (value: unknown, path: Path) => string;
  /** A text without whatever is, or looks like, a secret. */
  readonly text: (text: string) => string;
}

/**
 * Decides what of a preview may be shown. The engine writes `[secret]` for what it knows to be one;
 * the keys and forms of secrets are looked for all the same. Where a secret property stands in clear,
 * nothing marks the patches that were secret too, so all values are hidden. Pure.
 */
export function redactionFor(preview: Preview): Redaction {
  const known = knownSecrets(preview);
  const inClear = known.size > 0;
  return {
    inClear,
    value: (value, path) => (inClear ? "[hidden]" : shown(value, path)),
    text: withoutSecrets(known),
  };
}

function knownSecrets(preview: Preview): Set<string> {
  const { steps, config } = preview;
  const known = new Set<string>();
  const walk = (value: unknown, path: string[], secret: boolean): void => {
    if (typeof value === "string") {
      if (value === SECRET || value === UNKNOWN || value.length < SHORTEST) return;
      if (secret || holdsPrivateKey(value)) known.add(value);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        const isSecret = secret || SECRET_PROPERTY.test(key) || isSecretData(path, key, value);
        walk(inner, [...path, key], isSecret);
      }
    }
  };
  for (const state of steps.flatMap(({ oldState, newState }) => [oldState, newState])) {
    const isSecret = state?.type === "kubernetes:core/v1:Secret";
    for (const side of [state?.inputs, state?.outputs])
      walk(side, isSecret ? ["Secret"] : [], false);
  }
  const { key: clusterKey = "", secretNames = [] } = declaredCluster(preview) ?? {};
  for (const name of secretNames) {
    walk(config[clusterKey.replace(/:cluster$/, `:${name}`)], [], true);
  }
  return known;
}

function isSecretData(path: readonly string[], key: string, owner: object): boolean {
  return key === "data" && (path[0] === "Secret" || (owner as Tree)["kind"] === "Secret");
}

function withoutSecrets(known: ReadonlySet<string>): Redaction["text"] {
  // The longest first: a file that is secret as a whole holds keys that are, too.
  const pieces = [...new Set([...known].flatMap((secret) => [secret, ...keysIn(secret)]))];
  pieces.sort((a, b) => b.length - a.length);
  return (text) =>
    pieces.reduce(
      (rest, piece) => (rest.includes(piece) ? rest.replaceAll(piece, SECRET) : rest),
      redact(text),
    );
}

/** Values of a YAML text whose key says that they are secret. Reading it as YAML would take seconds. */
function keysIn(text: string): string[] {
  return [...text.matchAll(/([\w-]+): *["']?([^\s"',{}]+)/g)]
    .filter(([, key = "", value = ""]) => value.length >= SHORTEST && isSecretKey(key))
    .map(([, , value = ""]) => value);
}

function isSecretKey(key: string): boolean {
  return holdsSecret([key]) || /^key$|-key-data$/.test(key);
}

function shown(value: unknown, path: Path): string {
  const text = oneLine(value, path);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function oneLine(value: unknown, path: Path): string {
  if (value === UNKNOWN) return "[not known yet]";
  if (value === SECRET || holdsSecret(path)) return SECRET;
  if (typeof value === "string") {
    if (holdsPrivateKey(value)) return SECRET;
    // Manifests and files: what in them is a secret nobody can tell.
    const lines = value.trimEnd().split("\n").length;
    if (lines > 1) return `[text of ${lines} lines]`;
    const rest = redact(value);
    return holdsSecretDocument(rest) ? SECRET : JSON.stringify(rest);
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) =>
      isSecretArgument(value, index) ? SECRET : oneLine(item, [...path, index]),
    );
    return `[${items.join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => {
        const isScalar = typeof inner === "string" || typeof inner === "number";
        const isSecret = isScalar && isSecretEntry(value, key);
        return `${key}: ${isSecret ? SECRET : oneLine(inner, [...path, key])}`;
      });
    return `{${entries.join(", ")}}`;
  }
  return String(value);
}
