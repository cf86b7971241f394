import assert from "node:assert/strict";
import { type ClientReadableStream, status } from "@grpc/grpc-js";
import type { TalosApiError } from "../../../talosApi";
import {
  channelCredentials,
  messageType,
  type MachineStatusSpec,
  type ResourceEvent,
  serviceConstructor,
  SERVICES,
} from "../../../talosApi";
import { eventually, TestMachines, TIMEOUT } from "../../support/machines";

describe("COSI resources of a node, over the wire with a plain gRPC client (not the health check itself)", () => {
  let test: TestMachines;
  beforeEach(async () => {
    test = await TestMachines.start(1);
    await test.configure(0, test.cluster.controlPlane("cp-1"));
  });
  afterEach(() => test.stop());

  const stageOf = (event: ResourceEvent) =>
    messageType<MachineStatusSpec>("talos.resource.definitions.MachineStatusSpec").deserialize(
      event.resource?.spec.protoSpec as Buffer,
    ).stage;

  /** Messages of a watch, as they come. */
  function watch(request: object) {
    const endpoint = `${test.address(0)}:50000`;
    const { credentials, options } = channelCredentials(test.address(0), test.cluster.admin);
    const client = new (serviceConstructor(SERVICES.state))(endpoint, credentials, options);
    const call = (client as unknown as Record<string, (r: object) => unknown>).Watch?.({
      ...request,
      apiVersion: 1,
    }) as ClientReadableStream<{ event: ResourceEvent[] }>;
    const messages: { event: ResourceEvent[] }[] = [];
    call.on("data", (message: { event: ResourceEvent[] }) => messages.push(message));
    call.on("error", () => undefined);
    return { messages, end: () => (call.cancel(), client.close()) };
  }

  it("a watch shakes hands first, then tells the state, then changes", async () => {
    const { messages, end } = watch({
      namespace: "runtime",
      type: "MachineStatuses.runtime.talos.dev",
      id: "machine",
    });
    await eventually(() => assert.ok(messages.length >= 2));
    assert.deepEqual(messages[0]?.event, []);
    assert.equal(messages[1]?.event[0]?.eventType, "CREATED");
    await eventually(() => test.client(0).bootstrap(TIMEOUT));
    await eventually(() =>
      assert.equal(stageOf(messages.at(-1)!.event[0]!), "MACHINE_STAGE_RUNNING"),
    );
    assert.equal(messages.at(-1)?.event[0]?.eventType, "UPDATED");
    end();
  });

  it("a watch of something absent starts with DESTROYED", async () => {
    const { messages, end } = watch({
      namespace: "runtime",
      type: "Diagnostics.runtime.talos.dev",
      id: "none",
    });
    await eventually(() => assert.equal(messages.length, 2));
    assert.equal(messages[1]?.event[0]?.eventType, "DESTROYED");
    end();
  });

  it("a watch of a kind can start with what there is", async () => {
    const { messages, end } = watch({
      namespace: "runtime",
      type: "Disks.block.talos.dev",
      options: { bootstrapContents: true },
    });
    await eventually(() =>
      assert.deepEqual(
        messages.flatMap(({ event }) => event.map(({ eventType }) => eventType)),
        ["CREATED", "CREATED", "BOOTSTRAPPED"],
      ),
    );
    end();
  });

  it("names the CNI that the configuration names", async () => {
    const resource = await test
      .client(0)
      .getResource(
        "controlplane",
        "BootstrapManifestsConfigs.kubernetes.talos.dev",
        "manifests",
        TIMEOUT,
      );
    assert.equal(resource.metadata.phase, "running");
    assert.match(resource.metadata.version, /^\d+$/);
    // Field 21, as the provider's health check reads it.
    assert.ok(Buffer.from(resource.spec.protoSpec).includes(Buffer.from("aa01046e6f6e65", "hex")));
  });

  it("has static pods once etcd has data", async () => {
    const list = () =>
      test.client(0).listResources("k8s", "StaticPodStatuses.kubernetes.talos.dev", TIMEOUT);
    assert.deepEqual(await list(), []);
    await eventually(() => test.client(0).bootstrap(TIMEOUT));
    assert.deepEqual(
      (await list()).map(({ metadata }) => metadata.id),
      [
        "kube-system/kube-apiserver-cp-1",
        "kube-system/kube-controller-manager-cp-1",
        "kube-system/kube-scheduler-cp-1",
      ],
    );
  });

  it("refuses types and namespaces that it does not have, and does not find what is absent", async () => {
    const get = (namespace: string, type: string, id: string) =>
      test.client(0).getResource(namespace, type, id, TIMEOUT);
    const codes = async (call: Promise<unknown>) =>
      call.then(
        () => "found",
        (error: TalosApiError) => status[error.code],
      );
    assert.equal(await codes(get("runtime", "Foos.talos.dev", "x")), "PERMISSION_DENIED");
    assert.equal(
      await codes(get("nowhere", "MachineStatuses.runtime.talos.dev", "machine")),
      "PERMISSION_DENIED",
    );
    assert.equal(
      await codes(get("runtime", "MachineStatuses.runtime.talos.dev", "other")),
      "NOT_FOUND",
    );
  });
});
