import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import {
  resource,
  secretOnWire,
  TestTalosProvider,
  UNKNOWN_ON_WIRE as UNKNOWN,
  withoutMarks,
  type Properties,
} from "../../../support/talosProvider";

const SECRETS = resource("talos:machine/secrets:Secrets");
const APPLY = resource("talos:machine/configurationApply:ConfigurationApply", "a");
const BOOTSTRAP = resource("talos:machine/bootstrap:Bootstrap", "b");
const KUBECONFIG = resource("talos:cluster/kubeconfig:Kubeconfig");
const DAY_MS = 24 * 3_600_000;

describe("talos resources, checked and planned over gRPC (no machine is called)", () => {
  let provider: TestTalosProvider;
  let secrets: Properties;
  let clientConfiguration: Properties;
  let machineConfiguration: string;

  before(async () => {
    provider = await TestTalosProvider.start();
    const created = await provider.answer("Create", {
      ...SECRETS,
      properties: { talosVersion: "v1.12" },
    });
    secrets = withoutMarks(created["properties"]) as Properties;
    clientConfiguration = secrets["clientConfiguration"] as Properties;
    const generated = await provider.answer("Invoke", {
      tok: "talos:machine/getConfiguration:getConfiguration",
      args: {
        clusterName: "demo",
        clusterEndpoint: "https://127.0.0.2:6443",
        machineType: "controlplane",
        machineSecrets: secrets["machineSecrets"],
        talosVersion: "v1.12",
      },
    });
    machineConfiguration = (generated["return"] as Properties)["machineConfiguration"] as string;
  });
  after(() => provider?.stop());
  beforeEach(() => {
    provider.now = new Date();
    provider.engine.messages.length = 0;
  });

  describe("Secrets", () => {
    const plan = (oldVersion: string, news: Properties, ignoreChanges: string[] = []) =>
      provider.answer("Diff", {
        ...SECRETS,
        id: "machine_secrets",
        olds: { ...secrets, talosVersion: oldVersion },
        news,
        ignoreChanges,
      });

    it("has v1.13 as its version where the program gives none", async () => {
      const preview = await provider.answer("Create", {
        ...SECRETS,
        properties: {},
        preview: true,
      });
      assert.equal((preview["properties"] as Properties)["talosVersion"], "v1.13");
    });

    for (const [from, to, replaces] of [
      ["v1.12", "v1.13", []],
      ["v1.12", "v1.12.3", []],
      ["v1.13", "v1.12", ["talosVersion"]],
      ["v1.12.3", "v1.12", ["talosVersion"]],
      ["v1.12", "1.11", ["talosVersion"]],
      ["v1.13", "v1.13.0", []],
    ] as const) {
      it(`${from} → ${to} ${replaces.length ? "replaces" : "updates"}`, async () => {
        const diff = await plan(from, { talosVersion: to });
        assert.deepEqual(diff["diffs"], ["clientConfiguration", "machineSecrets", "talosVersion"]);
        assert.deepEqual(diff["replaces"] ?? [], replaces);
      });
    }

    it("keeps its version where the program stops to give one", async () => {
      assert.deepEqual(await plan("v1.12", {}), { changes: "DIFF_NONE" });
    });

    it("ignores a version that the program says to ignore", async () => {
      assert.deepEqual(await plan("v1.13", { talosVersion: "v1.9" }, ["talosVersion"]), {
        changes: "DIFF_NONE",
      });
    });

    it("keeps secrets and credentials when only the version changes", async () => {
      const updated = await provider.answer("Update", {
        ...SECRETS,
        id: "machine_secrets",
        olds: secrets,
        news: { talosVersion: "v1.13" },
      });
      const state = withoutMarks(updated["properties"]) as Properties;
      assert.deepEqual(state["machineSecrets"], secrets["machineSecrets"]);
      assert.deepEqual(state["clientConfiguration"], clientConfiguration);
      assert.equal(state["talosVersion"], "v1.13");
    });

    it("renews only the client certificate in the last month of its year", async () => {
      const news = { talosVersion: "v1.12" };
      provider.now = new Date(Date.now() + 330 * DAY_MS);
      assert.deepEqual(await plan("v1.12", news), { changes: "DIFF_NONE" });
      provider.now = new Date(Date.now() + 336 * DAY_MS);
      assert.deepEqual(await plan("v1.12", news), {
        changes: "DIFF_SOME",
        diffs: ["clientConfiguration"],
      });
      const request = { ...SECRETS, id: "machine_secrets", olds: secrets, news };
      const preview = await provider.answer("Update", { ...request, preview: true });
      assert.deepEqual((preview["properties"] as Properties)["clientConfiguration"], {
        caCertificate: UNKNOWN,
        clientCertificate: UNKNOWN,
        clientKey: UNKNOWN,
      });
      const { properties } = await provider.answer("Update", request);
      const renewed = withoutMarks(properties) as Properties;
      assert.deepEqual(renewed["machineSecrets"], secrets["machineSecrets"]);
      const renewedClient = renewed["clientConfiguration"] as Properties;
      assert.equal(renewedClient["caCertificate"], clientConfiguration["caCertificate"]);
      assert.notEqual(renewedClient["clientCertificate"], clientConfiguration["clientCertificate"]);
    });

    it("refuses a version that is none, and logs it beside the resource", async () => {
      const error = await provider.error("Check", { ...SECRETS, news: { talosVersion: "foo" } });
      assert.equal(error, 'Invalid version: error parsing version "vfoo"');
      assert.deepEqual(provider.engine.messages, [
        {
          severity: "ERROR",
          message: '[ERROR] error parsing version "vfoo": Invalid version',
          urn: SECRETS.urn,
        },
      ]);
    });

    it("marks exactly keys and tokens as secrets", async () => {
      const { inputs } = await provider.answer("Check", {
        ...APPLY,
        news: { node: "127.0.0.2", clientConfiguration, machineConfigurationInput: "x" },
      });
      assert.deepEqual(inputs, {
        node: "127.0.0.2",
        clientConfiguration: {
          ...clientConfiguration,
          clientKey: secretOnWire(clientConfiguration["clientKey"]),
        },
        machineConfigurationInput: secretOnWire("x"),
      });
    });
  });

  describe("ConfigurationApply", () => {
    const inputs = (more: Properties = {}): Properties => ({
      clientConfiguration,
      machineConfigurationInput: machineConfiguration,
      node: "127.0.0.2",
      ...more,
    });
    const preview = async (more: Properties = {}): Promise<Properties> => {
      const request = { ...APPLY, properties: inputs(more), preview: true };
      return (await provider.answer("Create", request))["properties"] as Properties;
    };

    it("plans the patched configuration, its hash and the defaults", async () => {
      const planned = await preview({ configPatches: ["machine: {install: {disk: /dev/vda}}"] });
      const configuration = withoutMarks(planned["machineConfiguration"]) as string;
      assert.match(configuration, /disk: \/dev\/vda/);
      assert.deepEqual(planned["machineConfiguration"], secretOnWire(configuration));
      const hash = createHash("sha256").update(configuration).digest("hex");
      const { applyMode, resolvedApplyMode, endpoint, machineConfigurationHash, id } = planned;
      assert.deepEqual(
        { applyMode, resolvedApplyMode, endpoint, machineConfigurationHash, id },
        {
          applyMode: "auto",
          resolvedApplyMode: "auto",
          endpoint: "127.0.0.2",
          machineConfigurationHash: hash,
          id: UNKNOWN,
        },
      );
    });

    for (const [what, unknowns] of [
      ["input", { machineConfigurationInput: UNKNOWN }],
      ["patch list", { configPatches: UNKNOWN }],
      ["patch", { configPatches: ["machine: {}", UNKNOWN] }],
    ] as const) {
      it(`leaves the configuration unknown while its ${what} is`, async () => {
        const planned = await preview(unknowns);
        const { machineConfiguration: planedConfiguration, machineConfigurationHash } = planned;
        assert.deepEqual([planedConfiguration, machineConfigurationHash], [UNKNOWN, UNKNOWN]);
        assert.equal(planned["endpoint"], "127.0.0.2");
      });
    }

    it("leaves the endpoint unknown while the node is", async () => {
      assert.equal((await preview({ node: UNKNOWN }))["endpoint"], UNKNOWN);
    });

    it("fails the preview over a bad patch", async () => {
      const properties = inputs({ configPatches: ["machine: {foo: bar}"] });
      const error = await provider.error("Create", { ...APPLY, properties, preview: true });
      assert.equal(
        error,
        "1 error occurred:\n\t* : Error loading config patches - error decoding document /v1alpha1/ (line 1): " +
          "unknown keys found during decoding:\nmachine:\n    foo: bar\n\n\n",
      );
    });

    it("meets a panic of Talos' library as a provider that is gone, and stays", async () => {
      const patch = "apiVersion: v1alpha1\nkind: UserVolumeConfig\nname: x\n$patch: delete\n";
      const properties = inputs({ configPatches: [patch] });
      const error = await provider.error("Create", { ...APPLY, properties, preview: true });
      assert.equal(error, "error reading from server: EOF");
      assert.match(
        provider.engine.messages[0]?.message ?? "",
        /^Bridged provider panic \(provider=talos v=0\.8\.1 resourceURN=/,
      );
      assert.equal((await preview())["node"], "127.0.0.2");
    });

    it("reports a mode that is none, a missing node and missing inputs in the bridge's words", async () => {
      const check = async (news: Properties): Promise<unknown> => {
        const { failures } = await provider.answer("Check", { ...APPLY, news });
        return (failures as { reason: string }[]).map(({ reason }) => reason);
      };
      assert.deepEqual(await check(inputs({ applyMode: "nope" })), [
        'Invalid Attribute Value Match. Attribute apply_mode value must be one of: ["auto" "reboot" "no_reboot" ' +
          '"staged" "staged_if_needing_reboot"], got: "nope". Examine values at \'a.applyMode\'.',
      ]);
      assert.deepEqual(await check({ ...inputs(), node: null }), [
        "Missing required property 'node': The name of the node to bootstrap",
      ]);
      assert.deepEqual(await check(inputs({ timeouts: { create: "soon" } })), [
        'Invalid Attribute Value Time Duration. "soon" must be a string containing a sequence of decimal numbers, each ' +
          'with optional fraction and a unit suffix, such as "300ms", "-1.5h" or "2h45m". Valid time units are "ns", ' +
          '"us" (or "µs"), "ms", "s", "m", "h".. Examine values at \'a.timeouts.create\'.',
      ]);
      assert.equal(
        await provider.error("Check", { ...APPLY, news: { node: "127.0.0.2" } }),
        "Missing machine configuration input: Exactly one of machine_configuration_input or " +
          "machine_configuration_input_wo must be set",
      );
      assert.deepEqual(
        provider.engine.messages.map(({ message }) => message),
        [
          "[ERROR] Exactly one of machine_configuration_input or machine_configuration_input_wo must be set: " +
            "Missing machine configuration input",
          "[ERROR] Exactly one of client_configuration or client_configuration_wo must be set: " +
            "Missing client configuration",
        ],
      );
    });

    it("takes onDestroy only whole and known", async () => {
      const failure = async (onDestroy: Properties): Promise<string | undefined> => {
        const news = inputs({ onDestroy });
        const { failures = [] } = await provider.answer("Check", { ...APPLY, news });
        return (failures as { reason: string }[])[0]?.reason;
      };
      assert.match(
        (await failure({ reset: true })) ?? "",
        /^Value Conversion Error\. .*Received null value.*Examine values at 'a\.onDestroy\.graceful'\.$/s,
      );
      assert.match(
        (await failure({ reset: UNKNOWN, graceful: true, reboot: true })) ?? "",
        /Received unknown value.*Examine values at 'a\.onDestroy\.reset'\.$/s,
      );
      assert.equal(await failure({ reset: true, graceful: true, reboot: false }), undefined);
    });

    it("updates, and never replaces, when the node changes", async () => {
      const planned = withoutMarks(await preview()) as Properties;
      const olds = { ...planned, id: "machine_configuration_apply" };
      const diff = (news: Properties) =>
        provider.answer("Diff", { ...APPLY, id: "machine_configuration_apply", olds, news });
      assert.deepEqual(await diff(inputs()), { changes: "DIFF_NONE" });
      assert.deepEqual(await diff(inputs({ node: "127.0.0.3" })), {
        changes: "DIFF_SOME",
        diffs: ["endpoint", "node"],
      });
      const patched = await diff(inputs({ configPatches: ["machine: {time: {disabled: true}}"] }));
      assert.deepEqual(patched, {
        changes: "DIFF_SOME",
        diffs: ["configPatches", "machineConfiguration", "machineConfigurationHash"],
      });
    });
  });

  describe("Bootstrap and Kubeconfig", () => {
    it("default the endpoint and keep the rest for the up", async () => {
      const properties = { node: "127.0.0.2", clientConfiguration };
      const bootstrap = await provider.answer("Create", {
        ...BOOTSTRAP,
        properties,
        preview: true,
      });
      const planned = bootstrap["properties"] as Properties;
      assert.deepEqual([planned["endpoint"], planned["id"]], ["127.0.0.2", UNKNOWN]);
      const kubeconfig = await provider.answer("Create", {
        ...KUBECONFIG,
        properties,
        preview: true,
      });
      const plan = kubeconfig["properties"] as Properties;
      assert.deepEqual(
        [plan["certificateRenewalDuration"], plan["kubeconfigRaw"], plan["endpoint"]],
        ["720h", UNKNOWN, "127.0.0.2"],
      );
    });

    it("cannot import a bootstrap: bridge 3.129 fails over the timeouts that it lacks", async () => {
      assert.equal(
        await provider.error("Read", { ...BOOTSTRAP, id: "machine_bootstrap" }),
        "recovered raw state does not byte-for-byte match the original raw state",
      );
    });

    it("cannot import a kubeconfig", async () => {
      assert.match(
        await provider.error("Read", { ...KUBECONFIG, id: "x" }),
        /^Resource Import Not Implemented: /,
      );
    });
  });

  it("never shows a secret input, whatever its type", async () => {
    const error = await provider.error("Check", {
      ...APPLY,
      news: { node: "n", clientConfiguration: { clientKey: { hidden: "hunter2" } } },
    });
    assert.match(error, /Expected a string, got: \[secret\]/);
    assert.doesNotMatch(error, /hunter2/);
  });
});
