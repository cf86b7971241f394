import {
  type AddressPool,
  allocateAddresses,
  isOurs,
  type LoadBalancerService,
  poolSize,
} from "./loadBalancerAddresses";
import type { KubernetesApi, KubernetesObject } from "./kubernetesApi";
import { timestamp } from "./timestamp";
import { pause, watchList } from "./watchList";

const POOLS = ["v2", "v2alpha1"].map((v) => `/apis/cilium.io/${v}/ciliumloadbalancerippools`);

/** Gives addresses of Cilium's pools to services of type LoadBalancer until `signal`. */
export async function serveLoadBalancers(api: KubernetesApi, signal: AbortSignal): Promise<void> {
  const poolPath = await firstServed(api, POOLS);
  if (poolPath === undefined) {
    return;
  }
  const pools = new Map<string, AddressPool>();
  const services = new Map<string, LoadBalancerService>();
  const written = new Map<string, string>();
  let due = false;
  const settle = () => {
    if (!due) {
      due = true;
      void pause(50, signal).then(async () => {
        due = false;
        if (!signal.aborted) {
          await assign(api, poolPath, [...pools.values()], [...services.values()], written);
        }
      });
    }
  };
  const keep =
    <T extends KubernetesObject>(into: Map<string, T>, relevant: (object: T) => boolean) =>
    (object: T, deleted: boolean) => {
      const uid = object.metadata.uid ?? "";
      const had = into.delete(uid);
      if (!deleted && relevant(object)) {
        into.set(uid, object);
        settle();
      } else if (had) {
        settle();
      }
    };
  await Promise.all([
    watchList<AddressPool>(
      api,
      poolPath,
      keep(pools, () => true),
      signal,
    ),
    watchList<LoadBalancerService>(api, "/api/v1/services", keep(services, isOurs), signal),
  ]);
}

async function assign(
  api: KubernetesApi,
  poolPath: string,
  pools: AddressPool[],
  services: LoadBalancerService[],
  written: Map<string, string>,
): Promise<void> {
  const given = allocateAddresses(pools, services);
  for (const { metadata } of services) {
    const addresses = given.get(metadata.uid ?? "");
    if (addresses !== undefined) {
      await api
        .patch(`/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}/status`, {
          status: { loadBalancer: { ingress: addresses.map((ip) => ({ ip, ipMode: "VIP" })) } },
        })
        .catch(() => undefined);
    }
  }
  for (const pool of pools) {
    const total = poolSize(pool);
    const message = `${total}`;
    if (written.get(pool.metadata.uid ?? "") !== message) {
      written.set(pool.metadata.uid ?? "", message);
      await api
        .patch(`${poolPath}/${pool.metadata.name}/status`, {
          status: {
            conditions: [
              condition("cilium.io/PoolConflict", "False", "resolved", "", pool),
              condition("cilium.io/IPsTotal", "Unknown", "noreason", message, pool),
            ],
          },
        })
        .catch(() => undefined);
    }
  }
}

function condition(
  type: string,
  status: string,
  reason: string,
  message: string,
  { metadata }: AddressPool,
) {
  return {
    type,
    status,
    reason,
    message,
    observedGeneration: metadata.generation,
    lastTransitionTime: timestamp(),
  };
}

async function firstServed(
  api: KubernetesApi,
  paths: readonly string[],
): Promise<string | undefined> {
  for (const path of paths) {
    try {
      await api.get(`${path}?limit=1`);
      return path;
    } catch {
      // Not this version.
    }
  }
  return undefined;
}
