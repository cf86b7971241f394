/** A secret of the state, with the path that it was found at; the path may be printed. */
export interface KnownSecret {
  readonly where: string;
  readonly value: string;
}

const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";
const PRIVATE = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;
/** Shorter strings occur everywhere by chance. */
const SHORTEST = 16;

/**
 * Every string that the state marks as a secret, and every private key whatever it is marked as.
 *
 * @param state `pulumi stack export --show-secrets`
 */
export function secretsOf(state: unknown): KnownSecret[] {
  const found = new Map<string, string>();
  const add = (where: string, text: string) => {
    if (text.length >= SHORTEST && !found.has(text)) found.set(text, where);
    // A file is a secret as a whole, and so is each key inside it.
    for (const [block] of text.matchAll(/-----BEGIN[\s\S]+?-----END[^-]+-----/g)) {
      if (PRIVATE.test(block)) found.set(block, `${where} (key)`);
    }
    for (const [encoded] of text.matchAll(/[A-Za-z0-9+/]{80,}={0,2}/g)) {
      const decoded = Buffer.from(encoded, "base64").toString("latin1");
      if (PRIVATE.test(decoded)) found.set(encoded, `${where} (encoded key)`);
    }
  };
  const walk = (value: unknown, where: string, secret: boolean): void => {
    if (typeof value === "string") {
      if (secret || PRIVATE.test(value)) add(where, value);
      return;
    }
    if (value === null || typeof value !== "object") return;
    const wrapper = value as { [SECRET_SIGNATURE]?: string; plaintext?: string };
    if (wrapper[SECRET_SIGNATURE] !== undefined && typeof wrapper.plaintext === "string") {
      // The Kubernetes provider marks all of `__inputs` for one secret in it; keys are found anyway.
      walk(JSON.parse(wrapper.plaintext), where, !where.endsWith(".__inputs"));
      return;
    }
    for (const [key, item] of Object.entries(value)) {
      const isPublic = /^(cert|ca\.crt|tls\.crt|caCertificate|clientCertificate|id)$/.test(key);
      walk(item, `${where}.${key}`, secret && !isPublic);
    }
  };
  walk(state, "state", false);
  return [...found].map(([value, where]) => ({ where, value }));
}
