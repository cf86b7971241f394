import { type ChartValues, valueAt } from "../../../values/chartValues";
import { AGENT_QPS, announcingQPS } from "../../../values/l2Announcements";
import { DEFAULT_ANNOUNCED_SERVICES } from "../../cilium/l2Announcements";
import { durationSeconds, isDuration } from "../../duration";
import { goRegexpFault, goRegexpFinds } from "../../goRegexp";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import { minorOf, parseVersion } from "../../versions";
import type { Finding } from "../rule";
import { isReplaced, ownValue } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";
import { rangeOf } from "./lbIPAM";

/** Announcements on the local network. */
export const l2AnnouncementsRules: readonly CiliumRule[] = [
  { id: "l2-kube-proxy", check: l2KubeProxy },
  { id: "l2-nothing", check: l2Nothing },
  { id: "l2-interface", check: l2Interface },
  { id: "l2-device", check: l2Device },
  { id: "l2-lease", check: l2Lease },
  { id: "l2-services", check: l2Services },
  { id: "l2-rate-limit", warns: true, check: l2RateLimit },
  { id: "l2-ipv6", warns: true, check: l2IPv6 },
  { id: "l2-traffic-policy", warns: true, check: l2TrafficPolicy },
  { id: "pool-unreachable", warns: true, check: poolUnreachable },
];

function* l2KubeProxy(cilium: CiliumSpec): Iterable<Finding> {
  if (!cilium.l2Announcements || isReplaced(cilium)) return;
  yield {
    propertyPath: "cilium.l2Announcements",
    reason:
      "agents answer only for Services that they serve themselves, and kube-proxy serves them here",
    fix: "set kubeProxyReplacement to true and kubeProxy to false, or leave l2Announcements out",
  };
}

function* l2Nothing({ l2Announcements }: CiliumSpec): Iterable<Finding> {
  for (const [name, policy] of Object.entries(l2Announcements?.policies ?? {})) {
    if (policy.loadBalancerIPs || policy.externalIPs) continue;
    yield {
      propertyPath: at(name, "loadBalancerIPs"),
      got: false,
      reason: "with externalIPs off too, the policy announces nothing",
      fix: "set one of both to true, or remove the policy",
    };
  }
}

function* l2Interface({ l2Announcements }: CiliumSpec): Iterable<Finding> {
  for (const [name, { interfaces = [] }] of Object.entries(l2Announcements?.policies ?? {})) {
    for (const [index, got] of interfaces.entries()) {
      const fault = goRegexpFault(got);
      if (fault === undefined) continue;
      yield {
        propertyPath: at(name, "interfaces", index),
        got,
        reason: `it is no regular expression of Go: ${fault}`,
        fix: "write for example ^eth[0-9]+",
      };
    }
  }
}

function* l2Device(cilium: CiliumSpec): Iterable<Finding> {
  const devices = ownValue(cilium, "devices");
  const list = typeof devices === "string" ? devices.split(/[\s,]+/) : devices;
  // What is neither a text nor a list is another rule's.
  const names = Array.isArray(list) ? list.filter((name) => typeof name === "string") : [];
  // A name that ends in + stands for many, and one behind ! for all others.
  if (names.every((name) => name === "") || names.some((name) => /^!|\+$/.test(name))) return;
  for (const [name, { interfaces }] of Object.entries(cilium.l2Announcements?.policies ?? {})) {
    // One that is none is another rule's.
    if (!interfaces?.length || interfaces.some((one) => goRegexpFault(one) !== undefined)) continue;
    if (interfaces.some((one) => names.some((device) => goRegexpFinds(one, device)))) continue;
    yield {
      propertyPath: at(name, "interfaces"),
      got: interfaces,
      reason: `none of them is among cilium.values.devices (${names.join(", ")}), and agents announce on no other`,
      fix: "add the link to devices, or remove devices",
    };
  }
}

function* l2Lease({ l2Announcements }: CiliumSpec): Iterable<Finding> {
  if (!l2Announcements) return;
  const {
    leaseDuration = "15s",
    leaseRenewDeadline = "5s",
    leaseRetryPeriod = "2s",
  } = l2Announcements;
  const times = { leaseDuration, leaseRenewDeadline, leaseRetryPeriod };
  const faulty = Object.entries(times).find(
    ([, got]) => !isDuration(got) || durationSeconds(got) <= 0,
  );
  if (faulty) {
    yield {
      propertyPath: at0(faulty[0]),
      got: faulty[1],
      reason: "it is no Go duration longer than nothing",
      fix: "write a number with its unit, such as 15s",
    };
  } else if (
    durationSeconds(leaseRenewDeadline) >= durationSeconds(leaseDuration) ||
    durationSeconds(leaseRetryPeriod) * 1.2 >= durationSeconds(leaseRenewDeadline)
  ) {
    yield {
      propertyPath: "cilium.l2Announcements",
      got: times,
      reason: "a node has to try again before its deadline, and to give up before its lease ends",
      fix: "make leaseRetryPeriod shorter than leaseRenewDeadline, and that shorter than leaseDuration",
    };
  }
}

