import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { serveKubernetesProvider } from "../../../../lab/providers/kubernetes";
import type { ProviderServer } from "../../../../lab/providers/protocol";
import { ProviderWire, type WireAnswer } from "../../../support/providerWire";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const TYPE = "pulumi:providers:kubernetes";
const urn = `urn:pulumi:dev::p::${TYPE}::k8s`;

function kubeconfig(server: string, token = "t", name = "c"): string {
  return [
    "apiVersion: v1",
    "kind: Config",
    `current-context: ${name}`,
    `contexts: [{name: ${name}, context: {cluster: ${name}, user: u}}]`,
    `clusters: [{name: ${name}, cluster: {server: "${server}"}}]`,
    `users: [{name: u, user: {token: ${token}}}]`,
  ].join("\n");
}
const here = kubeconfig("https://127.0.2.250:1");
const there = kubeconfig("https://127.0.2.251:1");

// Not proved here: anything that a cluster answers.
describe("kubernetes provider: its own configuration", () => {
  let server: ProviderServer;
  let wire: ProviderWire;

  before(async () => {
    server = await serveKubernetesProvider({ helm: "not needed" });
    wire = new ProviderWire(server.port);
  });
  after(async () => {
    wire.close();
    await server.stop();
  });

  const diff = (olds: object, news: object): Promise<WireAnswer> =>
    wire.call("DiffConfig", { urn, type: TYPE, name: "k8s", olds, news, oldInputs: olds });

  const cases: [string, object, object, object][] = [
    ["nothing changed", { kubeconfig: here }, { kubeconfig: here }, { changes: "DIFF_NONE" }],
    [
      "another user of the same server",
      { kubeconfig: here },
      { kubeconfig: kubeconfig("https://127.0.2.250:1", "renewed") },
      { changes: "DIFF_SOME", diffs: ["kubeconfig"] },
    ],
    [
      "another name of the same server",
      { kubeconfig: here },
      { kubeconfig: kubeconfig("https://127.0.2.250:1", "t", "renamed") },
      { changes: "DIFF_SOME", diffs: ["kubeconfig"] },
    ],
    [
      "another server",
      { kubeconfig: here },
      { kubeconfig: there },
      { changes: "DIFF_SOME", diffs: ["kubeconfig"], replaces: ["kubeconfig"] },
    ],
    [
      "another server, a secret one",
      { kubeconfig: { ...SECRET, value: here } },
      { kubeconfig: { ...SECRET, value: there } },
      { changes: "DIFF_SOME", diffs: ["kubeconfig"], replaces: ["kubeconfig"] },
    ],
    [
      "another server of the same cluster",
      { kubeconfig: here, clusterIdentifier: "a" },
      { kubeconfig: there, clusterIdentifier: "a" },
      { changes: "DIFF_SOME", diffs: ["kubeconfig"] },
    ],
    [
      "another cluster behind the same server",
      { kubeconfig: here, clusterIdentifier: "a" },
      { kubeconfig: here, clusterIdentifier: "b" },
      { changes: "DIFF_SOME", diffs: ["clusterIdentifier"], replaces: ["clusterIdentifier"] },
    ],
    [
      "an identifier where there was none",
      { kubeconfig: here },
      { kubeconfig: here, clusterIdentifier: "a" },
      { changes: "DIFF_SOME", diffs: ["clusterIdentifier"] },
    ],
    [
      "a kubeconfig that is not known yet",
      { kubeconfig: here },
      { kubeconfig: UNKNOWN },
      { changes: "DIFF_SOME", diffs: ["kubeconfig"], replaces: ["kubeconfig"] },
    ],
    [
      "an unknown kubeconfig of the same cluster",
      { kubeconfig: here, clusterIdentifier: "a" },
      { kubeconfig: UNKNOWN, clusterIdentifier: "a" },
      { changes: "DIFF_SOME", diffs: ["kubeconfig"] },
    ],
    [
      "a setting",
      { kubeconfig: here },
      { kubeconfig: here, enableConfigMapMutable: "true" },
      { changes: "DIFF_SOME", diffs: ["enableConfigMapMutable"] },
    ],
  ];
  for (const [what, olds, news, expected] of cases) {
    it(`compares: ${what}`, async () => {
      assert.deepEqual((await diff(olds, news)).response, expected);
    });
  }

  it("cannot go on from a kubeconfig that is none, in the real provider's words", async () => {
    const { error } = await diff({ kubeconfig: "not: [a kubeconfig" }, { kubeconfig: here });
    assert.equal(
      error,
      "failed to parse kubeconfig: yaml: line 1: did not find expected ',' or ']'",
    );
  });

  it("refuses what does not go together, and leaves the inputs alone", async () => {
    const news = { renderYamlToDirectory: "out", context: "c" };
    const { response } = await wire.call("CheckConfig", {
      urn,
      type: TYPE,
      name: "k8s",
      olds: {},
      news,
    });
    assert.deepEqual(response, {
      inputs: news,
      failures: [
        {
          property: "context",
          reason: '"context" arg is not compatible with "renderYamlToDirectory" arg',
        },
      ],
    });
  });

  const unusable: [string, string, string][] = [
    [
      "text that is no YAML",
      "not: [a kubeconfig",
      "failed to parse kubeconfig data in `kubernetes:config:kubeconfig`- yaml: line 1: did not find expected ',' or ']'",
    ],
    [
      "a kubeconfig without clusters",
      '{"apiVersion":"v1","kind":"Config"}',
      "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
    ],
    [
      "a context that is not there",
      here.replace("current-context: c", "current-context: nope"),
      "invalid configuration: [context was not found for specified context: nope, cluster has no server defined]",
    ],
    [
      "a server that refuses",
      here,
      "unable to load schema information from the API server: " +
        'Get "https://127.0.2.250:1/openapi/v2?timeout=32s": dial tcp 127.0.2.250:1: connect: connection refused',
    ],
  ];
  for (const [what, text, reason] of unusable) {
    it(`previews and then fails with ${what}`, async () => {
      const configured = await wire.call("Configure", { args: { kubeconfig: text } });
      assert.equal(configured.error, undefined);
      const resource = {
        urn: "urn:pulumi:dev::p::kubernetes:core/v1:ConfigMap::cm",
        type: "kubernetes:core/v1:ConfigMap",
        name: "cm",
        properties: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cm" } },
      };
      const preview = await wire.call("Create", { ...resource, preview: true });
      assert.deepEqual(preview.response?.properties, resource.properties);
      const { error } = await wire.call("Create", resource);
      assert.ok(error?.startsWith("configured Kubernetes cluster is unreachable: "), error);
      assert.ok(error?.includes(reason), error);
    });
  }

  it("reads a kubeconfig from a path", async () => {
    const dir = mkdtempSync(path.join(tmpdir(), "lab-kubeconfig-"));
    try {
      const file = path.join(dir, "config");
      writeFileSync(file, here);
      const same = await diff({ kubeconfig: here }, { kubeconfig: file });
      assert.deepEqual(same.response, { changes: "DIFF_SOME", diffs: ["kubeconfig"] });
      const other = await diff({ kubeconfig: there }, { kubeconfig: file });
      assert.deepEqual(other.response?.replaces, ["kubeconfig"]);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it("keeps two provider resources apart", async () => {
    const other = new ProviderWire(server.port);
    try {
      await wire.call("Configure", { args: { kubeconfig: here, namespace: "one" } });
      await other.call("Configure", { args: { kubeconfig: here, namespace: "two" } });
      const check = {
        urn: "urn:pulumi:dev::p::kubernetes:core/v1:ConfigMap::cm",
        type: "kubernetes:core/v1:ConfigMap",
        name: "cm",
        olds: {},
        news: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cm" } },
      };
      const namespaces = [];
      for (const client of [wire, other]) {
        const { response } = await client.call("Check", check);
        const { metadata } = response!.inputs as { metadata: { namespace: string } };
        namespaces.push(metadata.namespace);
      }
      assert.deepEqual(namespaces, ["one", "two"]);
    } finally {
      other.close();
    }
  });
});
