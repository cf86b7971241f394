import assert from "node:assert/strict";

import { ipsecKey } from "../../../components/cilium/ipsecKey";
import { promiseOf, recordResources, revealed, isSecret } from "../../support/mocks";

const KUBECONFIG = JSON.stringify({
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:9" } }],
  contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  users: [{ name: "u", user: {} }],
  "current-context": "x",
});
const SECRET = "kubernetes:core/v1:Secret";
const STASH = "pulumi:index:Stash";

describe("the key of IPsec (its form and where it is kept; not that agents take it)", function () {
  this.timeout(20_000);

  const build = async (encryption: Record<string, unknown>) => {
    const recorder = await recordResources();
    const { Cilium } = await import("../../../components");
    const component = new Cilium("net", {
      kubeconfig: KUBECONFIG,
      clusterIdentifier: "a-cluster-of-somebody",
      cilium: { version: "1.20.0", hubble: { enabled: false }, encryption: encryption as never },
      k8sServiceHost: "127.0.0.1",
      k8sServicePort: 7445,
    });
    await promiseOf(component.times);
    return recorder;
  };

  it("has number, cipher, twenty bytes and the length of the check value", () => {
    assert.equal(
      ipsecKey(3, Buffer.alloc(20, 0xab)),
      `3+ rfc4106(gcm(aes)) ${"ab".repeat(20)} 128`,
    );
    assert.notEqual(ipsecKey(1), ipsecKey(1));
  });

  it("is a secret Stash for each number, and one Secret before the release", async () => {
    for (const keyId of [1, 2]) {
      const recorder = await build({ type: "ipsec", ipsec: { keyId } });
      const stash = recorder.find(STASH, `net-ipsec-key-${keyId}`);
      assert.ok(isSecret(stash.inputs["input"]));
      assert.match(String(revealed(stash.inputs["input"])), new RegExp(`^${keyId}\\+ `));
      const [secret] = recorder.ofType(SECRET);
      assert.equal(secret?.name, "net-cilium-ipsec-keys");
      assert.ok(isSecret(secret?.inputs["stringData"]));
      // Otherwise another key would take the Secret away and bring it back.
      const [provider] = recorder.ofType("pulumi:providers:kubernetes");
      assert.equal(String(provider?.inputs["enableSecretMutable"]), "true");
    }
  });

  it("is not made with WireGuard, nor where a Secret is named", async () => {
    for (const encryption of [
      { type: "wireguard" },
      { type: "ipsec", ipsec: { existingSecret: "keys" } },
    ]) {
      assert.equal((await build(encryption)).ofType(SECRET).length, 0);
    }
  });

  it("refuses ways of encryption and numbers that there are not", async () => {
    await assert.rejects(build({ type: "openvpn" }), /one of wireguard, ipsec/);
    await assert.rejects(build({ type: "ipsec", ipsec: { keyId: 16 } }), /at most 15/);
  });
});
