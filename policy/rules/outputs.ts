import type { Finding } from "./finding";
import { nodesOf, pathText } from "./propertyTree";

const CREDENTIALS_NAME = /(kube|talos)[-_]?configs?([-_]?(raw|base64|b64|ya?ml|json))?$/i;
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;
/** A PEM block as kubeconfig and talosconfig hold it: certificates begin alike. */
const BASE64_PEM = /LS0tLS1CRUdJTi[A-Za-z0-9+/=]+/g;

/**
 * Kubeconfigs, talosconfigs and private keys that stand in outputs and are no secret.
 *
 * @param outputs what is in clear; secrets and what a preview cannot know are left out of it or are no
 *   text
 */
export function outputFindings(outputs: unknown): Finding[] {
  const exposed = [...nodesOf(outputs)].filter(
    ({ path, value }) => typeof value === "string" && value !== "" && isCredential(path, value),
  );
  return exposed.map(({ path }) => ({
    propertyPath: `outputs.${pathText(path)}`,
    got: "credentials that are no secret",
    reason: "whoever reads the state, the log or a stack reference gets to be the cluster's admin",
    fix: `export it as the component gives it or wrap it with pulumi.secret, and renew the credentials where it was up already`,
  }));
}

function isCredential(path: readonly string[], text: string): boolean {
  return path.some((key) => CREDENTIALS_NAME.test(key)) || holdsPrivateKey(text);
}

function holdsPrivateKey(text: string): boolean {
  const blocks = text.match(BASE64_PEM) ?? [];
  return [text, ...blocks.map((block) => Buffer.from(block, "base64").toString("latin1"))].some(
    (each) => PRIVATE_KEY.test(each),
  );
}
