import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";

import { ciliumObjects, pathOf } from "../../../components/cilium/objects";
import { parseCiliumSpec } from "../../../components/spec";
import { makeNamespace, useApiServerWith } from "../../support/realCRDs";
import { sharedData } from "../../support/sharedData";
import { objectCases } from "./objectCases";

describe("objects of features on an API server with the real CRDs (not that Cilium obeys them)", function () {
  this.timeout(120_000);
  const api = useApiServerWith(() => [
    ...readdirSync(sharedData("crds", "cilium")).map((file) => `cilium/${file}`),
    "gateway-api/standard-v1.6.1.yaml",
    "prometheus/servicemonitors.yaml",
  ]);

  for (const [name, { cilium, secrets = {} }] of Object.entries(objectCases)) {
    it(`takes every object, field by field: ${name}`, async () => {
      const { spec } = parseCiliumSpec({ version: "1.20.0", ...cilium });
      for (const { manifest, secretData } of ciliumObjects(spec!)) {
        const data = Object.entries(secretData ?? {}).map(([key, from]) => [key, secrets[from]]);
        if (manifest.metadata.namespace) await makeNamespace(api(), manifest.metadata.namespace);
        const { status, body } = await api().request(
          "POST",
          `${path.dirname(pathOf(manifest))}?dryRun=All&fieldValidation=Strict`,
          { ...manifest, ...(secretData && { stringData: Object.fromEntries(data) as object }) },
        );
        assert.equal(status, 201, `${manifest.kind}: ${JSON.stringify(body)}`);
      }
    });
  }
});
