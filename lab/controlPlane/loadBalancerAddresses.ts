import { addressesOf, blockSize } from "./addresses";
import type { KubernetesObject } from "./kubernetesApi";

/** A CiliumLoadBalancerIPPool, as far as addresses depend on it. */
export interface AddressPool extends KubernetesObject {
  spec?: {
    blocks?: { cidr?: string; start?: string; stop?: string }[];
    disabled?: boolean;
    serviceSelector?: LabelSelector;
  };
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface LoadBalancerService extends KubernetesObject {
  spec: { type?: string; loadBalancerClass?: string };
  status?: { loadBalancer?: { ingress?: { ip?: string }[] } };
}

const IPS_ANNOTATIONS = ["lbipam.cilium.io/ips", "io.cilium/lb-ipam-ips"];
const CLASSES = ["io.cilium/l2-announcer", "io.cilium/bgp-control-plane"];

/** Whether Cilium's LB-IPAM is in charge of a service. */
export function isOurs(service: LoadBalancerService): boolean {
  const { type, loadBalancerClass } = service.spec;
  return (
    type === "LoadBalancer" &&
    (loadBalancerClass === undefined || CLASSES.includes(loadBalancerClass))
  );
}

/**
 * Addresses for the services that lack them, by UID. Older services and older pools come first, so
 * that the same objects always get the same addresses.
 */
export function allocateAddresses(
  pools: readonly AddressPool[],
  services: readonly LoadBalancerService[],
): Map<string, string[]> {
  const age = (left: KubernetesObject, right: KubernetesObject) =>
    (left.metadata.creationTimestamp ?? "").localeCompare(right.metadata.creationTimestamp ?? "") ||
    left.metadata.name.localeCompare(right.metadata.name);
  const ours = services.filter(isOurs).sort(age);
  const held = (service: LoadBalancerService) =>
    (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  const taken = new Set(ours.flatMap(held));
  const given = new Map<string, string[]>();
  for (const service of ours) {
    if (held(service).length > 0) {
      continue;
    }
    const usable = pools
      .filter(({ spec }) => spec?.disabled !== true)
      .filter(({ spec }) => selects(spec?.serviceSelector, labelsOf(service)))
      .sort(age);
    const wanted = requested(service);
    const addresses =
      wanted.length > 0
        ? wanted.filter(
            (address) => !taken.has(address) && usable.some((pool) => has(pool, address)),
          )
        : firstFree(usable, taken);
    if (addresses.length > 0) {
      addresses.forEach((address) => taken.add(address));
      given.set(service.metadata.uid ?? "", addresses);
    }
  }
  return given;
}

/** How many addresses a pool has. */
export function poolSize(pool: AddressPool): bigint {
  return (pool.spec?.blocks ?? []).reduce((total, block) => total + blockSize(block), 0n);
}

/** Whether labels satisfy a selector; none selects everything. */
export function selects(
  selector: LabelSelector | undefined,
  labels: Record<string, string>,
): boolean {
  const expressions = selector?.matchExpressions ?? [];
  return (
    Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    expressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          return false;
      }
    })
  );
}

/** Labels and the three names that Cilium lets a selector ask for besides. */
function labelsOf(service: LoadBalancerService): Record<string, string> {
  return {
    ...service.metadata.labels,
    "io.kubernetes.service.name": service.metadata.name,
    "io.kubernetes.service.namespace": service.metadata.namespace ?? "default",
  };
}

function requested(service: LoadBalancerService): string[] {
  const annotations = service.metadata.annotations ?? {};
  const value = IPS_ANNOTATIONS.map((name) => annotations[name]).find((entry) => entry);
  return (value ?? "")
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
}

function has(pool: AddressPool, address: string): boolean {
  for (const block of pool.spec?.blocks ?? []) {
    for (const candidate of addressesOf(block)) {
      if (candidate === address) {
        return true;
      }
    }
  }
  return false;
}

function firstFree(pools: readonly AddressPool[], taken: ReadonlySet<string>): string[] {
  for (const pool of pools) {
    for (const block of pool.spec?.blocks ?? []) {
      for (const address of addressesOf(block)) {
        if (!taken.has(address)) {
          return [address];
        }
      }
    }
  }
  return [];
}
