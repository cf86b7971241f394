import assert from "node:assert/strict";
import { type ProvidedCluster, propertiesOf, resource } from "../../../support/providedCluster";

type Json = Record<string, unknown>;

// Not proved here: charts of Cilium's size, pods that run (there is no node), and repositories that answer.
export const releaseTests = (cluster: ProvidedCluster): void => {
  const TYPE = "kubernetes:helm.sh/v3:Release";
  const chart = "charts/small";

  async function checked(name: string, news: Json, olds: Json = {}): Promise<Json> {
    const request = {
      ...resource(TYPE, name),
      olds,
      news: { name, chart, compat: "true", ...news },
    };
    const { response, error } = await cluster.wire.call("Check", request);
    assert.deepEqual([error, response?.failures], [undefined, undefined]);
    return response?.inputs as Json;
  }
  const statusOf = (state: Json | undefined): unknown => {
    const { revision, status } = state!.status as Json;
    return { revision, status };
  };

  it("installs, changes, reads and uninstalls a release", async () => {
    const same = resource(TYPE, "greeter");
    const inputs = await checked("greeter", { skipAwait: true, values: { greeting: "hi" } });
    assert.deepEqual([inputs.version, inputs.namespace, inputs.timeout], ["0.3.1", "default", 0]);
    const created = await cluster.wire.call("Create", { ...same, properties: inputs });
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
    const news = await checked("greeter", { skipAwait: true, values: { greeting: "ho" } }, inputs);
    const update = { ...same, id: "default/greeter", olds: state, news, oldInputs: inputs };
    assert.deepEqual((await cluster.wire.call("Diff", update)).response, {
      changes: "DIFF_SOME",
      diffs: ["values"],
      detailedDiff: { "values.greeting": { kind: "UPDATE" } },
      hasDetailedDiff: true,
    });
    const updated = propertiesOf(await cluster.wire.call("Update", update));
    assert.deepEqual(statusOf(updated), { revision: 2, status: "deployed" });
    assert.deepEqual((await cluster.configMap("greeter-greeting")).data, { greeting: "ho" });
    const read = await cluster.wire.call("Read", {
      ...{ ...same, id: "default/greeter", properties: updated, inputs: news },
    });
    assert.deepEqual(read.response?.properties, updated);
    await cluster.wire.call("Delete", { ...same, id: "default/greeter", properties: updated });
    const gone = await cluster.wire.call("Read", {
      ...same,
      id: "default/greeter",
      properties: updated,
    });
    assert.equal(gone.response?.id, undefined);
  });

  it("refuses a name in use, and imports what uses it", async () => {
    const same = resource(TYPE, "taken");
    const inputs = await checked("taken", { skipAwait: true });
    const first = await cluster.wire.call("Create", { ...same, properties: inputs });
    const second = await cluster.wire.call("Create", { ...same, properties: inputs });
    assert.equal(second.error, "cannot re-use a name that is still in use");
    const read = await cluster.wire.call("Read", { ...same, id: "default/taken" });
    assert.deepEqual((read.response!.properties as Json).status, propertiesOf(first).status);
    const imported = read.response?.inputs as Json;
    assert.deepEqual([imported.name, imported.chart], ["taken", "small"]);
  });

  it("keeps a release that was not ready in time, and goes on from it", async () => {
    const same = resource(TYPE, "slow");
    const inputs = await checked("slow", { timeout: 1, values: { stuck: true } });
    const { error, failed } = await cluster.wire.call("Create", { ...same, properties: inputs });
    assert.equal(
      error,
      'Helm release "default/slow" was created, but failed to initialize completely. Use Helm CLI to investigate: ' +
        "failed to become available within allocated timeout. Error: Helm Release default/slow: context deadline exceeded",
    );
    assert.deepEqual(statusOf(failed?.properties), { revision: 1, status: "failed" });
    const news = await checked("slow", { skipAwait: true, values: { stuck: true } }, inputs);
    const update = { ...same, id: "default/slow", olds: failed?.properties, news };
    assert.deepEqual(statusOf(propertiesOf(await cluster.wire.call("Update", update))), {
      revision: 2,
      status: "deployed",
    });
  });

  it("leaves nothing of an atomic release that was not ready in time", async () => {
    const same = resource(TYPE, "atomic");
    const inputs = await checked("atomic", { timeout: 1, atomic: true, values: { stuck: true } });
    const { error, failed } = await cluster.wire.call("Create", { ...same, properties: inputs });
    assert.equal(
      error,
      "release atomic failed, and has been uninstalled due to atomic being set: context deadline exceeded",
    );
    assert.equal(failed, undefined);
  });

  it("leaves a release pending when its engine is killed, and says so to the next", async () => {
    const same = resource(TYPE, "killed");
    const inputs = await checked("killed", { timeout: 60, values: { stuck: true } });
    await cluster.withSettings({}, async (doomed) => {
      void doomed.call("Create", { ...same, properties: inputs });
      const pending =
        "/api/v1/namespaces/default/secrets?labelSelector=name%3Dkilled,status%3Dpending-install";
      for (let tries = 0; tries < 100; tries++) {
        const { body } = await cluster.api.request("GET", pending);
        if ((body.items as unknown[]).length > 0) break;
        await new Promise((done) => setTimeout(done, 50));
      }
    });
    const next = await cluster.wire.call("Create", { ...same, properties: inputs });
    assert.equal(next.error, "cannot re-use a name that is still in use");
    const { response } = await cluster.wire.call("Read", { ...same, id: "default/killed" });
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
      const preview = await cluster.wire.call("Create", {
        ...same,
        properties: inputs,
        preview: true,
      });
      assert.equal(preview.error, undefined);
      const { error, failed } = await cluster.wire.call("Create", { ...same, properties: inputs });
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
      const { response } = await cluster.wire.call("Check", request);
      const reason = `${expected}; check the chart name and repository configuration.`;
      assert.deepEqual(response?.failures, [{ property: "chart", reason }]);
    });
  }

  it("does not load a chart whose values are unknown, and keeps them so", async () => {
    const values = { greeting: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", mode: "plain" };
    const inputs = await checked("unknown", { chart: "not-there", values });
    assert.deepEqual([inputs.values, inputs.version], [values, ""]);
    const request = { ...resource(TYPE, "unknown"), properties: inputs, preview: true };
    const state = propertiesOf(await cluster.wire.call("Create", request));
    assert.deepEqual(state.values, values);
  });

  it("keeps secret values secret and gives them to Helm", async () => {
    const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const greeting = { ...signature, value: "hush" };
    const inputs = await checked("secretive", { skipAwait: true, values: { greeting } });
    const request = { ...resource(TYPE, "secretive"), properties: inputs };
    const state = propertiesOf(await cluster.wire.call("Create", request));
    assert.deepEqual((state.values as Json).greeting, greeting);
    assert.deepEqual((await cluster.configMap("secretive-greeting")).data, { greeting: "hush" });
    const { __inputs: kept, ...shown } = state;
    assert.ok(Object.keys(signature).every((key) => key in (kept as Json)));
    assert.ok(!JSON.stringify({ ...shown, values: {} }).includes("hush"));
  });

  it("renders a chart without installing it", async () => {
    const options = { path: "charts", chart: "small", release_name: "r", namespace: "n" };
    const args = { jsonOpts: JSON.stringify({ ...options, values: { greeting: "x" } }) };
    const { response } = await cluster.wire.call("Invoke", {
      tok: "kubernetes:helm:template",
      args,
    });
    const { result } = response!.return as { result: Json[] };
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
};
