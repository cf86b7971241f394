import assert from "node:assert/strict";

import fc from "fast-check";
import { parseAllDocuments } from "yaml";

import { configPatchesFor, installerImage } from "../../../components/patches";
import type { ClusterSpec, MachineType, NodeSpec } from "../../../components/spec";
import type { Machinery } from "../../../lab/machinery";
import { assertGolden } from "../../support/golden";
import { startMachinery } from "../../support/machinery";
import { clusterSpec, fullClusterSpec, fullNodeSpec, nodeSpec } from "./specs";

const contracts = ["v1.9", "v1.10", "v1.11", "v1.12", "v1.13"];
const machineTypes: MachineType[] = ["controlplane", "worker"];

function versions(configContract: string): Partial<ClusterSpec> {
  return { configContract, talosVersion: `${configContract}.0` };
}

/** A worker has no floating address: machines refuse it. */
function fullNode(machineType: MachineType): NodeSpec {
  const node = fullNodeSpec({ machineType });
  if (machineType === "controlplane") return node;
  const networkInterfaces = node.networkInterfaces.map(({ vip: _vip, ...rest }) => rest);
  return { ...node, networkInterfaces };
}

describe("configPatchesFor (the texts; what Talos makes of them is tested below)", () => {
  for (const contract of contracts) {
    for (const machineType of machineTypes) {
      it(`has the golden patches: ${contract} ${machineType}`, () => {
        const smallest = configPatchesFor(
          clusterSpec(versions(contract)),
          nodeSpec({ machineType }),
        );
        const full = configPatchesFor(fullClusterSpec(versions(contract)), fullNode(machineType));
        const text = ["# smallest", ...smallest, "# full", ...full].join("\n---\n");
        assertGolden(`patches/${contract}-${machineType}.yaml`, `${text}`);
      });
    }
  }

  it("puts the user's patches last: cluster, machine type, node", () => {
    const spec = clusterSpec({
      configPatches: ["machine: {a: 1}\n"],
      controlPlaneConfigPatches: ["machine: {b: 1}"],
      workerConfigPatches: ["machine: {c: 1}"],
    });
    const own = { configPatches: ["machine: {d: 1}"] };
    assert.deepEqual(configPatchesFor(spec, nodeSpec(own)).slice(-3), [
      "machine: {a: 1}\n",
      "machine: {b: 1}\n",
      "machine: {d: 1}\n",
    ]);
    assert.deepEqual(
      configPatchesFor(spec, nodeSpec({ ...own, machineType: "worker" })).slice(-3),
      ["machine: {a: 1}\n", "machine: {c: 1}\n", "machine: {d: 1}\n"],
    );
  });

  it("hands no text over that would be read as the name of a file", () => {
    const spec = clusterSpec({ configPatches: ["{}", "word"] });
    for (const patch of configPatchesFor(spec, nodeSpec())) {
      assert.match(patch, /\n/);
      assert.doesNotMatch(patch, /^@/);
    }
  });

  it("leaves the sections that only control planes have out of a worker's", () => {
    const text = configPatchesFor(fullClusterSpec(), fullNode("worker")).join("");
    assert.doesNotMatch(text, /apiServer|proxy|allowScheduling/);
  });

  it("keeps kube-proxy where the spec does", () => {
    const text = configPatchesFor(clusterSpec({ kubeProxy: true }), nodeSpec()).join("");
    assert.doesNotMatch(text, /proxy/);
  });

  it("quotes words that YAML 1.1 would read as something else", () => {
    const node = nodeSpec({ labels: { a: "off", b: "0777", c: "1_000", d: "1:30" } });
    const text = configPatchesFor(clusterSpec(), node).join("");
    for (const word of ["off", "0777", "1_000", "1:30"])
      assert.match(text, new RegExp(`"${word}"`));
  });

  it("adds the endpoint to the names of a certificate only where it is no address of the node", () => {
    const sans = (endpoint: string, certSANs: string[] = []) =>
      /certSANs:/.test(
        configPatchesFor(clusterSpec({ certSANs }), nodeSpec({ endpoint })).join(""),
      );
    assert.equal(sans("10.5.0.2:50001"), false);
    assert.equal(sans("nat.example.org:50001"), true);
  });

  it("does not repeat what the generator of contracts up to 1.11 writes", () => {
    const apiServer = (configContract: string) =>
      configPatchesFor(clusterSpec({ configContract, certSANs: ["10.5.0.2"] }), nodeSpec()).filter(
        (patch) => patch.includes("apiServer"),
      );
    assert.equal(apiServer("v1.11").length, 0);
    assert.equal(apiServer("v1.12").length, 1);
  });
});

describe("installerImage", () => {
  const empty = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d757a345";
  const cases: [string, Partial<NodeSpec>, string][] = [
    ["v1.9.5", {}, "ghcr.io/siderolabs/installer:v1.9.5"],
    ["v1.13.0", {}, "ghcr.io/siderolabs/installer:v1.13.0"],
    ["v1.14.0", {}, `factory.talos.dev/metal-installer/${empty}:v1.14.0`],
    ["v1.9.5", { schematicId: "abc" }, "factory.talos.dev/installer/abc:v1.9.5"],
    ["v1.10.0", { schematicId: "abc" }, "factory.talos.dev/metal-installer/abc:v1.10.0"],
    ["v1.13.0", { installerImage: "example.org/i:1", schematicId: "abc" }, "example.org/i:1"],
  ];
  for (const [talosVersion, node, image] of cases) {
    it(`is ${image} for ${talosVersion} ${JSON.stringify(node)}`, () => {
      assert.equal(installerImage({ talosVersion }, node), image);
    });
  }
});

