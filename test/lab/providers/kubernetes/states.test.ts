import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { serveKubernetesProvider } from "../../../../lab/providers/kubernetes";
import type { ProviderServer } from "../../../../lab/providers/protocol";
import { ProviderWire } from "../../../support/providerWire";
import { requireSharedData, sharedData } from "../../../support/sharedData";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

interface StateResource {
  where: string;
  urn: string;
  type: string;
  id: string;
  custom: boolean;
  inputs: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
}

/** Every Kubernetes resource in the exported states, secrets in the form that they have on the wire. */
function recordedResources(): StateResource[] {
  const folders = readdirSync(sharedData("kubernetes"), { withFileTypes: true });
  return folders
    .filter((folder) => folder.isDirectory())
    .flatMap(({ name: folder }) =>
      readdirSync(sharedData("kubernetes", folder))
        .filter((file) => /(state|shown)\.json$/.test(file))
        .flatMap((file) => resourcesOf(folder, file)),
    );
}

function resourcesOf(folder: string, file: string): StateResource[] {
  const text = readFileSync(sharedData("kubernetes", folder, file), "utf8");
  if (text.includes("ciphertext") || !text.trimStart().startsWith("{")) return [];
  const { deployment } = JSON.parse(text) as { deployment?: { resources?: StateResource[] } };
  return (deployment?.resources ?? [])
    .filter(({ type, custom }) => custom && type.startsWith("kubernetes:"))
    .map((resource) => ({ ...(onWire(resource) as StateResource), where: `${folder}/${file}` }));
}

function onWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(onWire);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && "plaintext" in value) {
    return { [SIGNATURE]: value[SIGNATURE], value: onWire(JSON.parse(String(value.plaintext))) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, onWire(item)]));
}

// Not proved here: that the real provider goes on with what this one left (its own states are compared in cluster.test.ts).
describe("kubernetes provider: states that the real provider left", () => {
  let server: ProviderServer;
  let wire: ProviderWire;
  let resources: StateResource[];

  before(requireSharedData);
  before(async () => {
    resources = recordedResources();
    server = await serveKubernetesProvider({ helm: "not needed" });
    wire = new ProviderWire(server.port);
    await wire.call("Configure", {
      args: { kubeconfig: '{"kind":"Config"}', namespace: "default" },
    });
  });
  after(async () => {
    wire?.close();
    await server?.stop();
  });

  const nameOf = ({ urn }: StateResource): string => urn.split("::").at(-1) ?? "";

  it("takes their inputs for checked", async () => {
    const manifests = resources.filter(({ type }) => !type.endsWith(":Release"));
    assert.ok(manifests.length >= 20, `only ${manifests.length} objects were found`);
    for (const resource of manifests) {
      const { urn, type, inputs, where } = resource;
      const request = { urn, type, name: nameOf(resource), olds: inputs, news: inputs };
      const { response } = await wire.call("Check", request);
      assert.deepEqual(response?.inputs, inputs, `${where} ${urn}`);
    }
  });

  it("finds nothing to change in them", async () => {
    // An update that failed on a conflict leaves what the other manager wrote.
    const settled = resources.filter(
      ({ where, outputs }) => outputs && !where.includes("13-conflict"),
    );
    assert.ok(settled.length >= 45, `only ${settled.length} resources were found`);
    for (const resource of settled) {
      const { urn, type, id, inputs, outputs, where } = resource;
      const { response, error } = await wire.call("Diff", {
        ...{ urn, type, id, name: nameOf(resource) },
        ...{ olds: outputs, news: inputs, oldInputs: inputs },
      });
      assert.equal(
        response?.changes,
        "DIFF_NONE",
        `${where} ${urn} ${error ?? JSON.stringify(response)}`,
      );
    }
  });

  it("asks a cluster for its version and nothing else while nothing changes", async () => {
    const asked: string[] = [];
    const cluster = http.createServer(({ method, url }, response) => {
      asked.push(`${method} ${url}`);
      response.end('{"major":"1","minor":"36","gitVersion":"v1.36.3"}');
    });
    await new Promise<void>((listening) => cluster.listen(0, "127.0.2.1", listening));
    const { port } = cluster.address() as AddressInfo;
    const kubeconfig = JSON.stringify({
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "c" } }],
      clusters: [{ name: "c", cluster: { server: `http://127.0.2.1:${port}` } }],
    });
    const other = new ProviderWire(server.port);
    try {
      await other.call("Configure", { args: { kubeconfig } });
      // The scope of a custom resource is the cluster's to say.
      const builtIn = resources.filter(
        ({ type, outputs }) => outputs && !type.includes("cilium.io"),
      );
      for (const { urn, type, id, inputs, outputs } of builtIn) {
        const same = { urn, type, id, name: urn.split("::").at(-1) };
        if (!type.endsWith(":Release")) {
          await other.call("Check", { ...same, olds: inputs, news: inputs });
        }
        await other.call("Diff", { ...same, olds: outputs, news: inputs, oldInputs: inputs });
      }
      assert.deepEqual(asked, ["GET /version?timeout=32s"]);
    } finally {
      other.close();
      cluster.close();
    }
  });

  it("stops at a state without outputs, as the real provider does, and replaces nothing", async () => {
    const bare = resources.filter(({ outputs, type }) => !outputs && !type.endsWith(":Release"));
    assert.ok(bare.length > 0);
    for (const resource of bare) {
      const { urn, type, id, inputs } = resource;
      const fields = { urn, type, id, name: nameOf(resource), olds: {}, news: inputs };
      const { error } = await wire.call("Diff", fields);
      assert.match(error ?? "", /expected live object name to be nonempty/);
    }
  });
});
