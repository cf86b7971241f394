import { formatProblems } from "../problems";
import { type CiliumSpecInput, parseCiliumSpec } from "../spec";
import { ciliumMaintained } from "../spec/compatibility";
import { propertyPath } from "../spec/propertyPath";
import { type Manifest, ciliumObjects } from "./objects";
import { DNS_RULE } from "./objects/networkPolicies";

// For programs that make objects of their own beside the cluster: each function takes what the key
// of the same name under `cilium` takes, asks the same rules, and returns the same manifest.

type GatewayAPI = NonNullable<CiliumSpecInput["gatewayAPI"]>;
type NetworkPolicies = NonNullable<CiliumSpecInput["networkPolicies"]>;
type Entry<T> = NonNullable<T>[keyof NonNullable<T>];
/** An entry of a map of the spec, with its key as its name. */
type Named<T> = Entry<T> & { readonly name: string };

export type GatewayArgs = Named<GatewayAPI["gateways"]>;
export type HTTPRouteArgs = Named<GatewayAPI["httpRoutes"]>;
export type GRPCRouteArgs = Named<GatewayAPI["grpcRoutes"]>;
export type TLSRouteArgs = Named<GatewayAPI["tlsRoutes"]> & {
  /** Version of the Cilium that serves it, which decides that of the object. */
  readonly ciliumVersion: string;
};
export type NetworkPolicyArgs = Named<NetworkPolicies["policies"]>;
export type DefaultDenyPolicyArgs = NonNullable<NetworkPolicies["baseline"]>;
/** What the policies of one purpose have of a network policy. */
type Policy = Pick<NetworkPolicyArgs, "name" | "namespace" | "description" | "endpointSelector">;
type Selectors = NonNullable<NonNullable<NetworkPolicyArgs["ingress"]>[number]["fromEndpoints"]>;
type Requests = NonNullable<
  NonNullable<
    NonNullable<NonNullable<NetworkPolicyArgs["ingress"]>[number]["toPorts"]>[number]["rules"]
  >["http"]
>;

export interface FQDNPolicyArgs extends Policy {
  /** DNS names of the hosts that the pods may call, such as `api.example.org` or `*.example.org`. */
  readonly names: readonly string[];
  /** TCP ports, in quotes. @default ["443"] */
  readonly ports?: readonly string[];
}

export interface HTTPPolicyArgs extends Policy {
  /** TCP port that the pods listen on, in quotes, or its name. */
  readonly port: string;
  /** Requests that pass: expressions for method, path and host. */
  readonly requests: Requests;
  /** Pods that may send them, by labels. @default all of the namespace */
  readonly fromEndpoints?: Selectors;
}

/**
 * A Gateway of Cilium's class. Secrets of certificates are named, not made.
 *
 * @throws Error with every problem, as the preview would say it; so does each function here
 */
export function gateway({ name, ...entry }: GatewayArgs): Manifest {
  return manifestOf(["gatewayAPI", "gateways"], name, entry);
}

/** An HTTPRoute of Gateway API. */
export function httpRoute({ name, ...entry }: HTTPRouteArgs): Manifest {
  return manifestOf(["gatewayAPI", "httpRoutes"], name, entry);
}

/** A GRPCRoute of Gateway API. */
export function grpcRoute({ name, ...entry }: GRPCRouteArgs): Manifest {
  return manifestOf(["gatewayAPI", "grpcRoutes"], name, entry);
}

/** A TLSRoute of Gateway API: `v1`, and `v1alpha2` before Cilium 1.20. */
export function tlsRoute({ name, ciliumVersion, ...entry }: TLSRouteArgs): Manifest {
  return manifestOf(["gatewayAPI", "tlsRoutes"], name, entry, ciliumVersion);
}

/** A CiliumNetworkPolicy, or a CiliumClusterwideNetworkPolicy where no namespace is given. */
export function networkPolicy({ name, ...entry }: NetworkPolicyArgs): Manifest {
  return manifestOf(["networkPolicies", "policies"], name, entry);
}

/** Denies pods everything but DNS, the Kubernetes API, and what their node and the API ask of them. */
export function defaultDenyPolicy(args: DefaultDenyPolicyArgs = {}): Manifest {
  return manifestOf(["networkPolicies"], "baseline", args);
}

/** Lets pods call hosts by their DNS names, with the rule for DNS without which Cilium knows no address. */
export function fqdnPolicy({ names, ports = ["443"], ...policy }: FQDNPolicyArgs): Manifest {
  const toFQDNs = names.map((name) =>
    name.includes("*") ? { matchPattern: name } : { matchName: name },
  );
  const toPorts = [{ ports: ports.map((port) => ({ port, protocol: "TCP" as const })) }];
  return networkPolicy({ ...policy, egress: [{ toFQDNs, toPorts }, DNS_RULE] });
}

/** Lets only some requests of HTTP reach pods. */
export function httpPolicy(args: HTTPPolicyArgs): Manifest {
  const { port, requests, fromEndpoints = [{}], ...policy } = args;
  const rules = { http: requests };
  const toPorts = [{ ports: [{ port, protocol: "TCP" as const }], rules }];
  return networkPolicy({ ...policy, ingress: [{ fromEndpoints, toPorts }] });
}

/** Of what is made here only TLSRoutes differ between versions. */
const NEWEST = `1.${Math.max(...ciliumMaintained)}.0`;

function manifestOf(
  at: readonly string[],
  name: string,
  entry: object,
  version = NEWEST,
): Manifest {
  const path = [...at, name];
  const features = path.reduceRight<object>((inner, key) => ({ [key]: inner }), entry);
  const { spec, problems } = parseCiliumSpec({ version, ...features });
  const place = propertyPath(["cilium", ...path]);
  const found = spec ? ciliumObjects(spec).map(({ manifest }) => manifest) : [];
  const secret = found.length > 1 && {
    id: "nested-secret",
    propertyPath: "listeners",
    reason: "a manifest holds no certificate",
    fix: "make the Secret yourself, and name it in tls.secretName",
  };
  const all = [...problems, ...(secret ? [secret] : [])];
  if (all.length === 0) return found[0]!;
  const own = all.map((problem) => ({
    ...problem,
    propertyPath: problem.propertyPath.replace(place, "").replace(/^\./, ""),
  }));
  throw new Error(formatProblems(own, `${at.at(-1)} ${name} cannot be made:`));
}
