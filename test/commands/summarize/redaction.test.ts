import assert from "node:assert/strict";

import type { Preview } from "../../../commands/summarize/preview";
import { redactionFor } from "../../../commands/summarize/redaction";

const pem = "-----BEGIN EC PRIVATE KEY-----\nbm90IGEga2V5\n-----END EC PRIVATE KEY-----\n";
const urn = "urn:pulumi:a::b::c::d";
const preview = (inputs: Record<string, unknown>, type = "c"): Preview => ({
  config: {},
  diagnostics: [],
  steps: [{ op: "update", urn, newState: { urn, type, inputs } }],
});
const { value, text } = redactionFor(preview({}));

describe("what of a preview is shown (by keys and forms: a secret of another form, in clear and unmarked, is not known for one)", () => {
  const values: [string, (string | number)[], unknown, string][] = [
    ["a text", ["machine", "type"], "worker", '"worker"'],
    ["a number", ["a"], 5, "5"],
    ["nothing", ["a"], null, "null"],
    ["a list", ["a"], ["x", 1, true], '["x", 1, true]'],
    ["an object", ["a"], { b: { c: "d" } }, '{b: {c: "d"}}'],
    ["a marked secret", ["a"], "[secret]", "[secret]"],
    ["what is not known", ["a"], "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "[not known yet]"],
    ["a key of Talos", ["machine", "ca", "key"], "eA==", "[secret]"],
    ["a key deep inside", ["peers"], [{ presharedKey: "eA==" }], "[{presharedKey: [secret]}]"],
    ["a password of a chart", ["auth", "password"], "hunter2", "[secret]"],
    ["a registry's auth", ["machine", "registries", "config", "x", "auth"], "u:p", "[secret]"],
    ["a private key", ["a"], pem, "[secret]"],
    ["one in base64", ["a"], Buffer.from(pem).toString("base64"), "[secret]"],
    ["a text of several lines", ["a"], "x\ny\n", "[text of 2 lines]"],
    ["credentials in a URL", ["a"], "http://me:hunter2@proxy:80", '"http://[secret]@proxy:80"'],
    [
      "a variable of a container",
      ["env"],
      [{ name: "DB_PASSWORD", value: "x" }],
      '[{name: "DB_PASSWORD", value: [secret]}]',
    ],
    ["a variable of a machine", ["machine", "env", "GITHUB_PAT"], "x", "[secret]"],
    ["a variable as a text", ["environment", "[]"], "TS_AUTHKEY=x", '"TS_AUTHKEY=[secret]"'],
    ["JSON in a text", ["a"], '{"password":"x"}', '"{\\"password\\":\\"[secret]\\"}"'],
    ["a Secret as JSON", ["a"], '{"kind":"Secret","stringData":{"a":"x1"}}', "[secret]"],
    [
      "a variable that is a number",
      ["env"],
      [{ name: "DB_PASSWORD", value: 1234 }],
      '[{name: "DB_PASSWORD", value: [secret]}]',
    ],
    ["a token", ["a"], "x abcdef.0123456789abcdef", '"x [secret]"'],
  ];
  for (const [what, path, got, shown] of values) {
    it(`${what}: ${shown.slice(0, 60)}`, () => assert.equal(value(got, path), shown));
  }

  it("cuts long values", () => assert.equal(value("x".repeat(900), ["a"]).length, 161));

  it("keeps keys, tokens and credentials out of texts", () => {
    assert.equal(
      text(`a ${pem}b https://u:p@h c abcdef.0123456789abcdef`),
      "a [secret]\nb https://[secret]@h c [secret]",
    );
  });

  for (const [what, clear, secret] of [
    [
      "client configuration",
      preview({ clientConfiguration: { clientKey: "c2VjcmV0IQ==" } }),
      "c2VjcmV0IQ==",
    ],
    [
      "a key in a kubeconfig",
      preview({ kubeconfig: "users:\n- user: {client-key-data: c2VjcmV0}\n" }),
      "c2VjcmV0",
    ],
    [
      "data of a Secret",
      preview({ data: { x: "aHVudGVyMg==" } }, "kubernetes:core/v1:Secret"),
      "aHVudGVyMg==",
    ],
    [
      "a secret of the configuration that holds a patch",
      {
        ...preview({}),
        config: {
          "talos-cilium:cluster": JSON.stringify({ configPatchesFrom: ["auth"] }),
          "talos-cilium:auth": "machine: {env: {A: hunter22}}",
        },
      },
      "machine: {env: {A: hunter22}}",
    ],
  ] as const) {
    it(`hides all values where ${what} stands in clear`, () => {
      const redaction = redactionFor(clear);
      assert.equal(redaction.inClear, true);
      assert.equal(redaction.value("worker", ["machine", "type"]), "[hidden]");
      assert.equal(redaction.text(`got ${secret}!`), "got [secret]!");
    });
  }

  it("takes what the engine marked for no secret in clear", () => {
    const marked = { clientConfiguration: "[secret]", kubeconfig: "[secret]" };
    assert.equal(redactionFor(preview(marked)).inClear, false);
  });
});
