import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import talosKeys from "../../../components/spec/configPatches/talosKeys.json";
import {
  documentForm,
  fieldsOf,
  readForm,
} from "../../../components/spec/configPatches/talosTypes";

describe("keys of Talos' machine configuration (that they fit is the oracle's test)", () => {
  it("are those of the release that tools/machinery is built with", () => {
    const goMod = readFileSync(resolve(__dirname, "../../../tools/machinery/go.mod"), "utf8");
    const version = /siderolabs\/talos\/pkg\/machinery (v\S+)/.exec(goMod)?.[1];
    assert.equal(talosKeys.talosVersion, version, "run npx tsx scripts/writeTalosKeys.ts");
  });

  it("take a form apart", () => {
    for (const [form, expected] of [
      ["*bool", { shape: "scalar", type: "bool", pointer: true }],
      ["[]string!", { shape: "list", element: "string", replaces: true }],
      ["{}*@a.B", { shape: "map", element: "*@a.B", pointer: false }],
      ["[a.List]*@a.B", { shape: "list", element: "*@a.B", merger: "a.List" }],
      ["*(nethelpers.X)", { shape: "scalar", type: "nethelpers.X", pointer: true }],
      ["@v1alpha1.Unstructured!", { shape: "any", replaces: true }],
    ] as const) {
      assert.deepEqual({ ...readForm(form), ...expected }, readForm(form), form);
    }
  });

  it("know the documents and no others", () => {
    assert.equal(documentForm("HostnameConfig"), "@network.HostnameConfigV1Alpha1");
    assert.equal(documentForm("ConfigMap"), undefined);
    assert.ok(fieldsOf("v1alpha1.MachineConfig")?.["kubelet"]);
    assert.equal(fieldsOf("v1alpha1.MachineConfig")?.["nope"], undefined);
  });
});
