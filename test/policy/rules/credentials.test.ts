import assert from "node:assert/strict";

import { unknownCheckingProxy } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";

import { knownProperties } from "../../../policy/knownProperties";
import { findingText } from "../../../policy/rules/finding";
import { machineSecretsFindings, type SecretsUse } from "../../../policy/rules/machineSecrets";
import { outputFindings } from "../../../policy/rules/outputs";
import { isProd, stackOf, type StackFacts } from "../../../policy/rules/prod";
import { UNKNOWN } from "../../../policy/rules/propertyTree";
import { outputsInClear, withoutSecrets } from "../../../policy/secretMarks";

describe("credentials and the mark prod, as pure functions (the engine's part is in engine.test.ts)", () => {
  const secrets: [SecretsUse, passes: boolean][] = [
    [{ isProtected: true, nodes: ["192.0.2.2"], isProd: true }, true],
    [{ isProtected: false, nodes: ["192.0.2.2"], isProd: false }, false],
    [{ isProtected: false, nodes: ["127.0.0.2", "127.3.0.4"], isProd: false }, true],
    [{ isProtected: false, nodes: ["127.0.0.2", "192.0.2.2"], isProd: false }, false],
    [{ isProtected: false, nodes: ["127.0.0.2"], isProd: true }, false],
    [{ isProtected: false, nodes: [], isProd: false }, false],
  ];
  for (const [use, passes] of secrets) {
    const { isProtected, nodes, isProd: prod } = use;
    const what = `${isProtected ? "" : "un"}protected, ${nodes.join(" ") || "no node"}${prod ? ", prod" : ""}`;
    it(`machine secrets ${what}: ${passes ? "pass" : "do not pass"}`, () =>
      assert.equal(machineSecretsFindings(use).length, passes ? 0 : 1));
  }

  const stacks: [facts: Partial<StackFacts>, prod: boolean][] = [
    [{ stack: "prod" }, true],
    [{ stack: "production" }, true],
    [{ stack: "eu-prod" }, true],
    [{ stack: "Prod_2" }, true],
    [{ stack: "dev" }, false],
    [{ stack: "products" }, false],
    [{ stack: "preprod" }, false],
    [{ stack: "pre-prod" }, false],
    [{ stack: "eu-non-prod-2" }, false],
    [{ stack: "nonProduction" }, false],
    [{ stack: "non-eu-prod" }, true],
    [{ stack: "prod-non" }, true],
    [{ stack: "no-prod" }, true],
    [{ stack: "prod2" }, true],
    [{ stack: "eu.prd" }, true],
    [{ stack: "euProd" }, true],
    ...["true", "True", " yes ", "1", "on", "", "production", "maybe"].map(
      (tag): [Partial<StackFacts>, boolean] => [
        { stack: "home", tags: new Map([["prod", tag]]) },
        true,
      ],
    ),
    ...["False", "no", "off", " 0 "].map((tag): [Partial<StackFacts>, boolean] => [
      { stack: "prod", tags: new Map([["prod", tag]]) },
      false,
    ]),
    [{ stack: "prod", tags: new Map([["prod", "false"]]) }, false],
    [{ stack: "home", configured: true, tags: new Map([["prod", "false"]]) }, true],
    [{ stack: "prod", configured: false, tags: new Map([["prod", "true"]]) }, false],
  ];
  for (const [{ stack = "", tags = new Map(), configured }, prod] of stacks) {
    const marks = [...tags].map(([key, value]) => ` tag ${key}=${value}`).join("");
    const config = configured === undefined ? "" : ` configured ${configured}`;
    it(`stack ${stack}${marks}${config} is ${prod ? "" : "not "}prod`, () =>
      assert.equal(isProd({ stack, tags, configured }), prod));
  }

  it("reads the stack's name from a URN", () =>
    assert.equal(stackOf("urn:pulumi:eu-prod::talos-cilium::a:b:C$d:e:F::name"), "eu-prod"));

  it("finds kubeconfigs, talosconfigs and private keys in clear, however deep", () => {
    const key = "-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----\n";
    const certificate = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const outputs = {
      kubeconfig: "kind: Config\n",
      clusters: [
        { eastTalosconfig: "contexts: {}\n" },
        { "kube-config": { raw: "kind: Config\n" } },
        { kubeconfigBase64: base64("kind: Config\n") },
        { kubeconfigs: { east: "kind: Config\n" } },
      ],
      access: `users:\n- user: {client-key-data: ${base64(key)}}\n`,
      ca: base64(certificate),
      pem: key,
      kubeconfigPath: "./kubeconfig",
      talosconfig: "",
      versions: { talos: "v1.13.0" },
    };
    const findings = outputFindings(outputs);
    assert.deepEqual(
      findings.map(({ propertyPath }) => propertyPath),
      [
        "outputs.kubeconfig",
        "outputs.clusters[0].eastTalosconfig",
        "outputs.clusters[1].kube-config.raw",
        "outputs.clusters[2].kubeconfigBase64",
        "outputs.clusters[3].kubeconfigs.east",
        "outputs.access",
        "outputs.pem",
      ],
    );
    assert.doesNotMatch(JSON.stringify(findings), /kind: Config|PRIVATE KEY|LS0t/);
  });

  it("passes what is secret and what a preview does not know", () => {
    const { specialSigKey, specialSecretSig, unknownValue } = pulumi.runtime;
    const secret = { [specialSigKey]: specialSecretSig, value: "kind: Config\n" };
    const outputs = {
      kubeconfig: secret,
      talosconfig: unknownValue,
      all: [{ kubeconfig: secret }],
    };
    assert.deepEqual(outputFindings(withoutSecrets(outputs)), []);
    assert.equal(outputFindings(withoutSecrets({ kubeconfig: secret.value })).length, 1);
  });

  it("lets nothing pass where the marks of secrets cannot be seen", () =>
    assert.throws(() => outputsInClear("urn:pulumi:dev::a::b::c"), /cannot be seen/));

  it("reads properties around what a preview does not know", () => {
    const { unknownValue } = pulumi.runtime;
    const props = {
      node: "192.0.2.2",
      patches: ["a", unknownValue],
      keys: { id: unknownValue, n: 1 },
    };
    assert.deepEqual(knownProperties(unknownCheckingProxy(props)), {
      node: "192.0.2.2",
      patches: ["a", UNKNOWN],
      keys: { id: UNKNOWN, n: 1 },
    });
  });

  it("says where, what, why and what to do", () => {
    const [finding] = machineSecretsFindings({ isProtected: false, nodes: [], isProd: false });
    assert.equal(
      findingText("talos-secrets", finding!),
      `talos-secrets: protect
  got: false
  why: a deleted or replaced PKI locks everybody out of the machines that trust it
  fix: leave \`protect\` of the cluster spec at its default, true`,
    );
  });
});
