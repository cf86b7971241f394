import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type ProvidedCluster, propertiesOf, resource } from "../../../support/providedCluster";
import type { WireAnswer } from "../../../support/providerWire";
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

// Not proved here: pods that run (there is no node), and what a Pulumi engine makes of the answers.
export const objectTests = (cluster: ProvidedCluster): void => {
  const configMap = (name: string, data: Json, more: Json = {}): Json => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "default", ...more },
    data,
  });
  const managersOf = (object: Json): unknown[] =>
    ((object.metadata as Json).managedFields as Json[]).map(({ manager, operation }) => [
      String(manager).replace(/-[0-9a-f]{8}$/, "-#"),
      operation,
    ]);

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
          const answered = await cluster.wire.call(method, {
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
    await cluster.api.request(
      "POST",
      "/api/v1/namespaces/default/configmaps",
      configMap("there", {}),
    );
    const request = { ...resource(CONFIG_MAP, "there"), properties: configMap("there", {}) };
    const preview = await cluster.wire.call("Create", { ...request, preview: true });
    assert.deepEqual(preview.response?.properties, request.properties);
    const { error } = await cluster.wire.call("Create", request);
    const start =
      `resource "${request.urn}" was not successfully created by the Kubernetes API server: ` +
      'configmaps "there" already exists\n\nThe resource already exists in the cluster. ';
    assert.ok(error?.startsWith(start), error);
  });

  it("changes a ConfigMap in place where it may, taking over the fields of its creation", async () => {
    await cluster.withSettings({ enableConfigMapMutable: "true" }, async (mutable) => {
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
      assert.deepEqual((await cluster.configMap("mutable")).data, { a: "2" });
    });
  });

  it("keeps an object that another manager holds, with the conflict as the reason", async () => {
    await cluster.withSettings({ enableConfigMapMutable: "true" }, async (mutable) => {
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
      await cluster.api.request("PATCH", taken, configMap("held", { a: "other" }));
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
      assert.deepEqual((await cluster.configMap("held")).data, { a: "3" });
    });
  });

  it("creates onto an existing object where it is told to", async () => {
    const created = "/api/v1/namespaces/default/configmaps/upserted?fieldManager=other&force=true";
    await cluster.api.request("PATCH", created, configMap("upserted", { a: "other" }));
    await cluster.withSettings({ upsertExistingObjects: "true" }, async (upserting) => {
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
    const forcing = { upsertExistingObjects: "true", enablePatchForce: "true" };
    await cluster.withSettings(forcing, async (taking) => {
      const state = propertiesOf(
        await taking.call("Create", {
          ...resource(CONFIG_MAP, "upserted"),
          properties: configMap("upserted", { a: "1" }),
        }),
      );
      assert.deepEqual(state.data, { a: "1", b: "1" });
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
    const checked = await cluster.wire.call("Check", { ...resource(type, "hush"), olds: {}, news });
    const inputs = checked.response?.inputs as Json;
    const data = { ...signature, value: { key: Buffer.from("hush").toString("base64") } };
    assert.deepEqual(inputs.data, data);
    const request = { ...resource(type, "hush"), properties: inputs };
    const state = propertiesOf(await cluster.wire.call("Create", request));
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
    const checkedCrd = await cluster.wire.call("Check", {
      ...resource(crdType, "crd"),
      olds: {},
      news: crd,
    });
    const checked = await cluster.wire.call("Check", { ...pool, olds: {}, news });
    assert.deepEqual(checked.response?.inputs, news, "a cluster-wide object gets no namespace");
    const preview = await cluster.wire.call("Create", { ...pool, properties: news, preview: true });
    assert.deepEqual(preview.response?.properties, news);
    const creating = cluster.wire.call("Create", { ...pool, properties: news });
    await cluster.wire.call("Create", {
      ...resource(crdType, "crd"),
      properties: checkedCrd.response?.inputs,
    });
    const state = propertiesOf(await creating);
    assert.deepEqual(state.spec, { size: 1 });
    const wrong = { ...news, spec: { size: 11 } };
    const update = { ...pool, id: "pool", olds: state, news: wrong, oldInputs: news };
    const { error, failed } = await cluster.wire.call("Update", { ...update, preview: true });
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
    const { error, failed } = await cluster.wire.call("Create", request);
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
    const read = await cluster.wire.call("Read", {
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
    const updated = await cluster.wire.call("Update", {
      ...{ ...resource(type, "stuck"), id: "default/stuck", oldInputs: properties },
      ...{ olds: failed?.properties, news: skipping },
    });
    assert.equal(updated.error, undefined);
  });

  it("takes a DaemonSet that no node runs for ready, and waits for one that a node does", async () => {
    const type = "kubernetes:apps/v1:DaemonSet";
    const daemonSet = (name: string): Json => ({
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: {
        name,
        namespace: "default",
        annotations: { "pulumi.com/timeoutSeconds": "1" },
      },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            tolerations: [{ operator: "Exists" }],
            containers: [{ name: "x", image: "example.invalid/x:1" }],
          },
        },
      },
    });
    const create = (name: string): Promise<WireAnswer> =>
      cluster.wire.call("Create", { ...resource(type, name), properties: daemonSet(name) });
    const state = propertiesOf(await create("nowhere"));
    assert.equal((state.status as Json).desiredNumberScheduled, 0);
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "bare" } };
    await cluster.api.request("POST", "/api/v1/nodes", node);
    try {
      const scheduled = async (): Promise<unknown> => {
        const first = "/apis/apps/v1/namespaces/default/daemonsets/nowhere";
        const { body } = await cluster.api.request("GET", first);
        return (body.status as Json).desiredNumberScheduled;
      };
      for (let tries = 0; tries < 100 && (await scheduled()) !== 1; tries++) await sleep(50);
      const { error, failed } = await create("somewhere");
      assert.match(error ?? "", /become live: timed out waiting for the condition$/);
      assert.deepEqual(failed?.reasons, [error]);
    } finally {
      await cluster.api.request("DELETE", "/api/v1/nodes/bare");
    }
  });

  it("imports an object and forgets one that is gone", async () => {
    await cluster.api.request(
      "POST",
      "/api/v1/namespaces/default/configmaps",
      configMap("found", { a: "1" }),
    );
    const same = resource(CONFIG_MAP, "found");
    const read = await cluster.wire.call("Read", { ...same, id: "default/found" });
    assert.deepEqual(read.response?.inputs, configMap("found", { a: "1" }));
    const { response } = await cluster.wire.call("Read", { ...same, id: "default/not-found" });
    assert.equal(response?.id, undefined);
  });
};
