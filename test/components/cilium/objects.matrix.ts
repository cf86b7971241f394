import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { loadAll } from "js-yaml";

import { type Manifest, ciliumObjects, pathOf } from "../../../components/cilium/objects";
import { parseCiliumSpec } from "../../../components/spec";
import { type ApiServer, requireLabBinaries, startApiServer } from "../../support/apiServer";
import { requireSharedData, sharedData } from "../../support/sharedData";
import { objectCases } from "./objectCases";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

describe("objects of features on an API server with the real CRDs (not that Cilium obeys them)", function () {
  this.timeout(120_000);
  let api: ApiServer;

  before(requireSharedData);
  before(function () {
    requireLabBinaries.call(this, "etcd", "kube-apiserver");
  });
  before(async () => {
    api = await startApiServer();
    const crds = [
      ...readdirSync(sharedData("crds", "cilium")).map((file) => `cilium/${file}`),
      "gateway-api/standard-v1.6.1.yaml",
      "prometheus/servicemonitors.yaml",
    ].flatMap(
      (file) => loadAll(readFileSync(sharedData("crds", file), "utf8")) as (Manifest | null)[],
    );
    const definitions = crds.filter((crd) => crd?.kind === "CustomResourceDefinition");
    for (const crd of definitions) {
      const { status, body } = await api.request("POST", CRDS, crd!);
      assert.equal(status, 201, JSON.stringify(body));
    }
    await untilEstablished(api, definitions.length);
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

async function untilEstablished(api: ApiServer, count: number): Promise<void> {
  for (;;) {
    const { body } = await api.request("GET", CRDS);
    const { items } = body as {
      items: { status?: { conditions?: { type: string; status: string }[] } }[];
    };
    const established = items.filter(({ status }) =>
      status?.conditions?.some((each) => each.type === "Established" && each.status === "True"),
    );
    if (established.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function namespace(api: ApiServer, name: string): Promise<void> {
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  const { status } = await api.request("POST", "/api/v1/namespaces", object);
  assert.ok([201, 409].includes(status), `namespace ${name}: ${status}`);
}
