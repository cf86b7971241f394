import { parseCidr } from "../cidr";
import { durationSeconds } from "../duration";
import { badSubnet } from "./clusterRules";
import { at, kindOf, listAt } from "./machineDocuments";
import type { MachineDocuments } from "./machineDocuments";
import type { MachineFinding, MachineRule } from "./machineRule";

/** Settings that have moved from the first document to ones of their own. */
export const takenOverRules: readonly MachineRule[] = [
  { id: "patch-kubespan", check: kubeSpan },
  { id: "patch-set-twice", check: setTwice },
];

const KUBE_SPAN_MINIMUM_MTU = 1280;

function* kubeSpan([main, ...others]: MachineDocuments): Iterable<MachineFinding> {
  const document = others.find((other) => kindOf(other) === "KubeSpanConfig");
  const where = document ? "KubeSpanConfig" : "machine.network.kubespan";
  const config = document ?? at(main, "machine", "network", "kubespan");
  if (!document && at(config, "enabled") !== true) return;
  const mtu = at(config, "mtu");
  // In the first document 0 stands for the default.
  const isSet = typeof mtu === "number" && (document !== undefined || mtu !== 0);
  if (isSet && mtu < KUBE_SPAN_MINIMUM_MTU) {
    yield {
      where: `${where}.mtu`,
      got: mtu,
      reason: `machines refuse less than ${KUBE_SPAN_MINIMUM_MTU}`,
      fix: `write ${KUBE_SPAN_MINIMUM_MTU} or more`,
    };
  }
  if (!document && at(main, "cluster", "discovery", "enabled") !== true) {
    yield {
      where,
      reason: "machines refuse KubeSpan without cluster.discovery",
      fix: "leave cluster.discovery.enabled at true",
    };
  }
  for (const [index, endpoint] of listAt(config, "filters", "endpoints").entries()) {
    yield* badSubnet(`${where}.filters.endpoints[${index}]`, endpoint);
  }
  for (const [index, network] of listAt(config, "filters", "excludeAdvertisedNetworks").entries()) {
    if (parseCidr(String(network)) || (document && network === "")) continue;
    yield {
      where: `${where}.filters.excludeAdvertisedNetworks[${index}]`,
      got: network,
      reason: "machines refuse what is no network in CIDR notation",
      fix: "write a network such as 10.5.0.0/24",
    };
  }
}

/** Settings that newer documents have taken over, and that machines refuse in both places. */
const TAKEN_OVER: readonly { kind: string; paths: readonly (readonly string[])[] }[] = [
  {
    kind: "ResolverConfig",
    paths: [
      ["machine", "network", "nameservers"],
      ["machine", "network", "searchDomains"],
      ["machine", "network", "disableSearchDomain"],
    ],
  },
  {
    kind: "TimeSyncConfig",
    paths: [
      ["machine", "time", "disabled"],
      ["machine", "time", "servers"],
      ["machine", "time", "bootTimeout"],
    ],
  },
  { kind: "KubeSpanConfig", paths: [["machine", "network", "kubespan"]] },
];

function* setTwice([main, ...others]: MachineDocuments): Iterable<MachineFinding> {
  for (const { kind, paths } of TAKEN_OVER) {
    if (!others.some((other) => kindOf(other) === kind)) continue;
    for (const path of paths) {
      const value = at(main, ...path);
      if (value === undefined || value === null || value === false) continue;
      if (Array.isArray(value) && value.length === 0) continue;
      if (path.at(-1) === "bootTimeout" && durationSeconds(String(value)) === 0) continue;
      yield {
        where: path.join("."),
        got: value,
        reason: `machines refuse it beside a ${kind} document`,
        fix: "keep the document",
      };
    }
  }
}
