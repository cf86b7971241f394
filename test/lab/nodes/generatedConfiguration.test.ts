import assert from "node:assert/strict";
import { parse } from "yaml";
import type { Machinery } from "../../../lab/machinery";
import { startMachinery } from "../../support/machinery";
import { eventually, TestMachines, TIMEOUT } from "../../support/machines";

describe("machines with configurations that Talos' own library made (a fake runtime: no Kubernetes)", function () {
  let machinery: Machinery;
  let test: TestMachines;

  before(async function () {
    this.timeout(120_000);
    machinery = await startMachinery();
  });
  after(() => machinery?.stop());
  afterEach(() => test.stop());

  for (const talosVersion of ["v1.9", "v1.13"]) {
    it(`of contract ${talosVersion} boot, are bootstrapped and give a kubeconfig`, async () => {
      test = await TestMachines.start(2, { validator: machinery });
      const { machineSecrets, clientConfiguration } = await machinery.secrets(talosVersion);
      const generate = async (machineType: string, hostname: string) => {
        const { machineConfiguration } = await machinery.generate({
          clusterName: "lab",
          clusterEndpoint: `https://${test.address(0)}:6443`,
          machineType,
          machineSecrets,
          talosVersion,
        });
        const hostnamePatch =
          talosVersion === "v1.9"
            ? { machine: { network: { hostname } } }
            : { apiVersion: "v1alpha1", kind: "HostnameConfig", auto: "off", hostname };
        const cniPatch = { cluster: { network: { cni: { name: "none" } } } };
        return machinery.patch(
          machineConfiguration,
          [hostnamePatch, cniPatch].map((patch) => `${JSON.stringify(patch)}\n`),
        );
      };
      const credentials = {
        ca: clientConfiguration.caCertificate,
        cert: clientConfiguration.clientCertificate,
        key: clientConfiguration.clientKey,
      };
      await test.insecure(1).applyConfiguration({ data: await generate("worker", "w-1") }, TIMEOUT);
      await test
        .insecure(0)
        .applyConfiguration({ data: await generate("controlplane", "cp-1") }, TIMEOUT);
      const client = test.client(0, { credentials });
      await eventually(() => client.bootstrap(TIMEOUT));
      const kubeconfig = parse(await client.kubeconfig(TIMEOUT)) as Record<string, unknown>;
      assert.equal(kubeconfig["current-context"], "admin@lab");
      const worker = test.client(0, { credentials, node: "w-1" });
      await eventually(() => worker.version(TIMEOUT));
      assert.deepEqual(
        test.machines.nodes.map(({ hostname }) => hostname),
        ["cp-1", "w-1"],
      );
      assert.equal(test.node(0).configuration?.cluster.cniName, "none");
    });
  }
});
