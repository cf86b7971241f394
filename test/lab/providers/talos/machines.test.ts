import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { TestMachines } from "../../../support/machines";
import {
  resource,
  secretOnWire,
  TestTalosProvider,
  withoutMarks,
  type Properties,
} from "../../../support/talosProvider";

const APPLY = resource("talos:machine/configurationApply:ConfigurationApply", "a");
const BOOTSTRAP = resource("talos:machine/bootstrap:Bootstrap", "b");
const KUBECONFIG = resource("talos:cluster/kubeconfig:Kubeconfig", "k");
const ALL = (duration: string): Properties => ({
  create: duration,
  update: duration,
  delete: duration,
});

describe("talos resources on simulated machines (proves nothing of real ones)", function () {
  this.timeout(30_000);
  let provider: TestTalosProvider;
  let secrets: Properties;
  let clientConfiguration: Properties;
  let machineConfiguration: string;
  let machines: TestMachines;
  let node: string;

  before(async () => {
    provider = await TestTalosProvider.start();
    const created = await provider.answer("Create", {
      ...resource("talos:machine/secrets:Secrets"),
      properties: { talosVersion: "v1.13" },
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
        configPatches: ["cluster: {network: {cni: {name: none}}}"],
      },
    });
    machineConfiguration = (generated["return"] as Properties)["machineConfiguration"] as string;
  });
  after(() => provider?.stop());

  beforeEach(async () => {
    machines = await TestMachines.start(1, { validator: provider.machinery });
    node = machines.address(0);
    provider.now = new Date();
    provider.engine.messages.length = 0;
  });
  afterEach(async () => {
    await machines.stop();
    const shown = JSON.stringify(provider.engine.messages);
    assertNoSecret(shown, secrets);
  });

  const applyInputs = (more: Properties = {}): Properties => ({
    clientConfiguration,
    machineConfigurationInput: machineConfiguration,
    node,
    ...more,
  });
  const apply = (more: Properties = {}): Promise<Properties> =>
    provider.answer("Create", { ...APPLY, properties: applyInputs(more) });
  const bootstrapInputs = (create = "5s"): Properties => ({
    clientConfiguration,
    node,
    timeouts: { create },
  });
  const failedIn = async (action: () => Promise<string>): Promise<[string, number]> => {
    const started = Date.now();
    const error = await action();
    assertNoSecret(error, secrets);
    return [error, Date.now() - started];
  };

  describe("ConfigurationApply", () => {
    it("finds a machine in maintenance by its disks and sends what it planned, once", async () => {
      const { id, properties } = await apply({ timeouts: ALL("10s") });
      assert.equal(id, "machine_configuration_apply");
      const { Disks, ApplyConfiguration } = machines.node(0).calls;
      assert.deepEqual({ Disks, ApplyConfiguration }, { Disks: 1, ApplyConfiguration: 1 });
      const state = properties as Properties;
      assert.deepEqual(
        state["machineConfiguration"],
        secretOnWire(withoutMarks(state["machineConfiguration"])),
      );
      const nothing = secretOnWire({ replace: { raw: null } });
      assert.deepEqual(state["__pulumi_raw_state_delta"], {
        obj: {
          ps: {
            clientConfiguration: { obj: {} },
            clientConfigurationWo: nothing,
            configPatches: nothing,
            machineConfigurationInputWo: nothing,
            onDestroy: nothing,
            timeouts: { obj: {} },
          },
        },
      });
    });

    it("sends an update with the program's credentials, and reading calls nothing", async () => {
      const { properties } = await apply();
      const before = { ...machines.node(0).calls };
      const olds = withoutMarks(properties) as Properties;
      const existing = { ...APPLY, id: "machine_configuration_apply" };
      const read = await provider.answer("Read", {
        ...existing,
        properties: olds,
        inputs: applyInputs(),
      });
      assert.deepEqual(read["properties"], properties);
      assert.deepEqual(withoutMarks(read["inputs"]), applyInputs());
      assert.deepEqual(machines.node(0).calls, before);
      const news = applyInputs({ configPatches: ["machine: {time: {disabled: true}}"] });
      await provider.answer("Update", { ...existing, olds, news });
      assert.equal(machines.node(0).calls.ApplyConfiguration, before.ApplyConfiguration + 1);
    });

    it("fails at once where the machine refuses the configuration", async () => {
      const patch = "machine: {network: {hostname: x}}";
      const properties = applyInputs({ configPatches: [patch] });
      const [error, took] = await failedIn(() =>
        provider.error("Create", { ...APPLY, properties }),
      );
      assert.match(
        error,
        /^Error applying configuration: rpc error: code = InvalidArgument desc = .*static hostname is already set/s,
      );
      assert.ok(took < 3000, `${took} ms`);
    });

    it("tries again after 0.5, 1, 2 … s until the machine is there", async () => {
      await machines.node(0).setFaults({ portClosed: true });
      const started = Date.now();
      const applied = apply();
      await sleep(1000);
      await machines.node(0).setFaults({ portClosed: false });
      await applied;
      const took = Date.now() - started;
      assert.ok(took >= 1400 && took < 3000, `${took} ms: the third try is after 1.5 s`);
    });

    it("gives the last error at the end of the budget", async () => {
      await machines.node(0).setFaults({ portClosed: true });
      const properties = applyInputs({ timeouts: ALL("1s") });
      const [error, took] = await failedIn(() =>
        provider.error("Create", { ...APPLY, properties }),
      );
      assert.equal(
        error,
        'Error applying configuration: rpc error: code = Unavailable desc = connection error: desc = "transport: ' +
          `Error while dialing: dial tcp ${node}:50000: connect: connection refused"`,
      );
      assert.ok(took >= 1000 && took < 2000, `${took} ms`);
    });

    it("loses the whole budget on a machine that never answers", async () => {
      await machines.node(0).setFaults({ neverAnswers: ["ApplyConfiguration"] });
      const properties = applyInputs({ timeouts: ALL("1s") });
      const [error] = await failedIn(() => provider.error("Create", { ...APPLY, properties }));
      assert.equal(error, "Error applying configuration: context deadline exceeded");
      assert.equal(machines.node(0).calls.Disks, 1);
    });

    it("fails after the work is done where only some timeouts are set, as bridge 3.129 does", async () => {
      const properties = applyInputs({ timeouts: { create: "10s" } });
      const [error] = await failedIn(() => provider.error("Create", { ...APPLY, properties }));
      assert.equal(
        error,
        "recovered raw state does not byte-for-byte match the original raw state",
      );
      assert.equal(machines.node(0).calls.ApplyConfiguration, 1);
    });

    it("does not trust a machine of another PKI", async () => {
      await apply();
      await machines.node(0).setFaults({ foreignPKI: true });
      const properties = applyInputs({ timeouts: ALL("1s") });
      const [error] = await failedIn(() => provider.error("Create", { ...APPLY, properties }));
      assert.match(
        error,
        /code = Unavailable desc = .*x509: certificate signed by unknown authority/,
      );
    });

    it("says where credentials are not base64", async () => {
      const properties = applyInputs({
        clientConfiguration: { ...clientConfiguration, clientKey: "!" },
      });
      assert.equal(
        await provider.error("Create", { ...APPLY, properties }),
        "Error converting config to talos client config: illegal base64 data at input byte 0",
      );
    });

    it("asks the machine while planning only for staged_if_needing_reboot", async () => {
      await apply();
      const before = machines.node(0).calls.ApplyConfiguration;
      const plan = async (patch: string): Promise<unknown> => {
        const properties = applyInputs({
          applyMode: "staged_if_needing_reboot",
          configPatches: [patch],
        });
        const request = { ...APPLY, properties, preview: true };
        const planned = (await provider.answer("Create", request))["properties"] as Properties;
        return planned["resolvedApplyMode"];
      };
      assert.equal(await plan("cluster: {allowSchedulingOnControlPlanes: true}"), "auto");
      assert.equal(await plan("machine: {sysctls: {net.ipv4.ip_forward: '1'}}"), "auto");
      assert.equal(
        await plan("machine: {files: [{path: /var/x, content: y, op: create}]}"),
        "staged",
      );
      assert.equal(machines.node(0).calls.ApplyConfiguration, before);
      assert.match(
        provider.engine.messages.at(-1)?.message ?? "",
        /^\[WARNING\] Node .*: Configuration requires reboot\. .*: Reboot prevented - using staged mode$/,
      );
    });

    it("resets the machine on deletion only where onDestroy says so", async () => {
      const { properties } = await apply();
      const existing = { ...APPLY, id: "machine_configuration_apply" };
      await provider.answer("Delete", { ...existing, properties: withoutMarks(properties) });
      assert.equal(machines.node(0).calls.Reset, 0);
      const onDestroy = { reset: true, graceful: false, reboot: true };
      const olds = withoutMarks(properties) as Properties;
      const updated = await provider.answer("Update", {
        ...existing,
        olds,
        news: applyInputs({ onDestroy }),
      });
      await provider.answer("Delete", {
        ...existing,
        properties: withoutMarks(updated["properties"]),
      });
      assert.equal(machines.node(0).calls.Reset, 1);
      assert.ok(machines.node(0).inMaintenance);
    });
  });

  describe("Bootstrap", () => {
    it("waits while the machine cannot be bootstrapped yet", async () => {
      await apply();
      await machines.node(0).setFaults({ bootstrapUnavailable: "cri" });
      const created = provider.answer("Create", { ...BOOTSTRAP, properties: bootstrapInputs() });
      await sleep(700);
      await machines.node(0).setFaults({ bootstrapUnavailable: undefined });
      const { id, properties } = await created;
      assert.equal(id, "machine_bootstrap");
      assert.equal((properties as Properties)["endpoint"], node);
    });

    it("retries AlreadyExists to the end: it is not idempotent", async () => {
      await apply();
      await provider.answer("Create", { ...BOOTSTRAP, properties: bootstrapInputs() });
      const [error, took] = await failedIn(() =>
        provider.error("Create", { ...BOOTSTRAP, properties: bootstrapInputs("1s") }),
      );
      assert.equal(
        error,
        "Error bootstrapping node: rpc error: code = AlreadyExists desc = etcd data directory is not empty",
      );
      assert.ok(took >= 1000, `${took} ms`);
    });

    it("changes nothing on the machine by an update or a deletion", async () => {
      await apply();
      const { properties } = await provider.answer("Create", {
        ...BOOTSTRAP,
        properties: bootstrapInputs(),
      });
      const before = machines.node(0).mutatingCalls;
      const existing = { ...BOOTSTRAP, id: "machine_bootstrap" };
      const olds = withoutMarks(properties) as Properties;
      await provider.answer("Update", {
        ...existing,
        olds,
        news: { ...bootstrapInputs("6s"), node: "127.0.0.9" },
      });
      await provider.answer("Delete", { ...existing, properties: olds });
      assert.equal(machines.node(0).mutatingCalls, before);
    });
  });

  describe("Kubeconfig", () => {
    const kubeconfigInputs = (more: Properties = {}): Properties => ({
      clientConfiguration,
      node,
      ...more,
    });

    it("is read into its parts, before there is a cluster, and fetched again near its end", async () => {
      await apply();
      const { id, properties } = await provider.answer("Create", {
        ...KUBECONFIG,
        properties: kubeconfigInputs(),
      });
      assert.equal(id, "demo");
      const state = withoutMarks(properties) as Properties;
      const access = state["kubernetesClientConfiguration"] as Record<string, string>;
      assert.equal(access["host"], "https://127.0.0.2:6443");
      const certificate = new X509Certificate(
        Buffer.from(access["clientCertificate"] ?? "", "base64"),
      );
      assert.match(certificate.subject, /O=system:masters/);
      assert.match(state["kubeconfigRaw"] as string, /current-context: admin@demo/);
      const existing = { ...KUBECONFIG, id: "demo", olds: state, news: kubeconfigInputs() };
      assert.deepEqual(await provider.answer("Diff", existing), { changes: "DIFF_NONE" });

      provider.now = new Date(Date.now() + 336 * 24 * 3_600_000);
      assert.deepEqual(await provider.answer("Diff", existing), {
        changes: "DIFF_SOME",
        diffs: ["kubeconfigRaw", "kubernetesClientConfiguration"],
      });
      const renewed = withoutMarks(
        (await provider.answer("Update", existing))["properties"],
      ) as Properties;
      assert.notEqual(renewed["kubeconfigRaw"], state["kubeconfigRaw"]);
      assert.equal(machines.node(0).calls.Kubeconfig, 2);
    });

    it("is not fetched again for another node, and never replaced", async () => {
      await apply();
      const { properties } = await provider.answer("Create", {
        ...KUBECONFIG,
        properties: kubeconfigInputs(),
      });
      const diff = await provider.answer("Diff", {
        ...KUBECONFIG,
        id: "demo",
        olds: withoutMarks(properties),
        news: kubeconfigInputs({ endpoint: node, node: "127.0.0.9" }),
      });
      assert.deepEqual(diff, { changes: "DIFF_SOME", diffs: ["node"] });
    });

    it("is retried where the archive is cut", async () => {
      await apply();
      await machines.node(0).setFaults({ truncateKubeconfig: true });
      const properties = kubeconfigInputs({ timeouts: { create: "3s", update: "3s" } });
      const [error] = await failedIn(() => provider.error("Create", { ...KUBECONFIG, properties }));
      assert.match(error, /^failed to retrieve kubeconfig: rpc error: code = Unknown desc = /);
      assert.ok(machines.node(0).calls.Kubeconfig > 1);
    });
  });

  describe("functions", () => {
    it("getDisks selects with CEL and refuses a selector that is none", async () => {
      const args = { clientConfiguration, node };
      const tok = "talos:machine/getDisks:getDisks";
      const all = await provider.answer("Invoke", { tok, args });
      const { disks, endpoint, id } = all["return"] as Properties;
      assert.deepEqual(
        (disks as Properties[]).map(({ devPath }) => devPath),
        ["/dev/nvme0n1", "/dev/sda"],
      );
      assert.deepEqual([endpoint, id], [node, "machine_disks"]);
      const big = await provider.answer("Invoke", {
        tok,
        args: { ...args, selector: "disk.size > 200u * GB" },
      });
      assert.equal(((big["return"] as Properties)["disks"] as unknown[]).length, 1);
      const selector = "disk.nope == 1";
      assert.match(
        await provider.error("Invoke", { tok, args: { ...args, selector } }),
        /^failed to parse celenv selector: /,
      );
    });

    it("getHealth passes on a bootstrapped cluster and says what it waits for on another", async () => {
      await apply();
      const args = {
        clientConfiguration,
        endpoints: [node],
        controlPlaneNodes: [node],
        skipKubernetesChecks: true,
        timeouts: { read: "1s" },
      };
      const tok = "talos:cluster/getHealth:getHealth";
      const [error] = await failedIn(() => provider.error("Invoke", { tok, args }));
      assert.equal(error, "cluster health check failed: context deadline exceeded");
      assert.match(
        provider.engine.messages[0]?.message ?? "",
        /^\[WARNING\] waiting for etcd to be healthy: \.\.\.\nwaiting for etcd to be healthy: .+: failed checks$/s,
      );
      await provider.answer("Create", { ...BOOTSTRAP, properties: bootstrapInputs() });
      const healthy = { ...args, timeouts: { read: "10s" } };
      const answer = await provider.answer("Invoke", { tok, args: healthy });
      assert.equal((answer["return"] as Properties)["id"], "cluster_health");
    });

    it("getHealth takes only addresses", async () => {
      const args = { clientConfiguration, endpoints: [node], controlPlaneNodes: ["cp-1"] };
      assert.equal(
        await provider.error("Invoke", { tok: "talos:cluster/getHealth:getHealth", args }),
        'failed to generate node infos: ParseAddr("cp-1"): unable to parse IP',
      );
    });
  });

  it("ends a call that waits when the engine cancels", async () => {
    const other = await TestTalosProvider.start();
    try {
      await machines.node(0).setFaults({ portClosed: true });
      const [error, took] = await failedIn(async () => {
        const waiting = other.error("Create", { ...APPLY, properties: applyInputs() });
        await sleep(300);
        await other.call("Cancel", {});
        return waiting;
      });
      assert.match(error, /^Error applying configuration: /);
      assert.ok(took < 2000, `${took} ms`);
    } finally {
      await other.stop();
    }
  });
});

/** No key, token or secret of the cluster, as text or as PEM. */
function assertNoSecret(text: string, secrets: Properties): void {
  for (const secret of secretLeaves(secrets)) {
    const decoded = Buffer.from(secret, "base64").toString("utf8").split("\n")[1] ?? secret;
    assert.ok(!text.includes(secret) && !text.includes(decoded), "a secret is shown");
  }
}

function secretLeaves(value: unknown, name = ""): string[] {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => secretLeaves(item, key));
  }
  const isSecret = /^(key|clientKey|token|secret|bootstrapToken|secretbox.*)$/.test(name);
  return isSecret && typeof value === "string" ? [value] : [];
}
