import assert from "node:assert/strict";

import { holdsSecretDocument } from "../../components/secretDocuments";

const secret = "kind: Secret\nmetadata: {name: a}\nstringData:\n  a: hunter2\n";
const configMap = "kind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: b\n";
const pod = (env: string) =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - env: [${env}]\n`;

/** A container's own files, and programs that write YAML by templates, are not looked into. */
describe("a secret by where it stands in a text", () => {
  const indented = secret.replace(/^/gm, "  ");
  const secrets: [what: string, text: string][] = [
    ["a Kubernetes Secret", secret],
    ["behind another manifest", `${configMap}---\n${secret}`],
    ["indented", indented],
    ["with a comment at its kind", secret.replace("Secret", '"Secret" # of the database')],
    ["with line ends of Windows", secret.replaceAll("\n", "\r\n")],
    ["in JSON", '{"kind":"Secret","data":{"a":"aHVudGVyMg=="}}'],
    [
      "in a List",
      `apiVersion: v1\nkind: List\nitems:\n- ${indented.trimStart().replaceAll("\n  ", "\n  ")}`,
    ],
    ["beside what cannot be read", `{{ if .x }}\n---\n${secret}`],
    ["a variable", pod("{name: DB_PASSWORD, value: hunter2}")],
    ["an argument", pod("x]\n      args: [--token, abc")],
    ["a file of Docker", '{"auths":{"ghcr.io":{"auth":"bWU6aHVudGVyMg=="}}}'],
    ["a kubeconfig", "apiVersion: v1\nkind: Config\nusers: [{user: {token: abc}}]\n"],
    [
      "keys of an API server",
      "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nkeys: [{name: a, secret: abc}]\n",
    ],
    ["a file of a service", "server: a\npassword: 12345678\n"],
  ];
  for (const [what, text] of secrets) {
    it(what, () => assert.equal(holdsSecretDocument(text), true));
  }

  const harmless: [what: string, text: string][] = [
    ["a ConfigMap", configMap],
    ["a Secret that is filled by somebody else", "kind: Secret\nmetadata: {name: a}\ndata: {}\n"],
    ["one without data", `${configMap}---\nkind: Secret\nmetadata: {name: a}\n`],
    ["one with empty values", 'kind: Secret\ndata:\n  tls.key: ""\n'],
    ["one of variables", "kind: Secret\nstringData:\n  a: ${TOKEN}\n"],
    [
      "a SealedSecret",
      "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\ndata:\n  password: AgBy3\n",
    ],
    [
      "an ExternalSecret",
      "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nspec: {data: [{secretKey: password}]}\n",
    ],
    ["a role that reads Secrets", "apiVersion: v1\nkind: Role\nrules: [{resources: [secrets]}]\n"],
    ["a variable from a Secret", pod("{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: a}}}")],
    ["a variable of another", pod("{name: TOKEN, value: $(VAULT_TOKEN)}")],
    ["a switch", pod('{name: REQUIRE_TOKEN, value: "true"}')],
    ["prose", "the password: it is in the vault"],
    ["a script", "set -e\necho {a: b\nif [ -n x ]; then exit 1; fi\n"],
    ["a list of words", "[a, b]\n[c, d]"],
  ];
  for (const [what, text] of harmless) {
    it(`not ${what}`, () => assert.equal(holdsSecretDocument(text), false));
  }

  it("is not kept busy by aliases", () => {
    const lines = ["a0: &a0 [x, x]"];
    for (let at = 1; at < 30; at += 1) lines.push(`a${at}: &a${at} [*a${at - 1}, *a${at - 1}]`);
    const begun = performance.now();
    holdsSecretDocument(`${lines.join("\n")}\n`);
    assert.ok(performance.now() - begun < 500);
  });
});
