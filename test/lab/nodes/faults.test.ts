import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { parse } from "yaml";
import { NO_FAULTS } from "../../../lab/nodes";
import { TalosApiError } from "../../../talosApi";
import { eventually, TestMachines, TIMEOUT } from "../../support/machines";

/** The call fails with this code. */
const failsWith = (call: Promise<unknown>, code: number, details?: RegExp) =>
  assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof TalosApiError, String(error));
    assert.equal(status[error.code], status[code], error.message);
    if (details !== undefined) {
      assert.match(error.details, details);
    }
    return true;
  });

describe("faults of a node, over the wire (what the provider makes of them is not tried here)", () => {
  let test: TestMachines;

  describe("of a machine in maintenance", () => {
    beforeEach(async () => {
      test = await TestMachines.start(1);
    });
    afterEach(() => test.stop());

    it("portClosed: connections are refused, until it is switched off", async () => {
      await test.node(0).setFaults({ portClosed: true });
      await failsWith(test.insecure(0).disks(TIMEOUT), status.UNAVAILABLE, /ECONNREFUSED/);
      await test.node(0).clearFaults();
      await test.insecure(0).disks(TIMEOUT);
    });

    it("blackHole: nothing is ever said", async () => {
      await test.node(0).setFaults({ blackHole: true });
      await failsWith(test.insecure(0).disks(300), status.DEADLINE_EXCEEDED);
      await test.node(0).clearFaults();
      await test.insecure(0).disks(TIMEOUT);
    });

    it("neverAnswers: the call is accepted and not answered, others are", async () => {
      await test.node(0).setFaults({ neverAnswers: ["ApplyConfiguration"] });
      const data = test.cluster.controlPlane("cp-1");
      await failsWith(test.insecure(0).applyConfiguration({ data }, 300), status.DEADLINE_EXCEEDED);
      await test.insecure(0).disks(TIMEOUT);
      assert.equal(test.node(0).calls.ApplyConfiguration, 1);
    });

    it("refuseConfiguration: InvalidArgument with the given text", async () => {
      await test.node(0).setFaults({ refuseConfiguration: "unknown machine type" });
      const data = test.cluster.controlPlane("cp-1");
      await failsWith(
        test.insecure(0).applyConfiguration({ data }, TIMEOUT),
        status.INVALID_ARGUMENT,
        /^unknown machine type$/,
      );
      assert.equal(test.node(0).stage, "maintenance");
    });

    it("legacyDecodeErrors: what does not load is Unknown, what does not hold stays InvalidArgument", async () => {
      await test.stop();
      let error = "unknown keys found during decoding:\nmachine:\n    foo: bar\n";
      test = await TestMachines.start(1, {
        validator: { validate: async () => ({ warnings: [], error }) },
      });
      const apply = () => test.insecure(0).applyConfiguration({ data: "x" }, TIMEOUT);
      await failsWith(apply(), status.INVALID_ARGUMENT);
      await test.node(0).setFaults({ legacyDecodeErrors: true });
      await failsWith(apply(), status.UNKNOWN, /unknown keys/);
      error = "1 error occurred:\n\t* cluster controlplane endpoint is required\n\n";
      await failsWith(apply(), status.INVALID_ARGUMENT);
    });

    it("cutBeforeReply: the configuration is stored and the reply lost, once", async () => {
      await test.node(0).setFaults({ cutBeforeReply: { ApplyConfiguration: 1 } });
      const data = test.cluster.controlPlane("cp-1");
      await failsWith(test.insecure(0).applyConfiguration({ data }, TIMEOUT), status.UNAVAILABLE);
      await eventually(() => test.client(0).version(TIMEOUT));
      assert.equal((await test.client(0).applyConfiguration({ data }, TIMEOUT)).mode, "NO_REBOOT");
    });
  });

  describe("of a configured control plane", () => {
    beforeEach(async () => {
      test = await TestMachines.start(1);
      await test.configure(0, test.cluster.controlPlane("cp-1"));
    });
    afterEach(() => test.stop());

    it("bootstrapUnavailable: FailedPrecondition for as long as it is on", async () => {
      await eventually(() => assert.ok(test.node(0).services.isContainerRuntimeUp));
      await test.node(0).setFaults({ bootstrapUnavailable: "time" });
      const { FAILED_PRECONDITION } = status;
      await failsWith(
        test.client(0).bootstrap(TIMEOUT),
        FAILED_PRECONDITION,
        /^time is not in sync/,
      );
      await test.node(0).setFaults({ bootstrapUnavailable: "cri" });
      await failsWith(test.client(0).bootstrap(TIMEOUT), FAILED_PRECONDITION, /^bootstrap is not/);
      await test.node(0).clearFaults();
      await test.client(0).bootstrap(TIMEOUT);
    });

    it("cutBeforeReply: a lost acknowledgement of Bootstrap leaves AlreadyExists", async () => {
      await eventually(() => assert.ok(test.node(0).services.isContainerRuntimeUp));
      await test.node(0).setFaults({ cutBeforeReply: { Bootstrap: 1 } });
      await failsWith(test.client(0).bootstrap(TIMEOUT), status.UNAVAILABLE);
      await failsWith(test.client(0).bootstrap(TIMEOUT), status.ALREADY_EXISTS);
    });

    it("foreignPKI: the server is not the cluster's, and the cluster's clients are strangers", async () => {
      await test.node(0).setFaults({ foreignPKI: true });
      await failsWith(test.client(0).version(TIMEOUT), status.UNAVAILABLE, /certificate/);
      await failsWith(test.insecure(0).disks(TIMEOUT), status.UNAVAILABLE);
    });

    it("serverCertificateSANs: an address that is not in the certificate", async () => {
      await test.node(0).setFaults({ serverCertificateSANs: ["192.0.2.10"] });
      await failsWith(
        test.client(0).version(TIMEOUT),
        status.UNAVAILABLE,
        /is not in the cert's list: +192\.0\.2\.10/,
      );
    });

    it("clockOffsetSeconds: a certificate of the future, either way", async () => {
      await test.node(0).setFaults({ clockOffsetSeconds: 3600 });
      await failsWith(test.client(0).version(TIMEOUT), status.UNAVAILABLE, /not yet valid/);
      await test.node(0).setFaults({ clockOffsetSeconds: -3600 });
      await failsWith(test.client(0).version(TIMEOUT), status.UNAVAILABLE);
      const old = await test.cluster.clientWithRoles(
        ["os:admin"],
        new Date(Date.now() - 2 * 3.6e6),
      );
      await test.client(0, { credentials: old }).version(TIMEOUT);
      await test.node(0).clearFaults();
      await test.client(0).version(TIMEOUT);
    });

    it("truncateKubeconfig: the archive does not unpack", async () => {
      await test.node(0).setFaults({ truncateKubeconfig: true });
      await failsWith(test.client(0).kubeconfig(TIMEOUT), status.UNKNOWN, /gzip/);
    });

    it("kubeconfigCertLifetimeSeconds: a certificate that ends soon, else after a year", async () => {
      const lifetime = async () => {
        const kubeconfig = parse(await test.client(0).kubeconfig(TIMEOUT)) as {
          users: { user: { "client-certificate-data": string } }[];
        };
        const pem = Buffer.from(
          kubeconfig.users[0]?.user["client-certificate-data"] ?? "",
          "base64",
        );
        return (Date.parse(new X509Certificate(pem).validTo) - Date.now()) / 1000;
      };
      assert.ok(Math.abs((await lifetime()) - 8760 * 3600) < 60);
      await test.node(0).setFaults({ kubeconfigCertLifetimeSeconds: 60 });
      assert.ok((await lifetime()) <= 60);
    });

    it("controlPlaneDelayMs: Bootstrap is acknowledged long before anything starts", async () => {
      await eventually(() => assert.ok(test.node(0).services.isContainerRuntimeUp));
      await test.node(0).setFaults({ controlPlaneDelayMs: 300 });
      await test.client(0).bootstrap(TIMEOUT);
      await failsWith(test.client(0).etcdMembers(TIMEOUT), status.UNAVAILABLE);
      await eventually(() => test.client(0).etcdMembers(TIMEOUT));
    });

    it("controlPlaneDelayMs: nothing starts on machines that went away meanwhile", async () => {
      await eventually(() => assert.ok(test.node(0).services.isContainerRuntimeUp));
      await test.node(0).setFaults({ controlPlaneDelayMs: 100 });
      await test.client(0).bootstrap(TIMEOUT);
      await test.machines.stop();
      await sleep(200);
      assert.deepEqual(
        test.runtime.notes.filter((note) => note.startsWith("start")),
        [],
      );
    });

    it("etcd: unhealthy, a learner, a foreign peer URL", async () => {
      await eventually(() => test.client(0).bootstrap(TIMEOUT));
      await test.node(0).setFaults({ etcd: "unhealthy" });
      const services = await test.client(0).services(TIMEOUT);
      assert.equal(services.find(({ id }) => id === "etcd")?.health?.healthy, false);
      await failsWith(test.client(0).etcdMembers(TIMEOUT), status.UNAVAILABLE);
      await test.node(0).setFaults({ etcd: "learner" });
      assert.equal((await test.client(0).etcdMembers(TIMEOUT))[0]?.isLearner, true);
      await test.node(0).setFaults({ etcd: "foreignPeerURL" });
      assert.deepEqual((await test.client(0).etcdMembers(TIMEOUT))[0]?.peerUrls, [
        "https://203.0.113.7:2380",
      ]);
    });

    it("stageStuckAt: never past booting", async () => {
      await test.node(0).setFaults({ stageStuckAt: "booting" });
      await eventually(() => test.client(0).bootstrap(TIMEOUT));
      assert.equal((await test.client(0).machineStatus(TIMEOUT)).stage, "booting");
      await test.node(0).clearFaults();
      assert.equal((await test.client(0).machineStatus(TIMEOUT)).stage, "running");
    });

    it("diagnostics: are listed", async () => {
      const list = () =>
        test.client(0).listResources("runtime", "Diagnostics.runtime.talos.dev", TIMEOUT);
      assert.deepEqual(await list(), []);
      const diagnostic = { id: "address-overlap", message: "overlap", details: [] };
      await test.node(0).setFaults({ diagnostics: [diagnostic] });
      assert.equal((await list())[0]?.metadata.id, "address-overlap");
    });

    it("kubeletNeverRegisters: the machine is up and Kubernetes does not know it", async () => {
      await test.node(0).setFaults({ kubeletNeverRegisters: true });
      test.runtime.notes.length = 0;
      await test.node(0).reboot();
      await eventually(() => assert.ok(test.node(0).services.isContainerRuntimeUp));
      assert.deepEqual(test.runtime.notes, ["leave cp-1"]);
    });

    it("are all off by default", () => {
      assert.deepEqual(test.node(0).faults, NO_FAULTS);
    });
  });
});
