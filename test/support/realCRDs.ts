import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { loadAll } from "js-yaml";

import type { Manifest } from "../../components/cilium/objects";
import { type ApiServer, requireLabBinaries, startApiServer } from "./apiServer";
import { requireSharedData, sharedData } from "./sharedData";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** An API server with these CRDs for the tests of this block, which are skipped where one cannot be had. */
export function useApiServerWith(files: () => readonly string[]): () => ApiServer {
  let api: ApiServer | undefined;
  before(requireSharedData);
  before(function () {
    requireLabBinaries.call(this, "etcd", "kube-apiserver");
  });
  before(async () => {
    api = await startApiServer();
    await installCRDs(api, files());
  });
  after(async () => api?.stop());
  return () => api!;
}

/** Installs the CRDs of these files of the recorded data, and waits until they are established. */
async function installCRDs(api: ApiServer, files: readonly string[]): Promise<void> {
  const definitions = files
    .flatMap(
      (file) => loadAll(readFileSync(sharedData("crds", file), "utf8")) as (Manifest | null)[],
    )
    .filter((crd) => crd?.kind === "CustomResourceDefinition");
  for (const crd of definitions) {
    const { status, body } = await api.request("POST", CRDS, crd!);
    assert.equal(status, 201, JSON.stringify(body));
  }
  for (;;) {
    const { body } = await api.request("GET", CRDS);
    const { items } = body as {
      items: { status?: { conditions?: { type: string; status: string }[] } }[];
    };
    const established = items.filter(({ status }) =>
      status?.conditions?.some((each) => each.type === "Established" && each.status === "True"),
    );
    if (established.length >= definitions.length) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Makes a namespace unless there is one. */
export async function makeNamespace(api: ApiServer, name: string): Promise<void> {
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  const { status } = await api.request("POST", "/api/v1/namespaces", object);
  assert.ok([201, 409].includes(status), `namespace ${name}: ${status}`);
}
