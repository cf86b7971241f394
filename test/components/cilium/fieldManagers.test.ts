import assert from "node:assert/strict";

import { FIELD_MANAGER, TALOS, handedOver } from "../../../components/cilium/fieldManagers";

const at = { apiVersion: "v1", fieldsType: "FieldsV1" };
const entry = (manager: string, operation: string, data: object, more: object = {}) => ({
  ...{ ...at, manager, operation, fieldsV1: { "f:data": data } },
  ...more,
});

describe("handedOver (whose fields are whose, not what the API server makes of it)", () => {
  for (const [manager, operation] of [
    ["helm", "Update"],
    ["helm", "Apply"],
    ["cilium", "Update"],
    ["talos", "Apply"],
    ["talosctl", "Update"],
    ["pulumi-resource-kubernetes", "Update"],
  ] as const) {
    it(`takes what ${manager} holds by ${operation}`, () => {
      const held = { ".": {}, "f:debug": {} };
      assert.deepEqual(handedOver([entry(manager, operation, held)], FIELD_MANAGER), [
        entry(FIELD_MANAGER, "Apply", held),
      ]);
    });
  }

  it("makes one of several, ours among them, and leaves controllers and people theirs", () => {
    const status = entry("helm", "Update", { "f:a": {} }, { subresource: "status" });
    const theirs = [
      entry("kube-controller-manager", "Update", { "f:b": {} }),
      status,
      entry("kubectl-edit", "Update", { "f:c": {} }),
    ];
    const taken = [
      entry("helm", "Update", { "f:d": { "f:e": {} } }),
      entry(FIELD_MANAGER, "Apply", { "f:d": { "f:f": {} } }),
      entry("talos", "Apply", { "f:g": {} }),
    ];
    const all = { "f:d": { "f:e": {}, "f:f": {} }, "f:g": {} };
    assert.deepEqual(handedOver([...taken, ...theirs], FIELD_MANAGER), [
      ...theirs,
      entry(FIELD_MANAGER, "Apply", all),
    ]);
  });

  it("hands them to Talos too, what the objects one by one held among them", () => {
    const held = [
      entry(TALOS, "Update", { "f:a": {} }),
      entry(FIELD_MANAGER, "Apply", { "f:b": {} }),
    ];
    assert.deepEqual(handedOver(held, TALOS), [entry(TALOS, "Apply", { "f:a": {}, "f:b": {} })]);
    assert.equal(handedOver([entry(TALOS, "Apply", {})], TALOS), undefined);
  });

  it("changes nothing where no other method has any", () => {
    assert.equal(handedOver([], FIELD_MANAGER), undefined);
    assert.equal(handedOver([entry(FIELD_MANAGER, "Apply", {})], FIELD_MANAGER), undefined);
    assert.equal(handedOver([entry("kubectl-edit", "Update", {})], FIELD_MANAGER), undefined);
  });
});