describe("patches in Talos' own library (accepted by a machine; not that it boots)", function () {
  let machinery: Machinery;
  let machineSecrets: Awaited<ReturnType<Machinery["secrets"]>>["machineSecrets"];

  before(async function () {
    this.timeout(180_000);
    machinery = await startMachinery();
    ({ machineSecrets } = await machinery.secrets("v1.13"));
  });
  after(() => machinery?.stop());

  async function patched(spec: ClusterSpec, node: NodeSpec): Promise<string> {
    const { machineConfiguration } = await machinery.generate({
      clusterName: spec.clusterName,
      clusterEndpoint: spec.clusterEndpoint,
      machineType: node.machineType,
      machineSecrets,
      kubernetesVersion: spec.kubernetesVersion,
      talosVersion: spec.configContract,
    });
    return machinery.patch(machineConfiguration, configPatchesFor(spec, node));
  }

  async function assertValid(spec: ClusterSpec, node: NodeSpec): Promise<void> {
    const validation = await machinery.validate(await patched(spec, node), { strict: true });
    assert.equal(validation.error, undefined);
  }

  for (const contract of contracts) {
    for (const machineType of machineTypes) {
      it(`are accepted: ${contract} ${machineType}`, async () => {
        await assertValid(clusterSpec(versions(contract)), nodeSpec({ machineType }));
        await assertValid(fullClusterSpec(versions(contract)), fullNode(machineType));
      });

      it(`say what the spec says: ${contract} ${machineType}`, async () => {
        const spec = fullClusterSpec(versions(contract));
        const node = fullNode(machineType);
        const documents = parseAllDocuments(await patched(spec, node)).map(
          (document) => document.toJS() as unknown,
        );
        const [main, hostname] = documents as [MachineConfiguration, { hostname?: string }?];
        assert.equal(main.cluster.network.cni.name, "none");
        assert.deepEqual(main.cluster.network.podSubnets, spec.podSubnets);
        assert.deepEqual(main.cluster.network.serviceSubnets, spec.serviceSubnets);
        assert.equal(main.machine.install.image, installerImage(spec, node));
        assert.equal(hostname?.hostname ?? main.machine.network.hostname, node.hostname);
        assert.equal(main.machine.features.kubePrism.port, 7446);
        assert.equal(main.machine.features.hostDNS.forwardKubeDNSToHost, false);
        const names = [...spec.certSANs, "talos.example.org"];
        assert.deepEqual(main.machine.certSANs, names);
        if (machineType === "controlplane") {
          assert.equal(main.cluster.proxy?.disabled, true);
          assert.deepEqual(
            [...(main.cluster.apiServer?.certSANs ?? [])].sort(),
            [...spec.certSANs].sort(),
          );
        }
      });
    }
  }

  it("are accepted for random specs", async () => {
    const word = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);
    const octet = fc.integer({ min: 1, max: 254 });
    const address = fc.tuple(octet, octet, octet).map((parts) => `10.${parts.join(".")}`);
    const interfaces = fc.record(
      {
        interface: word,
        addresses: fc.array(
          address.map((ip) => `${ip}/24`),
          { maxLength: 2 },
        ),
        mtu: fc.integer({ min: 1280, max: 9000 }),
      },
      { requiredKeys: ["interface"] },
    );
    const random = fc.record({
      contract: fc.constantFrom(...contracts),
      machineType: fc.constantFrom(...machineTypes),
      hostname: word,
      ipAddress: address,
      labels: fc.dictionary(word, fc.oneof(word, fc.constantFrom("", "true", "off", "1e3"))),
      taints: fc.dictionary(
        word,
        word.map((value) => `${value}:NoSchedule`),
      ),
      networkInterfaces: fc.uniqueArray(interfaces, {
        maxLength: 2,
        selector: (one) => one.interface,
      }),
      certSANs: fc.array(fc.oneof(address, word), { maxLength: 3 }),
      registryMirrors: fc.dictionary(
        word,
        word.map((name) => ({ endpoints: [`https://${name}.example.org`] })),
        { maxKeys: 2 },
      ),
      extraArgs: fc.dictionary(word, word, { maxKeys: 2 }),
      hostDNS: fc.record({ enabled: fc.boolean(), forwardKubeDNSToHost: fc.boolean() }),
      kubePrism: fc.record({ enabled: fc.boolean(), port: fc.integer({ min: 1024, max: 65535 }) }),
    });
    await fc.assert(
      fc.asyncProperty(random, async (given) => {
        const spec = clusterSpec({
          ...versions(given.contract),
          certSANs: given.certSANs,
          registryMirrors: given.registryMirrors,
          hostDNS: given.hostDNS,
          kubePrism: given.kubePrism,
          kubelet: { extraArgs: given.extraArgs, nodeIPSubnets: ["10.0.0.0/8"] },
        });
        await assertValid(spec, nodeSpec(given));
      }),
      { numRuns: 40 },
    );
  });
});

interface MachineConfiguration {
  machine: {
    certSANs: string[];
    network: { hostname?: string };
    install: { image: string };
    features: { kubePrism: { port: number }; hostDNS: { forwardKubeDNSToHost: boolean } };
  };
  cluster: {
    network: { cni: { name: string }; podSubnets: string[]; serviceSubnets: string[] };
    proxy?: { disabled: boolean };
    apiServer?: { certSANs?: string[] };
  };
}
