import assert from "node:assert/strict";

import { formatProblems, formatValue } from "../../components/problems";
import { redact } from "../../components/secretForms";

const pem = "-----BEGIN EC PRIVATE KEY-----\nbm90IGEga2V5\n-----END EC PRIVATE KEY-----\n";

describe("formatProblems", () => {
  it("says path, rule, what was got, why not, what to do and where to read on of each", () => {
    assert.equal(
      formatProblems([
        {
          id: "node-address",
          propertyPath: "nodes[1].ipAddress",
          got: "x",
          reason: "why",
          fix: "how",
        },
        { id: "no-cluster", propertyPath: "", reason: "why", fix: "how" },
      ]),
      [
        "2 problems in the configuration:",
        "- nodes[1].ipAddress [node-address]",
        '    got: "x"',
        "    why: why",
        "    fix: how",
        "    see: docs/rules.md#node-address",
        "- (top level) [no-cluster]",
        "    why: why",
        "    fix: how",
        "    see: docs/rules.md#no-cluster",
      ].join("\n"),
    );
  });

  it("counts one as one, and takes another heading", () => {
    const problem = { id: "a", propertyPath: "b", reason: "c", fix: "d" };
    assert.match(formatProblems([problem]), /^1 problem in/);
    assert.match(formatProblems([problem], "Warnings:"), /^Warnings:\n- b \[a\]/);
  });

  it("shows a value on one short line", () => {
    assert.equal(formatValue(["a\nb", 5, { c: true }]), '["a\\nb",5,{"c":true}]');
    assert.equal(formatValue("x".repeat(500)).length, 121);
    assert.equal(formatValue(undefined), "undefined");
    assert.equal(formatValue(10n), "10");
  });

  for (const [what, secret] of [
    ["a private key", pem],
    ["a private key that is cut off", pem.slice(0, 40)],
    ["a private key in base64", Buffer.from(pem).toString("base64")],
    ["a token", "abcdef.0123456789abcdef"],
  ] as const) {
    it(`leaves out ${what}`, () => {
      assert.equal(redact(`a ${secret}`).trim(), "a [secret]");
      const text = formatProblems([
        { id: "a", propertyPath: "b", got: { c: [secret] }, reason: secret, fix: secret },
      ]);
      assert.equal(text.includes(secret.slice(0, 38).trim()), false, text);
    });
  }

  it("leaves out what stands under the key of a secret", () => {
    assert.equal(
      formatValue({ registry: { password: "hunter2", username: "me", pullToken: 5 } }),
      '{"registry":{"password":"[secret]","username":"me","pullToken":"[secret]"}}',
    );
  });
});
