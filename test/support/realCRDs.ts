import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { loadAll } from "js-yaml";

import type { Manifest } from "../../components/cilium/objects";
import type { ApiServer } from "./apiServer";
import { sharedData } from "./sharedData";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Installs the CRDs of these files of the recorded data, and waits until they are established. */
export async function installCRDs(api: ApiServer, files: readonly string[]): Promise<void> {
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
