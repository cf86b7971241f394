import { isSecretName } from "../secretForms";

type Path = readonly (string | number)[];

/** Keys of Talos' machine configuration that hold a secret whatever they are called. */
const TALOS_SECRETS: readonly (readonly string[])[] = [
  ["machine", "ca", "key"],
  ["cluster", "ca", "key"],
  ["cluster", "aggregatorCA", "key"],
  ["cluster", "serviceAccount", "key"],
  ["cluster", "etcd", "ca", "key"],
  ["cluster", "secretboxEncryptionSecret"],
  ["cluster", "aescbcEncryptionSecret"],
];

/** A flag of etcd for the kind of its tokens. */
const ETCD_TOKEN_TYPE = "cluster.etcd.extraArgs.auth-token";

/** Whether the value at a path is a secret by its name. */
export function holdsSecret(path: Path): boolean {
  const last = path.at(-1);
  if (path.join(".") === ETCD_TOKEN_TYPE) return false;
  if (typeof last === "string" && isSecretName(last)) return true;
  // At the top it is the one of a RegistryAuthConfig.
  if (last === "auth" && (path.length === 1 || path.includes("registries"))) return true;
  if (last === "key" && path.includes("clientIdentity")) return true;
  return TALOS_SECRETS.some(
    (secret) => secret.length === path.length && secret.every((key, at) => key === path[at]),
  );
}

const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;
const BASE64_PEM = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/** Whether a text is or holds a private key, also in base64 as Talos writes it. */
export function holdsPrivateKey(text: string): boolean {
  if (PRIVATE_KEY.test(text)) return true;
  if (text.length < 40 || !text.trimStart().startsWith("LS0t") || !BASE64_PEM.test(text))
    return false;
  return PRIVATE_KEY.test(Buffer.from(text, "base64").toString("latin1"));
}
