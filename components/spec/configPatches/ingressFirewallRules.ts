import { kubeSpanOf } from "../kubeSpan";
import { dataPathOf } from "../mesh";
import { ownValue } from "../rules/features/chartValue";
import type { ClusterSpec } from "../schema";
import { machinePorts } from "../talosPorts";
import { at, kindOf, listAt, textAt } from "./machineDocuments";
import type { MachineDocuments } from "./machineDocuments";
import type { CheckedMachine, MachineFinding, MachineRule } from "./machineRule";
import { portRange } from "./scalars";

/** Talos' ingress firewall beside what has to come in; patches that are secret may open more. */
export const ingressFirewallRules: readonly MachineRule[] = [
  { id: "ingress-firewall-closed", warns: true, check: closed },
];

function* closed(
  documents: MachineDocuments,
  { spec, machineType }: CheckedMachine,
): Iterable<MachineFinding> {
  const blocks = documents.some(
    (document) =>
      kindOf(document) === "NetworkDefaultActionConfig" && textAt(document, "ingress") === "block",
  );
  if (!spec || !blocks) return;
  const apiServer = Number(
    at(documents[0], "cluster", "controlPlane", "localAPIServerPort") ?? 6443,
  );
  // Shared patches are looked at without those of a machine.
  const ofMachines = spec.nodes.flatMap(({ configPatches }) => configPatches).join();
  const missing = neededPorts(spec, machineType === "worker", apiServer)
    .filter(({ port, protocol }) => !isOpen(documents, port, protocol))
    .filter(({ port }) => !ofMachines.includes(String(port)));
  if (missing.length === 0) return;
  yield {
    where: "NetworkDefaultActionConfig: ingress",
    got: "block",
    reason: `on a ${machineType} no NetworkRuleConfig lets in ${missing.map(({ port, protocol, what }) => `${port}/${protocol} (${what})`).join(", ")}`,
    fix: "add a NetworkRuleConfig with these ports for the networks that ask for them, see docs/data-path.md",
  };
}

/** Ports that a machine is asked at. Through KubeSpan the firewall lets everything in. */
function neededPorts(spec: ClusterSpec, isWorker: boolean, apiServer: number) {
  const { routingMode, tunnelProtocol, encryption } = dataPathOf(spec.cilium);
  const own = (key: string) => ownValue(spec.cilium, key);
  const throughKubeSpan = kubeSpanOf(spec) !== undefined;
  const needsPeers = !throughKubeSpan && spec.nodes.length > 1;
  const controlPlanes = spec.nodes.filter((node) => node.machineType === "controlplane").length;
  const needed = new Map<number, boolean>([
    [50000, true],
    [apiServer, !isWorker],
    [51820, throughKubeSpan],
    [50001, needsPeers && !isWorker],
    [2379, needsPeers && !isWorker && controlPlanes > 1],
    [10250, needsPeers],
    [8472, needsPeers && routingMode === "tunnel" && tunnelProtocol === "vxlan"],
    [6081, needsPeers && routingMode === "tunnel" && tunnelProtocol === "geneve"],
    [51871, needsPeers && encryption === "wireguard"],
    [4240, needsPeers && own("healthChecking") !== false],
  ]);
  const hubble = { first: 4244, last: 4244, protocol: "TCP", what: "Hubble's peers" };
  const asksPeers = needsPeers && spec.cilium.hubble.enabled && spec.cilium.hubble.relay;
  return [
    ...machinePorts(apiServer).filter(({ first }) => needed.get(first)),
    ...(asksPeers ? [hubble] : []),
  ].flatMap(({ first, last, protocol, what }) => {
    const isTunnel = first === 8472 || first === 6081;
    const from = isTunnel ? Number(own("tunnelPort")) || first : first;
    return Array.from({ length: last - first + 1 }, (_, index) => ({
      port: from + index,
      protocol: protocol.toLowerCase(),
      what,
    }));
  });
}

function isOpen(documents: MachineDocuments, port: number, protocol: string): boolean {
  return documents.some(
    (document) =>
      kindOf(document) === "NetworkRuleConfig" &&
      textAt(document, "portSelector", "protocol") === protocol &&
      listAt(document, "ingress").length > 0 &&
      listAt(document, "portSelector", "ports").some((each) => {
        const [first, last] = portRange(each) ?? [0, -1];
        return first <= port && port <= last;
      }),
  );
}
