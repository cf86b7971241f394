import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";

import { ciliumObjects, pathOf } from "../../../components/cilium/objects";
import { parseCiliumSpec } from "../../../components/spec";
import { ciliumGatewayAPI } from "../../../components/spec/compatibility";
import type { ApiServer } from "../../support/apiServer";
import { makeNamespace, useApiServerWith } from "../../support/realCRDs";
import { sharedData } from "../../support/sharedData";
import { objectCases } from "./objectCases";

const cilium = () => readdirSync(sharedData("crds", "cilium")).map((file) => `cilium/${file}`);

/** Accepted in every field, as a dry run. */
async function assertTaken(api: ApiServer, version: string, name: string): Promise<void> {
  const { cilium, secrets = {} } = objectCases[name]!;
  const { spec, problems } = parseCiliumSpec({ version, ...cilium });
  assert.deepEqual(problems, []);
  for (const { manifest, secretData } of ciliumObjects(spec!)) {
    const data = Object.entries(secretData ?? {}).map(([key, from]) => [key, secrets[from]]);
    if (manifest.metadata.namespace) await makeNamespace(api, manifest.metadata.namespace);
    const { status, body } = await api.request(
      "POST",
      `${path.dirname(pathOf(manifest))}?dryRun=All&fieldValidation=Strict`,
      { ...manifest, ...(secretData && { stringData: Object.fromEntries(data) as object }) },
    );
    assert.equal(status, 201, `${manifest.kind}: ${JSON.stringify(body)}`);
  }
}

describe("objects of features on an API server with the real CRDs (not that Cilium obeys them)", function () {
  this.timeout(120_000);
  const api = useApiServerWith(() => [
    ...cilium(),
    "gateway-api/standard-v1.6.1.yaml",
    "prometheus/servicemonitors.yaml",
  ]);

  for (const name of Object.keys(objectCases)) {
    it(`takes every object, field by field: ${name}`, () => assertTaken(api(), "1.20.0", name));
  }
});

for (const [version, release] of [
  ["1.18.12", ciliumGatewayAPI[18]!],
  ["1.19.6", ciliumGatewayAPI[19]!],
] as const) {
  describe(`Gateways and routes of Cilium ${version} on Gateway API ${release} (real CRDs, with the experimental TLSRoute)`, function () {
    this.timeout(120_000);
    const api = useApiServerWith(() => [
      ...cilium(),
      `gateway-api/standard-${release}.yaml`,
      `gateway-api/experimental-tlsroute-${release}.yaml`,
    ]);

    for (const [name, { cilium }] of Object.entries(objectCases)) {
      if (!("gatewayAPI" in cilium)) continue;
      it(`takes every object, field by field: ${name}`, () => assertTaken(api(), version, name));
    }
  });
}