function* l2Services({ l2Announcements }: CiliumSpec): Iterable<Finding> {
  if (!l2Announcements || l2Announcements.services >= 1) return;
  yield {
    propertyPath: at0("services"),
    got: l2Announcements.services,
    reason: "the agents' limit of requests is sized for at least one",
    fix: "write how many Services there will be, or leave the key out",
  };
}

// Beside the agent's other requests, each Service costs one in every deadline.
function* l2RateLimit(cilium: CiliumSpec): Iterable<Finding> {
  const typed = cilium.l2Announcements;
  const got = ownValue(cilium, "k8sClientRateLimit.qps");
  const isOn = ownValue(cilium, "l2announcements.enabled") ?? typed !== undefined;
  if (!isOn || got === undefined) return;
  const deadline = ownValue(cilium, "l2announcements.leaseRenewDeadline");
  const services = typed?.services ?? DEFAULT_ANNOUNCED_SERVICES;
  const needed = announcingQPS(
    services,
    deadline === undefined ? typed?.leaseRenewDeadline : String(deadline),
  );
  if ((Number(got) || AGENT_QPS) >= needed) return;
  yield {
    propertyPath: "cilium.values.k8sClientRateLimit.qps",
    got,
    reason: `an agent that announces ${services} Services needs ${needed} requests a second, and loses its leases with less`,
    fix: typed
      ? "remove it, or write fewer services under cilium.l2Announcements"
      : `write ${needed} or more, or take cilium.l2Announcements, which sizes it`,
  };
}

function* l2IPv6({ lbIPAM, l2Announcements, version }: CiliumSpec): Iterable<Finding> {
  const cilium = parseVersion(version);
  if (!l2Announcements || !cilium || cilium.minor >= 19) return;
  for (const [name, { blocks }] of Object.entries(lbIPAM?.pools ?? {})) {
    const index = blocks.findIndex((block) => rangeOf(block)?.family === "IPv6");
    if (index < 0) continue;
    yield {
      propertyPath: propertyPath(["cilium", "lbIPAM", "pools", name, "blocks", index]),
      got: blocks[index],
      reason: `Cilium ${minorOf(cilium)} announces IPv4 alone`,
      fix: "route these addresses yourself, or use Cilium 1.19 or newer",
    };
  }
}

function* l2TrafficPolicy(cilium: CiliumSpec): Iterable<Finding> {
  if (!cilium.l2Announcements) return;
  for (const path of ["gatewayAPI", "ingressController.service"]) {
    const policy = `${path}.externalTrafficPolicy`;
    const own = ownValue(cilium, policy);
    const typed = valueAt(cilium as ChartValues, policy.split("."));
    if ((own ?? typed) !== "Local") continue;
    yield {
      propertyPath: own === undefined ? `cilium.${policy}` : `cilium.values.${policy}`,
      got: "Local",
      reason:
        "the node that announces an address need not run a pod of the Service, and then answers nobody",
      fix: "leave it at Cluster; a Service of your own with Local is dropped in the same way",
    };
  }
}

function* poolUnreachable(cilium: CiliumSpec): Iterable<Finding> {
  const pools = Object.keys(cilium.lbIPAM?.pools ?? {});
  const isAnnounced =
    cilium.l2Announcements !== undefined ||
    cilium.bgpControlPlane !== undefined ||
    ["l2announcements", "bgpControlPlane"].some((path) => ownValue(cilium, `${path}.enabled`));
  if (pools.length === 0 || isAnnounced) return;
  yield {
    propertyPath: "cilium.lbIPAM.pools",
    got: pools,
    reason: "nothing tells the network where these addresses are",
    fix: "add l2Announcements or bgpControlPlane; nothing is wrong where a router has a route to them",
  };
}

function at0(key: string): string {
  return `cilium.l2Announcements.${key}`;
}

function at(...path: readonly (string | number)[]): string {
  return propertyPath(["cilium", "l2Announcements", "policies", ...path]);
}
