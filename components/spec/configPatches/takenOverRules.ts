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
  if (typeof mtu === "number" && mtu !== 0 && mtu < KUBE_SPAN_MINIMUM_MTU) {
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
      yield {
        where: path.join("."),
        got: value,
        reason: `machines refuse it beside a ${kind} document`,
        fix: "keep the document",
      };
    }
  }
}
