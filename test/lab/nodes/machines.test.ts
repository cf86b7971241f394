import assert from "node:assert/strict";
import { createServer } from "node:net";
import { status } from "@grpc/grpc-js";
import { TalosApiError } from "../../../talosApi";
import { eventually, TestMachines, TIMEOUT } from "../../support/machines";
import { FakeClusterRuntime } from "../../support/fakeClusterRuntime";
import { testCluster } from "../../support/talosCluster";

const refusal = (code: number, details: RegExp) => (error: unknown) => {
  assert.ok(error instanceof TalosApiError, String(error));
  assert.equal(status[error.code], status[code], error.message);
  assert.match(error.details, details);
  return true;
};

describe("machines together, over the wire (a fake runtime; calls of the real provider are tried elsewhere)", () => {
  let test: TestMachines;
  afterEach(() => test.stop());

  describe("one control plane and one worker", () => {
    beforeEach(async () => {
      test = await TestMachines.start(3);
      await test.bootstrapped();
      await test.configure(1, test.cluster.worker("w-1"));
    });

    it("forwards from the control plane, to the address as to the hostname", async () => {
      for (const node of [test.address(1), "w-1"]) {
        const before = [test.node(0).calls.Version, test.node(1).calls.Version];
        const client = test.client(0, { node });
        const { metadata } = (await client.version(TIMEOUT)) as { metadata?: unknown };
        const after = [test.node(0).calls.Version, test.node(1).calls.Version];
        assert.deepEqual(after, [before[0], (before[1] ?? 0) + 1]);
        assert.equal(metadata, null, "replies to one node carry no metadata");
      }
    });

    it("passes on what the other node refuses, and the roles of the caller", async () => {
      const client = test.client(0, { node: test.address(1) });
      await assert.rejects(
        client.bootstrap(TIMEOUT),
        refusal(status.UNIMPLEMENTED, /^bootstrap is only available on control plane nodes$/),
      );
      await assert.rejects(
        client.kubeconfig(TIMEOUT),
        refusal(status.UNIMPLEMENTED, /^kubeconfig/),
      );
      const reader = test.client(0, {
        node: test.address(1),
        credentials: await test.cluster.clientWithRoles(["os:reader"]),
      });
      await reader.version(TIMEOUT);
      await assert.rejects(
        reader.reboot({}, TIMEOUT),
        refusal(status.PERMISSION_DENIED, /^not auth/),
      );
    });

    it("go on beside one that is added, which may be added twice", async () => {
      const network = test.address(2).split(".").slice(0, 3).join(".");
      const more = [test.address(0), `${network}.99`].map((address) => ({ address }));
      await test.machines.add(more);
      await test.machines.add(more);
      assert.equal(test.machines.nodes.length, 4);
      assert.equal(test.machines.get(`${network}.99`).stage, "maintenance");
      assert.equal(test.node(0).isControlPlane, true);
    });

    it("answers for many nodes with one message each", async () => {
      const client = test.client(0, { nodes: [test.address(0), test.address(1)] });
      const services = await client.services(TIMEOUT);
      assert.equal(services.filter(({ id }) => id === "kubelet").length, 2);
      assert.equal(services.filter(({ id }) => id === "etcd").length, 1);
      // Machine 2 has no configuration: its certificate cannot be verified.
      await assert.rejects(
        test.client(0, { nodes: [test.address(0), test.address(2)] }).version(TIMEOUT),
        refusal(status.UNAVAILABLE, new RegExp(`^${test.address(2)}: `)),
      );
      await assert.rejects(
        client.machineStatus(TIMEOUT),
        refusal(status.INVALID_ARGUMENT, /one-2-many proxying is not supported for method \/cosi/),
      );
    });

    it("does not forward from a worker, and does not follow a port", async () => {
      const { PERMISSION_DENIED, INTERNAL } = status;
      await assert.rejects(
        test.client(1, { node: test.address(0) }).version(TIMEOUT),
        refusal(PERMISSION_DENIED, /^no request forwarding$/),
      );
      await test.client(1, { node: test.address(1) }).version(TIMEOUT);
      await test.client(1, { nodes: ["w-1"] }).version(TIMEOUT);
      await assert.rejects(
        test.client(0, { node: `${test.address(1)}:50000` }).version(TIMEOUT),
        refusal(INTERNAL, /^invalid target/),
      );
    });

    it("reaches nobody outside of the lab", async () => {
      await assert.rejects(
        test.client(0, { node: "192.0.2.1" }).version(TIMEOUT),
        refusal(status.UNAVAILABLE, /no route to host/),
      );
    });

    it("finds a control plane that rebooted again", async () => {
      await test.node(1).reboot();
      await eventually(() => test.client(0, { node: "w-1" }).version(TIMEOUT));
    });

    it("counts what changes machines", async () => {
      const before = test.machines.mutatingCalls;
      await test.client(0).version(TIMEOUT);
      await test.client(0).kubeconfig(TIMEOUT);
      const data = test.cluster.controlPlane("cp-1");
      await test.client(0).applyConfiguration({ data, dryRun: true }, TIMEOUT);
      assert.equal(test.machines.mutatingCalls, before);
      await test.client(0).applyConfiguration({ data }, TIMEOUT);
      assert.equal(test.machines.mutatingCalls, before + 1);
      assert.equal(
        test.machines.calls.ApplyConfiguration,
        test.node(0).calls.ApplyConfiguration + 1,
      );
    });
  });

  it("keep a worker's port closed until a control plane of its cluster signs for it", async () => {
    test = await TestMachines.start(3);
    const stranger = await testCluster();
    await test.insecure(1).applyConfiguration({ data: test.cluster.worker("w-1") }, TIMEOUT);
    await eventually(() => assert.equal(test.node(1).stage, "booting"));
    await test.insecure(2).applyConfiguration({ data: stranger.controlPlane("cp-9") }, TIMEOUT);
    await eventually(() => test.client(2, { credentials: stranger.admin }).version(TIMEOUT));
    assert.equal(test.node(1).listener.isOpen, false);
    assert.equal(test.node(1).stage, "booting");
    await test.insecure(0).applyConfiguration({ data: test.cluster.controlPlane("cp-1") }, TIMEOUT);
    await eventually(() => test.client(1).version(TIMEOUT));
    assert.equal(test.node(1).stage, "running");
  });

  it("let further control planes join etcd by themselves", async () => {
    test = await TestMachines.start(3);
    for (const index of [0, 1, 2]) {
      await test.configure(index, test.cluster.controlPlane(`cp-${index + 1}`));
    }
    await eventually(() => test.client(1).bootstrap(TIMEOUT));
    await eventually(() =>
      assert.ok(test.machines.nodes.every(({ stage }) => stage === "running")),
    );
    assert.deepEqual(
      (await test.client(2).etcdMembers(TIMEOUT)).map(({ hostname }) => hostname).sort(),
      ["cp-1", "cp-2", "cp-3"],
    );
    for (const index of [0, 1, 2]) {
      await assert.rejects(
        test.client(index).bootstrap(TIMEOUT),
        refusal(status.ALREADY_EXISTS, /./),
      );
    }
    assert.deepEqual(
      test.runtime.notes.filter((note) => note.startsWith("start")),
      ["start cp-2 first"],
    );
    await test.node(0).powerOff();
    assert.ok(!test.runtime.notes.includes("stop"), "the others still run etcd");
  });

  it("can belong to two clusters, and change over by a reset", async () => {
    const runtimes = new Map<string, FakeClusterRuntime>();
    test = await TestMachines.start(2, {
      runtime: ({ clusterName }) => {
        const runtime = new FakeClusterRuntime();
        runtimes.set(clusterName, runtime);
        return runtime;
      },
    });
    const other = await testCluster({ clusterName: "other" });
    await test.bootstrapped();
    await test.insecure(1).applyConfiguration({ data: other.controlPlane("cp-1") }, TIMEOUT);
    const stranger = () => test.client(1, { credentials: other.admin });
    await eventually(() => stranger().bootstrap(TIMEOUT));
    assert.deepEqual(runtimes.get("other")?.notes, ["join cp-1", "start cp-1 first"]);
    await stranger().reset({ reboot: true }, TIMEOUT);
    await eventually(() => test.insecure(1).disks(TIMEOUT));
    assert.deepEqual(runtimes.get("other")?.notes.slice(2), ["leave cp-1", "stop"]);
    await test.configure(1, test.cluster.controlPlane("cp-2"));
    await assert.rejects(test.client(1).bootstrap(TIMEOUT), refusal(status.ALREADY_EXISTS, /./));
    assert.deepEqual(runtimes.get("test")?.notes, ["join cp-1", "start cp-1 first", "join cp-2"]);
    assert.equal(runtimes.size, 2);
    await test.machines.stop();
    assert.equal(runtimes.size, 2, "stopping makes no new cluster");
  });

  it("name the address and port that another process has", async () => {
    test = await TestMachines.start(1);
    await test.machines.stop();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(50000, test.address(0), resolve));
    await assert.rejects(test.machines.start(), (error: Error) => {
      assert.match(error.message, new RegExp(`^${test.address(0)}:50000 is in use`));
      return true;
    });
    await new Promise((resolve) => squatter.close(resolve));
  });
});
