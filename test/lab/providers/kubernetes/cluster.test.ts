import assert from "node:assert/strict";
import path from "node:path";
import { serveKubernetesProvider } from "../../../../lab/providers/kubernetes";
import type { ProviderServer } from "../../../../lab/providers/protocol";
import {
  labBinary,
  requireLabBinaries,
  startApiServer,
  type ApiServer,
} from "../../../support/apiServer";
import { ProviderWire, type WireAnswer } from "../../../support/providerWire";
import { recordedCalls } from "../../../support/recordedCalls";
import { requireSharedData } from "../../../support/sharedData";

type Json = Record<string, unknown>;

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const CREATED = "2026-01-01T00:00:00Z";

/** What differs from one cluster and one run to the next, made the same. */
function timeless(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/g, `"${CREATED}"`)
    .replace(/"(uid|resourceVersion)":"[^"]*"/g, '"$1":"#"')
    .replace(/pulumi-kubernetes-[0-9a-f]{8}/g, "pulumi-kubernetes-#");
  return JSON.parse(text);
}

// Not proved here: charts of Cilium's size, pods that run (there is no node), and what a Pulumi engine makes of the answers.
describe("kubernetes provider: against an API server", function () {
  this.timeout(60_000);
  let api: ApiServer;
  let server: ProviderServer;
  let wire: ProviderWire;

  before(function () {
    requireLabBinaries.call(this, "etcd", "kube-apiserver", "kube-controller-manager", "helm");
  });
  before(async () => {
    api = await startApiServer();
    server = await serveKubernetesProvider({
      helm: labBinary("helm") ?? "",
      directory: path.resolve(__dirname, "..", "..", "..", "fixtures"),
    });
    wire = new ProviderWire(server.port);
    await wire.call("Configure", { args: { kubeconfig: api.kubeconfig } });
  });
  after(async () => {
    wire?.close();
    await server?.stop();
    await api?.stop();
  });

  /** A client of its own, for a provider resource with other settings. */
  async function withSettings(
    args: object,
    use: (other: ProviderWire) => Promise<void>,
  ): Promise<void> {
    const other = new ProviderWire(server.port);
    try {
      await other.call("Configure", { args: { kubeconfig: api.kubeconfig, ...args } });
      await use(other);
    } finally {
      other.close();
    }
  }

  const resource = (type: string, name: string): { urn: string; type: string; name: string } => ({
    urn: `urn:pulumi:dev::p::${type}::${name}`,
    type,
    name,
  });
  const configMap = (name: string, data: Json, more: Json = {}): Json => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "default", ...more },
    data,
  });
  const propertiesOf = (answer: WireAnswer): Json => {
    assert.equal(answer.error, undefined);
    return answer.response?.properties as Json;
  };
  const live = async (name: string): Promise<Json> =>
    (await api.request("GET", `/api/v1/namespaces/default/configmaps/${name}`)).body;
  const managersOf = (object: Json): unknown[] =>
    ((object.metadata as Json).managedFields as Json[]).map(({ manager, operation }) => [
      String(manager).replace(/-[0-9a-f]{8}$/, "-#"),
      operation,
    ]);

  describe("objects", () => {
    it("answers recorded runs as the real provider did, state by state", async function () {
      requireSharedData.call(this);
      const recordings = [
        ["grpc-provider-up", "grpc-configmap-replace-preview", "grpc-configmap-replace-up"],
        ["grpc-configmap-annotation-preview", "grpc-destroy"],
        ["grpc-component-up", "grpc-component-destroy"],
        ["grpc-up", "grpc-preview-nochange", "grpc-update", "grpc-refresh", "grpc-destroy"],
      ].flat();
      const states = new Map<unknown, unknown>();
      let compared = 0;
      for (const folder of ["kubernetes/grpc-more", "kubernetes/grpc"]) {
        const calls = recordedCalls("kubernetes", [folder]);
        for (const recording of recordings) {
          for (const call of calls.filter((one) => one.recording === recording)) {
            const { method, request, response } = call;
            if (!["Check", "Diff", "Create", "Read", "Update", "Delete"].includes(method)) continue;
            const own = states.get(request.urn);
            const answered = await wire.call(method, {
              ...request,
              ...(request.olds && method !== "Check" ? { olds: own } : {}),
              ...(method === "Read" || method === "Delete" ? { properties: own } : {}),
            });
            assert.deepEqual(
              timeless(answered.response ?? answered),
              timeless(response),
              `${recording} ${method} ${String(request.urn)}`,
            );
            const written = answered.response?.properties;
            if (written && !request.preview) states.set(request.urn, written);
            compared++;
          }
        }
      }
      assert.ok(compared >= 30, `only ${compared} calls were compared`);
    });

    it("refuses to create what is there, and says what may have led there", async () => {
      await api.request("POST", "/api/v1/namespaces/default/configmaps", configMap("there", {}));
      const request = { ...resource(CONFIG_MAP, "there"), properties: configMap("there", {}) };
      const preview = await wire.call("Create", { ...request, preview: true });
      assert.deepEqual(preview.response?.properties, request.properties);
      const { error } = await wire.call("Create", request);
      const start =
        `resource "${request.urn}" was not successfully created by the Kubernetes API server: ` +
        'configmaps "there" already exists\n\nThe resource already exists in the cluster. ';
      assert.ok(error?.startsWith(start), error);
    });

    it("changes a ConfigMap in place where it may, taking over the fields of its creation", async () => {
      await withSettings({ enableConfigMapMutable: "true" }, async (mutable) => {
        const same = resource(CONFIG_MAP, "mutable");
        const inputs = configMap("mutable", { a: "1", b: "2" });
        const olds = propertiesOf(await mutable.call("Create", { ...same, properties: inputs }));
        assert.deepEqual(managersOf(olds), [["pulumi-kubernetes", "Update"]]);
        const news = configMap("mutable", { a: "2" });
        const request = { ...same, id: "default/mutable", olds, news, oldInputs: inputs };
        assert.deepEqual((await mutable.call("Diff", request)).response, {
          changes: "DIFF_SOME",
          detailedDiff: {
            "data.a": { kind: "UPDATE" },
            "data.b": { kind: "DELETE", inputDiff: true },
          },
          hasDetailedDiff: true,
        });
        const state = propertiesOf(await mutable.call("Update", request));
        assert.deepEqual(state.data, { a: "2" });
        assert.deepEqual(managersOf(state), [["pulumi-kubernetes-#", "Apply"]]);
        assert.deepEqual((await live("mutable")).data, { a: "2" });
      });
    });

    it("keeps an object that another manager holds, with the conflict as the reason", async () => {
      await withSettings({ enableConfigMapMutable: "true" }, async (mutable) => {
        const same = resource(CONFIG_MAP, "held");
        const inputs = configMap("held", { a: "1" });
        const first = propertiesOf(await mutable.call("Create", { ...same, properties: inputs }));
        const second = configMap("held", { a: "2" });
        const id = "default/held";
        const update = { ...same, id, oldInputs: inputs };
        const olds = propertiesOf(
          await mutable.call("Update", { ...update, olds: first, news: second }),
        );
        const taken = "/api/v1/namespaces/default/configmaps/held?fieldManager=other&force=true";
        await api.request("PATCH", taken, configMap("held", { a: "other" }));
        const news = configMap("held", { a: "3" });
        const { error, failed } = await mutable.call("Update", { ...update, olds, news });
        const manager = String(olds.__fieldManager);
        assert.equal(
          error,
          'the Kubernetes API server reported that "default/held" failed to fully initialize or become live: ' +
            "server-side apply field conflict detected, see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources for troubleshooting help\n" +
            `The resource managed by field manager "${manager}" had an apply conflict: Apply failed with 1 conflict: conflict with "other": .data.a`,
        );
        assert.deepEqual(failed?.reasons, [error]);
        assert.deepEqual(failed?.properties.data, { a: "other" });
        const forced = configMap(
          "held",
          { a: "3" },
          { annotations: { "pulumi.com/patchForce": "true" } },
        );
        await mutable.call("Update", { ...update, olds: failed?.properties, news: forced });
        assert.deepEqual((await live("held")).data, { a: "3" });
      });
    });

    it("creates onto an existing object where it is told to", async () => {
      const created =
        "/api/v1/namespaces/default/configmaps/upserted?fieldManager=other&force=true";
      await api.request("PATCH", created, configMap("upserted", { a: "other" }));
      await withSettings({ upsertExistingObjects: "true" }, async (upserting) => {
        const same = resource(CONFIG_MAP, "upserted");
        const clash = await upserting.call("Create", {
          ...same,
          properties: configMap("upserted", { a: "1" }),
        });
        assert.match(
          clash.error ?? "",
          /Apply failed with 1 conflict: conflict with "other": \.data\.a/,
        );
        const state = propertiesOf(
          await upserting.call("Create", {
            ...same,
            properties: configMap("upserted", { b: "1" }),
          }),
        );
        assert.deepEqual(state.data, { a: "other", b: "1" });
      });
    });

    it("marks as secret what the inputs do, and all data of a Secret", async () => {
      const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
      const type = "kubernetes:core/v1:Secret";
      const news = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "hush", namespace: "default" },
        stringData: { key: "hush" },
      };
      const checked = await wire.call("Check", { ...resource(type, "hush"), olds: {}, news });
      const inputs = checked.response?.inputs as Json;
      const data = { ...signature, value: { key: Buffer.from("hush").toString("base64") } };
      assert.deepEqual(inputs.data, data);
      const request = { ...resource(type, "hush"), properties: inputs };
      const state = propertiesOf(await wire.call("Create", request));
      assert.deepEqual([state.data, (state.__inputs as Json).data], [data, data]);
    });

    it("waits for a custom resource's definition, knows its scope and validates against it", async () => {
      const crd = {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name: "pools.test.example" },
        spec: {
          group: "test.example",
          scope: "Cluster",
          names: { plural: "pools", singular: "pool", kind: "Pool", listKind: "PoolList" },
          versions: [
            {
              name: "v1",
              served: true,
              storage: true,
              schema: {
                openAPIV3Schema: {
                  type: "object",
                  properties: {
                    spec: {
                      type: "object",
                      properties: { size: { type: "integer", maximum: 10 } },
                    },
                  },
                },
              },
            },
          ],
        },
      };
      const crdType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
      const poolType = "kubernetes:test.example/v1:Pool";
      const pool = resource(poolType, "pool");
      const news = {
        apiVersion: "test.example/v1",
        kind: "Pool",
        metadata: { name: "pool" },
        spec: { size: 1 },
      };
      const checkedCrd = await wire.call("Check", {
        ...resource(crdType, "crd"),
        olds: {},
        news: crd,
      });
      const checked = await wire.call("Check", { ...pool, olds: {}, news });
      assert.deepEqual(checked.response?.inputs, news, "a cluster-wide object gets no namespace");
      const preview = await wire.call("Create", { ...pool, properties: news, preview: true });
      assert.deepEqual(preview.response?.properties, news);
      const creating = wire.call("Create", { ...pool, properties: news });
      await wire.call("Create", {
        ...resource(crdType, "crd"),
        properties: checkedCrd.response?.inputs,
      });
      const state = propertiesOf(await creating);
      assert.deepEqual(state.spec, { size: 1 });
      const wrong = { ...news, spec: { size: 11 } };
      const update = { ...pool, id: "pool", olds: state, news: wrong, oldInputs: news };
      const { error, failed } = await wire.call("Update", { ...update, preview: true });
      assert.match(
        error ?? "",
        /^the Kubernetes API server reported that "pool" failed to fully initialize or become live: Pool\.test\.example "pool" is invalid: spec\.size: /,
      );
      assert.equal(failed?.id, "pool");
    });

    it("gives a Deployment that never gets ready its time, keeps it and says why", async () => {
      const type = "kubernetes:apps/v1:Deployment";
      const properties = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: {
          annotations: { "pulumi.com/timeoutSeconds": "1" },
          name: "stuck",
          namespace: "default",
        },
        spec: {
          selector: { matchLabels: { app: "stuck" } },
          template: {
            metadata: { labels: { app: "stuck" } },
            spec: { containers: [{ name: "x", image: "example.invalid/x:1" }] },
          },
        },
      };
      const request = { ...resource(type, "stuck"), properties };
      const { error, failed } = await wire.call("Create", request);
      const why = [
        "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
        "Minimum number of live Pods was not attained",
      ];
      assert.equal(
        error,
        `resource "${request.urn}" was successfully created, but the Kubernetes API server reported that it failed to ` +
          "fully initialize or become live: 'stuck' timed out waiting to be Ready",
      );
      assert.deepEqual(failed?.reasons, [error, ...why]);
      const read = await wire.call("Read", {
        ...{ ...resource(type, "stuck"), id: "default/stuck" },
        ...{ properties: failed?.properties, inputs: properties },
      });
      assert.deepEqual(read.failed?.reasons, [
        "Resource 'stuck' was created but failed to initialize",
        ...why,
      ]);
      const skipping = {
        ...properties,
        metadata: { ...properties.metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      };
      const updated = await wire.call("Update", {
        ...{ ...resource(type, "stuck"), id: "default/stuck", oldInputs: properties },
        ...{ olds: failed?.properties, news: skipping },
      });
      assert.equal(updated.error, undefined);
    });

    it("takes a DaemonSet that no node runs for ready", async () => {
      const type = "kubernetes:apps/v1:DaemonSet";
      const properties = {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: { name: "everywhere", namespace: "default" },
        spec: {
          selector: { matchLabels: { app: "everywhere" } },
          template: {
            metadata: { labels: { app: "everywhere" } },
            spec: { containers: [{ name: "x", image: "example.invalid/x:1" }] },
          },
        },
      };
      const state = propertiesOf(
        await wire.call("Create", { ...resource(type, "everywhere"), properties }),
      );
      assert.equal((state.status as Json).desiredNumberScheduled, 0);
    });

    it("imports an object and forgets one that is gone", async () => {
      await api.request(
        "POST",
        "/api/v1/namespaces/default/configmaps",
        configMap("found", { a: "1" }),
      );
      const same = resource(CONFIG_MAP, "found");
      const read = await wire.call("Read", { ...same, id: "default/found" });
      assert.deepEqual(read.response?.inputs, configMap("found", { a: "1" }));
      const { response } = await wire.call("Read", { ...same, id: "default/not-found" });
      assert.equal(response?.id, undefined);
    });
  });

  describe("Helm releases", () => {
    const TYPE = "kubernetes:helm.sh/v3:Release";
    const chart = "charts/small";

    async function checked(name: string, news: Json, olds: Json = {}): Promise<Json> {
      const request = {
        ...resource(TYPE, name),
        olds,
        news: { name, chart, compat: "true", ...news },
      };
      const { response, error } = await wire.call("Check", request);
      assert.deepEqual([error, response?.failures], [undefined, undefined]);
      return response?.inputs as Json;
    }
    const statusOf = (state: Json | undefined): unknown => {
      const { revision, status } = state?.status as Json;
      return { revision, status };
    };

    it("installs, changes, reads and uninstalls a release", async () => {
      const same = resource(TYPE, "greeter");
      const inputs = await checked("greeter", { skipAwait: true, values: { greeting: "hi" } });
      assert.deepEqual([inputs.version, inputs.namespace, inputs.timeout], ["0.3.1", "default", 0]);
      const created = await wire.call("Create", { ...same, properties: inputs });
      const state = propertiesOf(created);
      assert.equal(created.response?.id, "default/greeter");
      assert.deepEqual(state.status, {
        appVersion: "1.2",
        chart: "small",
        name: "greeter",
        namespace: "default",
        revision: 1,
        status: "deployed",
        version: "0.3.1",
      });
      assert.deepEqual(state.resourceNames, {
        "ClusterRole.rbac.authorization.k8s.io/rbac.authorization.k8s.io/v1": ["greeter-reader"],
        "ConfigMap/v1": ["default/greeter-greeting"],
      });
      const news = await checked(
        "greeter",
        { skipAwait: true, values: { greeting: "ho" } },
        inputs,
      );
      const update = { ...same, id: "default/greeter", olds: state, news, oldInputs: inputs };
      assert.deepEqual((await wire.call("Diff", update)).response, {
        changes: "DIFF_SOME",
        diffs: ["values"],
        detailedDiff: { "values.greeting": { kind: "UPDATE" } },
        hasDetailedDiff: true,
      });
      const updated = propertiesOf(await wire.call("Update", update));
      assert.deepEqual(statusOf(updated), { revision: 2, status: "deployed" });
      assert.deepEqual((await live("greeter-greeting")).data, { greeting: "ho" });
      const read = await wire.call("Read", {
        ...{ ...same, id: "default/greeter", properties: updated, inputs: news },
      });
      assert.deepEqual(read.response?.properties, updated);
      await wire.call("Delete", { ...same, id: "default/greeter", properties: updated });
      const gone = await wire.call("Read", { ...same, id: "default/greeter", properties: updated });
      assert.equal(gone.response?.id, undefined);
    });

    it("refuses a name in use, and imports what uses it", async () => {
      const same = resource(TYPE, "taken");
      const inputs = await checked("taken", { skipAwait: true });
      const first = await wire.call("Create", { ...same, properties: inputs });
      const second = await wire.call("Create", { ...same, properties: inputs });
      assert.equal(second.error, "cannot re-use a name that is still in use");
      const read = await wire.call("Read", { ...same, id: "default/taken" });
      assert.deepEqual((read.response?.properties as Json).status, propertiesOf(first).status);
      const imported = read.response?.inputs as Json;
      assert.deepEqual([imported.name, imported.chart], ["taken", "small"]);
    });

    it("keeps a release that was not ready in time, and goes on from it", async () => {
      const same = resource(TYPE, "slow");
      const inputs = await checked("slow", { timeout: 1, values: { stuck: true } });
      const { error, failed } = await wire.call("Create", { ...same, properties: inputs });
      assert.equal(
        error,
        'Helm release "default/slow" was created, but failed to initialize completely. Use Helm CLI to investigate: ' +
          "failed to become available within allocated timeout. Error: Helm Release default/slow: context deadline exceeded",
      );
      assert.deepEqual(statusOf(failed?.properties), { revision: 1, status: "failed" });
      const news = await checked("slow", { skipAwait: true, values: { stuck: true } }, inputs);
      const update = { ...same, id: "default/slow", olds: failed?.properties, news };
      assert.deepEqual(statusOf(propertiesOf(await wire.call("Update", update))), {
        revision: 2,
        status: "deployed",
      });
    });

    it("leaves nothing of an atomic release that was not ready in time", async () => {
      const same = resource(TYPE, "atomic");
      const inputs = await checked("atomic", { timeout: 1, atomic: true, values: { stuck: true } });
      const { error, failed } = await wire.call("Create", { ...same, properties: inputs });
      assert.equal(
        error,
        "release atomic failed, and has been uninstalled due to atomic being set: context deadline exceeded",
      );
      assert.equal(failed, undefined);
    });

    it("leaves a release pending when its engine is killed, and says so to the next", async () => {
      const same = resource(TYPE, "killed");
      const inputs = await checked("killed", { timeout: 60, values: { stuck: true } });
      await withSettings({}, async (doomed) => {
        void doomed.call("Create", { ...same, properties: inputs });
        const pending =
          "/api/v1/namespaces/default/secrets?labelSelector=name%3Dkilled,status%3Dpending-install";
        for (let tries = 0; tries < 100; tries++) {
          const { body } = await api.request("GET", pending);
          if ((body.items as unknown[]).length > 0) break;
          await new Promise((done) => setTimeout(done, 50));
        }
      });
      const next = await wire.call("Create", { ...same, properties: inputs });
      assert.equal(next.error, "cannot re-use a name that is still in use");
      const { response } = await wire.call("Read", { ...same, id: "default/killed" });
      assert.deepEqual(statusOf(response?.properties as Json), {
        revision: 1,
        status: "pending-install",
      });
    });

    const refused: [string, Json, string][] = [
      [
        "values against the schema",
        { values: { greeting: ["hi"] } },
        "values don't meet the specifications of the schema(s) in the following chart(s):\nsmall:\n- at '/greeting': got array, want null or string\n",
      ],
      [
        "a template that fails",
        { values: { mode: "loudest" } },
        "execution error at (small/templates/configmap.yaml:2:4): mode must be plain or loud",
      ],
      [
        "a namespace that is not there",
        { namespace: "nowhere" },
        'create: failed to create: namespaces "nowhere" not found',
      ],
    ];
    for (const [what, news, expected] of refused) {
      it(`previews and then fails with ${what}`, async () => {
        const same = resource(TYPE, "refused");
        const inputs = await checked("refused", { skipAwait: true, ...news });
        const preview = await wire.call("Create", { ...same, properties: inputs, preview: true });
        assert.equal(preview.error, undefined);
        const { error, failed } = await wire.call("Create", { ...same, properties: inputs });
        assert.deepEqual([error, failed], [expected, undefined]);
      });
    }

    const missing: [Json, string][] = [
      [{ chart: "/none.tgz" }, 'path "/none.tgz" not found'],
      [{ chart: "./none" }, 'path "./none" not found'],
      [{ chart: "none/none" }, "repo none not found"],
      [
        { chart: "none", version: "1.0.0", repositoryOpts: { repo: "https://127.0.2.250:1/" } },
        'looks like "https://127.0.2.250:1/" is not a valid chart repository or cannot be reached: ' +
          'Get "https://127.0.2.250:1/index.yaml": dial tcp 127.0.2.250:1: connect: connection refused',
      ],
    ];
    for (const [news, expected] of missing) {
      it(`fails the preview of a chart that is not to be had: ${String(news.chart)}`, async () => {
        const request = { ...resource(TYPE, "none"), olds: {}, news: { name: "none", ...news } };
        const { response } = await wire.call("Check", request);
        const reason = `${expected}; check the chart name and repository configuration.`;
        assert.deepEqual(response?.failures, [{ property: "chart", reason }]);
      });
    }

    it("does not load a chart whose values are unknown, and keeps them so", async () => {
      const values = { greeting: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", mode: "plain" };
      const inputs = await checked("unknown", { chart: "not-there", values });
      assert.deepEqual([inputs.values, inputs.version], [values, ""]);
      const request = { ...resource(TYPE, "unknown"), properties: inputs, preview: true };
      const state = propertiesOf(await wire.call("Create", request));
      assert.deepEqual(state.values, values);
    });

    it("keeps secret values secret and gives them to Helm", async () => {
      const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
      const greeting = { ...signature, value: "hush" };
      const inputs = await checked("secretive", { skipAwait: true, values: { greeting } });
      const request = { ...resource(TYPE, "secretive"), properties: inputs };
      const state = propertiesOf(await wire.call("Create", request));
      assert.deepEqual((state.values as Json).greeting, greeting);
      assert.deepEqual((await live("secretive-greeting")).data, { greeting: "hush" });
      const { __inputs: kept, ...shown } = state;
      assert.ok(Object.keys(signature).every((key) => key in (kept as Json)));
      assert.ok(!JSON.stringify({ ...shown, values: {} }).includes("hush"));
    });

    it("renders a chart without installing it", async () => {
      const options = { path: "charts", chart: "small", release_name: "r", namespace: "n" };
      const args = { jsonOpts: JSON.stringify({ ...options, values: { greeting: "x" } }) };
      const { response } = await wire.call("Invoke", { tok: "kubernetes:helm:template", args });
      const { result } = response?.return as { result: Json[] };
      assert.deepEqual(
        result.map(({ kind, metadata }) => [
          kind,
          (metadata as Json).name,
          (metadata as Json).namespace,
        ]),
        [
          ["ConfigMap", "r-greeting", "n"],
          ["ClusterRole", "r-reader", undefined],
        ],
      );
    });
  });
});
