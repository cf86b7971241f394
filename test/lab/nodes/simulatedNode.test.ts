import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { status } from "@grpc/grpc-js";
import { parse } from "yaml";
import { TalosApiError } from "../../../talosApi";
import { eventually, TestMachines, TIMEOUT } from "../../support/machines";
import { testCluster } from "../../support/talosCluster";

const code = (expected: number) => (error: unknown) =>
  error instanceof TalosApiError && error.code === expected;

describe("a simulated machine, over the wire (a fake runtime: proves nothing of etcd or Kubernetes; Talos' own library is not asked)", () => {
  let test: TestMachines;
  afterEach(() => test.stop());

  describe("in maintenance", () => {
    beforeEach(async () => {
      test = await TestMachines.start(1);
    });

    it("answers the provider's probe without a client certificate", async () => {
      const disks = await test.insecure(0).disks(TIMEOUT);
      assert.deepEqual(
        disks.map(({ deviceName }) => deviceName),
        ["/dev/sda", "/dev/nvme0n1"],
      );
      assert.equal((await test.insecure(0).machineStatus(TIMEOUT)).stage, "maintenance");
    });

    it("cannot be verified by a client that wants the cluster's certificate", async () => {
      await assert.rejects(test.client(0).disks(TIMEOUT), code(status.UNAVAILABLE));
    });

    it("ignores the node header", async () => {
      const client = test.client(0, { node: "192.0.2.1", credentials: undefined });
      await client.version(TIMEOUT);
      assert.equal(test.node(0).calls.Version, 1);
    });

    it("refuses what needs an admin, and etcd's members as unimplemented", async () => {
      const client = test.insecure(0);
      for (const call of [
        client.bootstrap(TIMEOUT),
        client.kubeconfig(TIMEOUT),
        client.reset({}, TIMEOUT),
        client.upgrade({ image: "installer:v1.13.1" }, TIMEOUT),
        client.read("/etc/hosts", TIMEOUT),
      ]) {
        await assert.rejects(call, (error: TalosApiError) => {
          assert.equal(error.code, status.PERMISSION_DENIED);
          assert.equal(error.details, "not authorized");
          return true;
        });
      }
      await assert.rejects(client.etcdMembers(TIMEOUT), code(status.UNIMPLEMENTED));
    });

    it("stays there when a configuration is only staged, and takes it at the next boot", async () => {
      const client = test.insecure(0);
      const reply = await client.applyConfiguration(
        { data: test.cluster.controlPlane("cp-1"), mode: "STAGED" },
        TIMEOUT,
      );
      assert.equal(reply.mode, "STAGED");
      assert.equal(test.node(0).stage, "maintenance");
      await test.node(0).powerOff();
      await test.node(0).powerOn();
      assert.equal(test.node(0).hostname, "cp-1");
    });

    it("turns a reboot into none, and stores nothing of a dry run", async () => {
      const client = test.insecure(0);
      const data = test.cluster.controlPlane("cp-1");
      const dry = await client.applyConfiguration({ data, mode: "REBOOT", dryRun: true }, TIMEOUT);
      assert.equal(dry.mode, "NO_REBOOT");
      assert.match(dry.modeDetails, /^Dry run summary:\nApplied configuration with/);
      assert.equal(test.node(0).disk.machineConfiguration, undefined);
      assert.equal(test.node(0).mutatingCalls, 0);
    });

    it("says what Talos' library says of a refused configuration", async () => {
      await test.stop();
      const error = "1 error occurred:\n\t* static hostname is already set in v1alpha1 config\n\n";
      test = await TestMachines.start(1, {
        validator: { validate: async () => ({ warnings: [], error }) },
      });
      await assert.rejects(
        test.insecure(0).applyConfiguration({ data: "a: b" }, TIMEOUT),
        (refusal: TalosApiError) => {
          assert.equal(refusal.code, status.INVALID_ARGUMENT);
          assert.equal(refusal.details.trim(), error.trim());
          return true;
        },
      );
      assert.equal(test.node(0).stage, "maintenance");
    });

    it("refuses more than 32 MiB", async () => {
      await assert.rejects(
        test.insecure(0).applyConfiguration({ data: "#".repeat(33 * 1024 * 1024) }, 5000),
        code(status.RESOURCE_EXHAUSTED),
      );
    });
  });

  describe("a configured control plane", () => {
    beforeEach(async () => {
      test = await TestMachines.start(1);
      await test.configure(0, test.cluster.controlPlane("cp-1"));
    });

    it("lets only clients of its CA in", async () => {
      await assert.rejects(test.insecure(0).disks(TIMEOUT), code(status.UNAVAILABLE));
      const foreign = await testCluster();
      const client = test.client(0, { credentials: { ...foreign.admin, ca: test.cluster.ca.crt } });
      await assert.rejects(client.version(TIMEOUT), code(status.UNAVAILABLE));
    });

    it("trusts accepted CAs too", async () => {
      const other = await testCluster();
      const data = test.cluster.controlPlane("cp-1", {
        machine: { acceptedCAs: [{ crt: other.ca.crt }] },
      });
      const reply = await test.client(0).applyConfiguration({ data }, TIMEOUT);
      assert.equal(reply.mode, "NO_REBOOT");
      const credentials = { ...other.admin, ca: test.cluster.ca.crt };
      await eventually(() => test.client(0, { credentials }).version(TIMEOUT));
    });

    it("asks for the admin role where Talos does", async () => {
      const reader = test.client(0, {
        credentials: await test.cluster.clientWithRoles(["os:reader"]),
      });
      await reader.version(TIMEOUT);
      await reader.services(TIMEOUT);
      for (const call of [
        reader.bootstrap(TIMEOUT),
        reader.kubeconfig(TIMEOUT),
        reader.applyConfiguration({ data: "x" }, TIMEOUT),
      ]) {
        await assert.rejects(call, code(status.PERMISSION_DENIED));
      }
    });

    it("is bootstrapped once", async () => {
      const client = test.client(0);
      await assert.rejects(client.etcdMembers(TIMEOUT), code(status.UNAVAILABLE));
      await eventually(() => client.bootstrap(TIMEOUT));
      await assert.rejects(client.bootstrap(TIMEOUT), (error: TalosApiError) => {
        assert.equal(error.code, status.ALREADY_EXISTS);
        assert.equal(error.details, "etcd data directory is not empty");
        return true;
      });
      assert.equal(test.runtime.notes.filter((note) => note.startsWith("start")).length, 1);
      const [member] = await client.etcdMembers(TIMEOUT);
      assert.deepEqual(member?.peerUrls, [`https://${test.address(0)}:2380`]);
      assert.equal((await client.machineStatus(TIMEOUT)).stage, "running");
      const etcd = (await client.services(TIMEOUT)).find(({ id }) => id === "etcd");
      assert.equal(etcd?.state, "Running");
      assert.equal(etcd?.events?.events.at(-1)?.state, "Running");
      assert.equal(etcd?.health?.healthy, true);
    });

    it("makes a kubeconfig before it is bootstrapped, with a fresh certificate each time", async () => {
      const client = test.client(0);
      const [first, second] = [await client.kubeconfig(TIMEOUT), await client.kubeconfig(TIMEOUT)];
      assert.notEqual(first, second);
      const kubeconfig = parse(first) as Record<string, unknown>;
      assert.equal(kubeconfig["current-context"], "admin@test");
      assert.equal(
        (kubeconfig.clusters as { cluster: { server: string } }[])[0]?.cluster.server,
        "https://127.0.0.1:6443",
      );
    });

    it("takes what can change at once without a reboot, and reboots for the rest", async () => {
      const client = test.client(0);
      const bootId = test.node(0).life.bootId;
      const labelled = test.cluster.controlPlane("cp-1", { machine: { nodeLabels: { a: "b" } } });
      assert.equal(
        (await client.applyConfiguration({ data: labelled }, TIMEOUT)).mode,
        "NO_REBOOT",
      );
      assert.equal(test.node(0).life.bootId, bootId);
      assert.ok(test.runtime.notes.includes("update cp-1"));
      const udev = test.cluster.controlPlane("cp-1", { machine: { udev: { rules: ["x"] } } });
      await assert.rejects(
        client.applyConfiguration({ data: udev, mode: "NO_REBOOT" }, TIMEOUT),
        code(status.INVALID_ARGUMENT),
      );
      const reply = await client.applyConfiguration({ data: udev }, TIMEOUT);
      assert.equal(reply.mode, "REBOOT");
      assert.match(reply.modeDetails, /machine\.udev/);
      await eventually(() => assert.notEqual(test.node(0).life.bootId, bootId));
    });

    it("forgets a configuration that was only tried at the next boot", async () => {
      const data = test.cluster.controlPlane("renamed");
      await test.client(0).applyConfiguration({ data, mode: "TRY" }, TIMEOUT);
      assert.equal(test.node(0).hostname, "renamed");
      await test.node(0).reboot();
      assert.equal(test.node(0).hostname, "cp-1");
    });

    it("keeps its disk private", () => {
      const dir = test.node(0).options.dir;
      for (const file of readdirSync(dir)) {
        assert.equal(statSync(`${dir}/${file}`).mode & 0o077, 0, file);
      }
    });
  });

  describe("through its life", () => {
    it("keeps etcd's data through a reboot, and resets connections", async () => {
      test = await TestMachines.start(1, { timings: { rebootMs: 300 } });
      await test.bootstrapped();
      const client = test.client(0);
      const boot = (await client.read("/proc/sys/kernel/random/boot_id", TIMEOUT)).toString();
      await client.reboot({}, TIMEOUT);
      await eventually(() => assert.equal(test.node(0).stage, "rebooting"));
      await assert.rejects(test.client(0).version(TIMEOUT), code(status.UNAVAILABLE));
      await eventually(() => assert.equal(test.node(0).stage, "running"));
      const after = await test.client(0).read("/proc/sys/kernel/random/boot_id", TIMEOUT);
      assert.notEqual(after.toString(), boot);
      await assert.rejects(test.client(0).bootstrap(TIMEOUT), code(status.ALREADY_EXISTS));
      assert.deepEqual(test.runtime.notes, [
        "join cp-1",
        "start cp-1 first",
        "leave cp-1",
        "stop",
        "start cp-1",
        "join cp-1",
      ]);
    });

    it("falls back to maintenance after a reset, and tells watchers of its events first", async () => {
      test = await TestMachines.start(1);
      await test.bootstrapped();
      const client = test.client(0);
      const abort = new AbortController();
      const seen: string[] = [];
      const watching = (async () => {
        for await (const event of client.events({ signal: abort.signal })) {
          seen.push(event.data === null ? "hello" : event.data.type_url);
        }
      })().catch(() => undefined);
      await eventually(() => assert.deepEqual(seen, ["hello"]));
      const { actorId } = await client.reset({ graceful: true, reboot: true }, TIMEOUT);
      assert.match(actorId, /^[0-9a-f-]{36}$/);
      await watching;
      assert.ok(seen.includes("talos/runtime/machine.TaskEvent"), seen.join());
      await eventually(() => test.insecure(0).disks(TIMEOUT));
      assert.equal(test.node(0).disk.machineConfiguration, undefined);
      await test.bootstrapped();
      assert.equal(test.runtime.notes.at(-1), "start cp-1 first");
    });

    it("stays off after a reset without a reboot", async () => {
      test = await TestMachines.start(1);
      await test.configure(0, test.cluster.controlPlane("cp-1"));
      await test.client(0).reset({ reboot: false }, TIMEOUT);
      await eventually(() => assert.equal(test.node(0).stage, "off"));
    });

    it("keeps the configuration when only EPHEMERAL is wiped", async () => {
      test = await TestMachines.start(1);
      await test.bootstrapped();
      await test
        .client(0)
        .reset(
          { reboot: true, systemPartitionsToWipe: [{ label: "EPHEMERAL", wipe: true }] },
          TIMEOUT,
        );
      await eventually(() => assert.equal(test.node(0).stage, "booting"));
      assert.equal(test.node(0).services.hasEtcdData, false);
      await eventually(() => test.client(0).bootstrap(TIMEOUT));
    });

    it("runs another Talos after an upgrade", async () => {
      test = await TestMachines.start(1);
      await test.bootstrapped();
      await assert.rejects(
        test.client(0).upgrade({ image: "ghcr.io/siderolabs/installer" }, TIMEOUT),
        code(status.UNKNOWN),
      );
      await test.client(0).upgrade({ image: "ghcr.io/siderolabs/installer:v1.13.4" }, TIMEOUT);
      await eventually(async () =>
        assert.equal((await test.client(0).version(TIMEOUT)).version?.tag, "v1.13.4"),
      );
    });

    it("runs the Talos that its configuration installs", async () => {
      test = await TestMachines.start(1);
      const install = { image: "ghcr.io/siderolabs/installer:v1.12.3" };
      await test.configure(0, test.cluster.controlPlane("cp-1", { machine: { install } }));
      assert.equal((await test.client(0).version(TIMEOUT)).version?.tag, "v1.12.3");
    });

    it("closes its port while it installs", async () => {
      test = await TestMachines.start(1, { timings: { installMs: 1000, bootMs: 1500 } });
      await test
        .insecure(0)
        .applyConfiguration({ data: test.cluster.controlPlane("cp-1") }, TIMEOUT);
      await eventually(() => assert.equal(test.node(0).stage, "installing"));
      await assert.rejects(test.insecure(0).disks(TIMEOUT), code(status.UNAVAILABLE));
      await eventually(() => test.client(0).version(TIMEOUT));
      await assert.rejects(test.client(0).bootstrap(TIMEOUT), (error: TalosApiError) => {
        assert.equal(error.code, status.FAILED_PRECONDITION);
        assert.equal(error.details, "bootstrap is not available yet");
        return true;
      });
      await eventually(() => test.client(0).bootstrap(TIMEOUT));
    });

    it("reboots a control plane that nobody bootstraps", async () => {
      test = await TestMachines.start(1, { timings: { bootTimeoutMs: 100 } });
      await test.configure(0, test.cluster.controlPlane("cp-1"));
      const bootId = test.node(0).life.bootId;
      await eventually(() => assert.notEqual(test.node(0).life.bootId, bootId));
    });

    it("goes on from its disk when the lab is started again", async () => {
      test = await TestMachines.start(2);
      await test.bootstrapped();
      await test.configure(1, test.cluster.worker("w-1"));
      test.runtime.notes.length = 0;
      await test.restart();
      await eventually(() => test.client(1).version(TIMEOUT));
      assert.equal(test.node(1).hostname, "w-1");
      assert.ok(test.runtime.notes.includes("start cp-1"), test.runtime.notes.join());
      await assert.rejects(test.client(0).bootstrap(TIMEOUT), code(status.ALREADY_EXISTS));
      assert.ok(existsSync(test.node(0).options.dir));
    });

    it("reports why the control plane did not start", async () => {
      test = await TestMachines.start(1);
      test.runtime.startError = "127.0.0.1:2379 is in use";
      await test.bootstrapped();
      await eventually(async () => {
        const etcd = (await test.client(0).services(TIMEOUT)).find(({ id }) => id === "etcd");
        assert.equal(etcd?.state, "Failed");
        assert.equal(etcd?.health?.lastMessage, "127.0.0.1:2379 is in use");
      });
      assert.ok(test.log.some((line) => line.includes("127.0.0.1:2379 is in use")));
    });
  });
});
