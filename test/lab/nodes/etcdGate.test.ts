import assert from "node:assert/strict";

import { untilEtcdHealthy } from "../../../components/gates/etcdHealthy";
import { nodeSpec } from "../../components/patches/specs";
import { TestMachines } from "../../support/machines";

describe("what control planes wait for before they are changed, over the wire (a fake runtime: no etcd)", function () {
  this.timeout(20_000);
  let test: TestMachines;
  afterEach(() => test.stop());

  const gate = (count: number) => {
    const { ca, cert, key } = test.cluster.admin;
    const nodes = test.addresses
      .slice(0, count)
      .map((ipAddress, index) => nodeSpec({ hostname: `cp-${index + 1}`, ipAddress }));
    return untilEtcdHealthy(
      nodes,
      { caCertificate: ca, clientCertificate: cert, clientKey: key },
      1,
    );
  };

  it("lets a corrected configuration to machines whose installation failed: they wait in maintenance again", async () => {
    test = await TestMachines.start(1);
    await gate(1);
  });

  it("holds where nothing but a machine in maintenance answers", async () => {
    test = await TestMachines.start(2);
    await test.node(1).powerOff();
    await assert.rejects(gate(2), /cp-2: nothing listens/);
  });

  it("holds where a machine has keys of another cluster", async () => {
    test = await TestMachines.start(1);
    await test.configure(0, test.cluster.controlPlane("cp-1"));
    await test.node(0).setFaults({ foreignPKI: true });
    await assert.rejects(gate(1), /cp-1: its certificate is not signed by this cluster's CA/);
  });
});
