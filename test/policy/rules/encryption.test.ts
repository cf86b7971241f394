import assert from "node:assert/strict";

import { patchDocuments } from "../../../policy/rules/configPatches";
import {
  diskFindings,
  settingsTrafficFindings,
  trafficFindings,
} from "../../../policy/rules/encryption";
import { UNKNOWN } from "../../../policy/rules/propertyTree";

describe("encryption of traffic and disks, as pure functions (nothing is encrypted)", () => {
  const traffic: [encryption: unknown, got: string | undefined][] = [
    [{ enabled: true, type: "wireguard" }, undefined],
    [{ enabled: true, type: "ipsec" }, undefined],
    [{ enabled: true }, undefined],
    [{ enabled: UNKNOWN }, undefined],
    [UNKNOWN, undefined],
    [{ enabled: true, type: "WireGuard" }, 'type "WireGuard"'],
    [{ enabled: true, type: "ztunnel" }, 'type "ztunnel"'],
    [{ enabled: false, type: "wireguard" }, "not enabled"],
    [undefined, "not enabled"],
  ];
  for (const [encryption, got] of traffic) {
    const what = JSON.stringify(encryption, (_, value) => (value === UNKNOWN ? "unknown" : value));
    it(`traffic with ${what}: ${got ?? "passes"}`, () =>
      assert.deepEqual(
        trafficFindings({ encryption }).map((finding) => finding.got),
        got === undefined ? [] : [got],
      ));
  }

  const settings: [data: unknown, got: string[]][] = [
    [{ "enable-wireguard": "true" }, []],
    [{ "enable-ipsec": "true" }, []],
    [UNKNOWN, []],
    [{ "enable-ipsec": "false" }, ["neither enable-wireguard nor enable-ipsec"]],
    [{}, ["neither enable-wireguard nor enable-ipsec"]],
  ];
  for (const [data, got] of settings) {
    const what = JSON.stringify(data, (_, value) => (value === UNKNOWN ? "unknown" : value));
    it(`agents' settings ${what}: ${got[0] ?? "pass"}`, () => {
      const content = { metadata: { name: "cilium-config" }, data };
      const found = settingsTrafficFindings({ kind: "ConfigMap", path: [], content });
      assert.deepEqual(
        found.map((finding) => finding.got),
        got,
      );
    });
  }

  it("takes no other ConfigMap for the agents' settings", () => {
    const content = { metadata: { name: "cilium-envoy-config" }, data: {} };
    assert.deepEqual(settingsTrafficFindings({ kind: "ConfigMap", path: [], content }), []);
  });

  const volume = (name: string, keys = "[{slot: 0, nodeID: {}}]") =>
    `apiVersion: v1alpha1\nkind: VolumeConfig\nname: ${name}\nencryption: {provider: luks2, keys: ${keys}}\n`;
  const older = (part: string) =>
    `machine: {systemDiskEncryption: {${part}: {provider: luks2, keys: [{slot: 0, nodeID: {}}]}}}\n`;
  const keys = { provider: "luks2", keys: [{ slot: 0, nodeID: {} }] };
  const encryptedByOperations = JSON.stringify([
    { op: "add", path: "/machine/systemDiskEncryption", value: { state: keys, ephemeral: keys } },
  ]);
  const disks: [what: string, patches: string[], got: string | undefined][] = [
    ["two documents", [`${volume("STATE")}---\n${volume("EPHEMERAL")}`], undefined],
    ["the older keys", [older("state"), older("ephemeral")], undefined],
    ["one of each", [volume("STATE"), older("ephemeral")], undefined],
    ["operations of JSON 6902", [encryptedByOperations], undefined],
    ["STATE alone", [volume("STATE")], "no encryption of EPHEMERAL"],
    ["no keys", [volume("STATE", "[]"), volume("EPHEMERAL")], "no encryption of STATE"],
    [
      "a document that a later patch deletes",
      [volume("STATE"), volume("EPHEMERAL"), "kind: VolumeConfig\nname: STATE\n$patch: delete\n"],
      "no encryption of STATE",
    ],
    [
      "encryption that a later patch deletes",
      [
        older("state"),
        older("ephemeral"),
        "machine: {systemDiskEncryption: {ephemeral: {$patch: delete}}}\n",
      ],
      "no encryption of EPHEMERAL",
    ],
    [
      "one that is deleted and written again",
      [
        volume("STATE"),
        volume("EPHEMERAL"),
        "kind: VolumeConfig\nname: STATE\n$patch: delete\n",
        volume("STATE"),
      ],
      undefined,
    ],
    [
      "documents, and the older keys deleted",
      [volume("STATE"), volume("EPHEMERAL"), "machine: {systemDiskEncryption: {$patch: delete}}\n"],
      undefined,
    ],
    [
      "the older keys, and a document deleted",
      [older("state"), older("ephemeral"), "kind: VolumeConfig\nname: STATE\n$patch: delete\n"],
      undefined,
    ],
    ["nothing", ["machine: {}\n"], "no encryption of STATE and EPHEMERAL"],
  ];
  for (const [what, configPatches, got] of disks) {
    it(`disks with ${what}: ${got ?? "pass"}`, () =>
      assert.deepEqual(
        diskFindings(patchDocuments({ configPatches })).map((finding) => finding.got),
        got === undefined ? [] : [got],
      ));
  }
});
