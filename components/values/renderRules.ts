import type { ChartValues } from "./chartValues";
import { isMap, valueAt } from "./chartValues";

/** Values that do not go together: the chart ends its render at them, which a preview never does. */
export interface RenderRule {
  /** The value to change. */
  readonly path: string;
  /** Minor of the first chart that has the rule. */
  readonly since: number;
  readonly breaks: (values: ChartValues) => boolean;
  readonly reason: string;
  readonly fix: string;
}

function get(values: ChartValues, path: string): unknown {
  return valueAt(values, path.split("."));
}

/** Whether a switch is on; `unset` is the chart's default. */
function on(values: ChartValues, path: string, unset = false): boolean {
  const value = get(values, path);
  return value === undefined || value === null ? unset : Boolean(value);
}

function given(values: ChartValues, path: string): boolean {
  const value = get(values, path);
  if (isMap(value)) return Object.keys(value).length > 0;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function hubbleTLSByHand(values: ChartValues): boolean {
  return (
    on(values, "hubble.enabled", true) &&
    on(values, "hubble.tls.enabled", true) &&
    !on(values, "hubble.tls.auto.enabled", true)
  );
}

function hasCertificate(values: ChartValues, path: string): boolean {
  return (
    given(values, `${path}.existingSecret`) ||
    (given(values, `${path}.cert`) && given(values, `${path}.key`))
  );
}

function clusterName(values: ChartValues): unknown {
  return get(values, "cluster.name") ?? "default";
}

/** Those that values alone decide; what depends on the cluster, like its CRDs, is not among them. */
export const renderRules: readonly RenderRule[] = [
  {
    path: "k8sServiceHostRef",
    since: 18,
    breaks: (values) =>
      given(values, "k8sServiceHostRef.name") &&
      given(values, "k8sServiceHostRef.key") &&
      given(values, "k8sServiceHost"),
    reason: "k8sServiceHost and k8sServiceHostRef exclude each other",
    fix: "keep one of them",
  },
  {
    path: "k8sServiceHost",
    since: 14,
    breaks: (values) => get(values, "k8sServiceHost") === "auto",
    reason: "auto reads a ConfigMap cluster-info in kube-public, which Talos does not make",
    fix: "set 127.0.0.1, and k8sServicePort to KubePrism's port, 7445",
  },
  {
    path: "hubble.ui.enabled",
    since: 14,
    breaks: (values) =>
      on(values, "hubble.ui.enabled") &&
      !on(values, "hubble.ui.standalone.enabled") &&
      !on(values, "hubble.relay.enabled"),
    reason: "the UI reads from the relay, which is off",
    fix: "set hubble.relay.enabled to true",
  },
  {
    path: "hubble.relay.enabled",
    since: 14,
    breaks: (values) => on(values, "hubble.relay.enabled") && !on(values, "hubble.enabled", true),
    reason: "the relay reads from Hubble, which is off",
    fix: "set hubble.enabled to true",
  },
  {
    path: "hubble.tls.auto.certManagerIssuerRef",
    since: 14,
    breaks: (values) =>
      on(values, "hubble.enabled", true) &&
      on(values, "hubble.tls.enabled", true) &&
      on(values, "hubble.tls.auto.enabled", true) &&
      get(values, "hubble.tls.auto.method") === "certmanager" &&
      !given(values, "hubble.tls.auto.certManagerIssuerRef"),
    reason: "the method certmanager needs an issuer",
    fix: "set group, kind and name of a cert-manager issuer",
  },
  {
    path: "hubble.tls.server.existingSecret",
    since: 16,
    breaks: (values) => hubbleTLSByHand(values) && !hasCertificate(values, "hubble.tls.server"),
    reason: "hubble.tls.auto.enabled is false, and there is no certificate for the server",
    fix: "set the name of a Secret with ca.crt, tls.crt and tls.key",
  },
  {
    path: "hubble.relay.tls.client.existingSecret",
    since: 16,
    breaks: (values) =>
      hubbleTLSByHand(values) &&
      on(values, "hubble.relay.enabled") &&
      !hasCertificate(values, "hubble.relay.tls.client"),
    reason: "hubble.tls.auto.enabled is false, and there is no certificate for the relay",
    fix: "set the name of a Secret with ca.crt, tls.crt and tls.key",
  },
  {
    path: "hubble.redact.http.headers",
    since: 15,
    breaks: (values) =>
      given(values, "hubble.redact.http.headers.allow") &&
      given(values, "hubble.redact.http.headers.deny"),
    reason: "allow and deny exclude each other",
    fix: "keep one of them",
  },
  {
    path: "l7Proxy",
    since: 14,
    breaks: (values) =>
      !on(values, "l7Proxy", true) &&
      (on(values, "ingressController.enabled") ||
        on(values, "gatewayAPI.enabled") ||
        get(values, "loadBalancer.l7.backend") === "envoy"),
    reason: "Ingress, Gateway API and the layer 7 load balancer need the proxy",
    fix: "set l7Proxy to true",
  },
  {
    path: "cluster.name",
    since: 16,
    breaks: (values) =>
      !/^(?=.{1,32}$)([a-z0-9][-a-z0-9]*)?[a-z0-9]$/.test(String(clusterName(values))),
    reason: "a name has 1 to 32 lower-case letters, digits and hyphens, and no hyphen at its ends",
    fix: "choose such a name",
  },
  {
    path: "cluster.name",
    since: 16,
    breaks: (values) =>
      clusterName(values) === "default" && Number(get(values, "cluster.id") ?? 0) !== 0,
    reason: "a cluster with an id needs a name of its own",
    fix: "set cluster.name to something other than default",
  },
  {
    path: "clustermesh.maxConnectedClusters",
    since: 15,
    breaks: (values) =>
      ![255, 511].includes(Number(get(values, "clustermesh.maxConnectedClusters") ?? 255)),
    reason: "the identities of a mesh are laid out for 255 or 511 clusters",
    fix: "set 255 or 511",
  },
  {
    path: "bpf.tproxy",
    since: 19,
    breaks: (values) =>
      on(values, "bpf.tproxy") && /^netkit(-l2)?$/.test(String(get(values, "bpf.datapathMode"))),
    reason: "the transparent proxy does not work with netkit",
    fix: "remove it, or set bpf.datapathMode to veth",
  },
  {
    path: "eni.enabled",
    since: 20,
    breaks: (values) => get(values, "ipam.mode") === "eni" && !on(values, "eni.enabled"),
    reason: "ipam.mode is eni",
    fix: "set it to true, or ipam.mode to kubernetes",
  },
  {
    path: "ipv4NativeRoutingCIDR",
    since: 18,
    breaks: (values) =>
      get(values, "routingMode") === "native" &&
      on(values, "ipv4.enabled", true) &&
      get(values, "enableIPv4Masquerade") === true &&
      !on(values, "ipMasqAgent.enabled") &&
      !on(values, "nativeRoutingCIDRFromClusterPool") &&
      !given(values, "ipv4NativeRoutingCIDR"),
    reason: "native routing with masquerading has to know where not to masquerade",
    fix: "set it to the pod network, or to what routes it",
  },
  {
    path: "ipv6NativeRoutingCIDR",
    since: 18,
    breaks: (values) =>
      get(values, "routingMode") === "native" &&
      on(values, "ipv6.enabled") &&
      on(values, "enableIPv6Masquerade", true) &&
      !on(values, "ipMasqAgent.enabled") &&
      !on(values, "nativeRoutingCIDRFromClusterPool") &&
      !given(values, "ipv6NativeRoutingCIDR"),
    reason: "native routing with masquerading has to know where not to masquerade",
    fix: "set it to the IPv6 pod network, or to what routes it",
  },
  {
    path: "operator.removeNodeTaints",
    since: 14,
    breaks: (values) =>
      on(values, "operator.setNodeTaints") && !on(values, "operator.removeNodeTaints", true),
    reason: "taints that operator.setNodeTaints sets would never go",
    fix: "set it to true",
  },
];
