import assert from "node:assert/strict";
import { stringify } from "yaml";

import type { ClusterSpecInput, NodeSpecInput } from "../../../components/spec";
import { parseClusterSpec } from "../../../components/spec";
import type { MachineSecretsData, Machinery } from "../../../lab/machinery";
import { refusalOf, startMachinery } from "../../support/machinery";
import { minimalCluster } from "./minimalCluster";

type Interface = NonNullable<NodeSpecInput["networkInterfaces"]>[number];

const eth0 = (keys: Omit<Interface, "interface">): Interface => ({ interface: "eth0", ...keys });
const route = (keys: NonNullable<Interface["routes"]>[number]) => eth0({ routes: [keys] });

const interfaces: readonly Interface[] = [
  {},
  { interface: "" },
  { interface: "", deviceSelector: { driver: "virtio_net" } },
  { interface: "eth0", deviceSelector: { driver: "virtio_net" } },
  { deviceSelector: {} },
  { deviceSelector: { driver: "" } },
  { deviceSelector: { physical: false } },
  ...[
    "",
    " 10.5.0.11/24",
    "10.5.0.11",
    "10.5.0.11/24",
    "10.5.0.11/33",
    "10.5.0.011/24",
    "fd00::11/64",
    "fe80::1%eth0/64",
  ].flatMap((text) => [
    eth0({ addresses: [text] }),
    eth0({ vlans: [{ vlanId: 5, addresses: [text] }] }),
  ]),
  ...[-1, 1, 4094, 65536].map((vlanId) => eth0({ vlans: [{ vlanId }] })),
  ...[-1, 1500, 2 ** 32].map((mtu) => eth0({ vlans: [{ vlanId: 5, mtu }] })),
  ...[-1, 0, 2 ** 32 - 1, 2 ** 32].map((metric) => route({ gateway: "10.5.0.1", metric })),
  route({ metric: 5 }),
  route({ network: "", gateway: "" }),
  route({ network: "10.5.0.0" }),
  route({ network: "10.9.3.4/16" }),
  route({ gateway: "10.5.0.1/24" }),
  eth0({ vlans: [{ vlanId: 5, routes: [{ metric: 5 }] }] }),
  eth0({ vip: { ip: "10.5.0.100/24" } }),
];

const sizes =
  ">= 100GB|>=100GB|100|1.5TiB|== 10 GB |> 1,000MB||>=|>= 100GBs|=> 100GB|= 100GB|!= 5GB|>> 5|>= -5GB|> 5 %|99999999EB";

const endpoints = [
  "https://10.5.0.11:6443",
  "https://10.5.0.11:6443/",
  "https://10.5.0.11:6443 ",
  " https://10.5.0.11:6443",
  "https://10.5.0.11:6443\n",
  "https://[fd00::1]:6443",
  "https://fd00::1:6443",
  "https://api.exa\tmple.org:6443",
  "https://api.example.org:99999",
  "https://api.example.org:0",
  "https://api.example.org:",
  "https://%61pi.example.org:6443",
  "https:///api.example.org:6443",
  "https:/api.example.org:6443",
];

/** What a spec is given, and what the machine is for it. */
interface Case {
  readonly name: string;
  readonly spec: ClusterSpecInput;
  readonly patch: unknown;
}

function ofNode(node: Partial<NodeSpecInput>, machine: unknown): Case {
  const [first, second] = minimalCluster().nodes;
  const { installDisk, ...rest } = first!;
  const disk = node.diskSelector ? {} : { installDisk };
  const nodes = [{ ...rest, ...disk, ...node } as NodeSpecInput, second!];
  return { name: JSON.stringify(node), spec: minimalCluster({ nodes }), patch: { machine } };
}

const cases: readonly Case[] = [
  ...interfaces.map((each) =>
    ofNode({ networkInterfaces: [each] }, { network: { interfaces: [each] } }),
  ),
  ...sizes
    .split("|")
    .map((size) => ofNode({ diskSelector: { size } }, { install: { diskSelector: { size } } })),
  ...endpoints.map((clusterEndpoint) => ({
    name: JSON.stringify(clusterEndpoint),
    spec: minimalCluster({ clusterEndpoint }),
    patch: { machine: { install: { disk: "/dev/sda" } } },
  })),
];

describe("the spec against Talos' own library (what that refuses; what it takes may not work)", function () {
  this.timeout(120_000);
  let machinery: Machinery;
  let machineSecrets: MachineSecretsData;

  before(async () => {
    machinery = await startMachinery();
    ({ machineSecrets } = await machinery.secrets("v1.13"));
  });
  after(() => machinery?.stop());

  const refusal = ({ spec, patch }: Case) =>
    refusalOf(machinery, {
      clusterName: spec.clusterName,
      clusterEndpoint: spec.clusterEndpoint,
      kubernetesVersion: spec.kubernetesVersion,
      machineType: "controlplane",
      machineSecrets,
      talosVersion: "v1.13",
      configPatches: [stringify(patch)],
    });

  it("takes nothing of interfaces, disks and endpoints that machines refuse", async () => {
    const answers = await Promise.all(
      cases.map(async (each) => ({ ...each, talos: await refusal(each) })),
    );
    const refused = answers.filter(({ talos }) => talos !== undefined);
    assert.ok(refused.length > 30, String(refused.length));
    assert.deepEqual(
      refused
        .filter(({ spec }) => parseClusterSpec(spec).spec)
        .map(({ name, talos }) => [name, talos]),
      [],
    );
    // What is refused beyond that is asserted beside the rules; of these cases it is nothing.
    assert.deepEqual(
      answers
        .filter(({ talos, spec }) => talos === undefined && !parseClusterSpec(spec).spec)
        .map(({ name }) => name),
      [],
    );
  });
});
