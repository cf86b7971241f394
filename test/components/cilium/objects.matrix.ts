import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";

import { ciliumObjects, pathOf } from "../../../components/cilium/objects";
import { parseCiliumSpec } from "../../../components/spec";
import { type ApiServer, requireLabBinaries, startApiServer } from "../../support/apiServer";
import { installCRDs } from "../../support/realCRDs";
import { requireSharedData, sharedData } from "../../support/sharedData";
import { objectCases } from "./objectCases";

describe("objects of features on an API server with the real CRDs (not that Cilium obeys them)", function () {
  this.timeout(120_000);
  let api: ApiServer;

  before(requireSharedData);
  before(function () {
    requireLabBinaries.call(this, "etcd", "kube-apiserver");
  });
  before(async () => {
    api = await startApiServer();
    await installCRDs(api, [
      ...readdirSync(sharedData("crds", "cilium")).map((file) => `cilium/${file}`),
      "gateway-api/standard-v1.6.1.yaml",
      "prometheus/servicemonitors.yaml",
    ]);
  });
  after(async () => api?.stop());

  for (const [name, { cilium, secrets = {} }] of Object.entries(objectCases)) {
    it(`takes every object, field by field: ${name}`, async () => {
      const { spec } = parseCiliumSpec({ version: "1.20.0", ...cilium });
      for (const { manifest, secretData } of ciliumObjects(spec!)) {
        const data = Object.entries(secretData ?? {}).map(([key, from]) => [key, secrets[from]]);
        if (manifest.metadata.namespace) await namespace(api, manifest.metadata.namespace);
        const { status, body } = await api.request(
          "POST",
          `${path.dirname(pathOf(manifest))}?dryRun=All&fieldValidation=Strict`,
          { ...manifest, ...(secretData && { stringData: Object.fromEntries(data) as object }) },
        );
        assert.equal(status, 201, `${manifest.kind}: ${JSON.stringify(body)}`);
      }
    });
  }
});

async function namespace(api: ApiServer, name: string): Promise<void> {
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  const { status } = await api.request("POST", "/api/v1/namespaces", object);
  assert.ok([201, 409].includes(status), `namespace ${name}: ${status}`);
}
