import type { CiliumSpec } from "../spec";
import type { ChartValues } from "./chartValues";

type Hubble = CiliumSpec["hubble"];

/** Secrets in the release's namespace that hold certificates made outside the chart. */
export interface CertificateSecretNames {
  /** The CA, keys `ca.crt` and `ca.key`; the chart finds it by its own name. @default "cilium-ca" */
  readonly ca: string;
  /** Keys `ca.crt`, `tls.crt` and `tls.key`. */
  readonly hubbleServer: string;
  /** Keys `ca.crt`, `tls.crt` and `tls.key`; absent where somebody else's has no relay. */
  readonly hubbleRelayClient?: string;
}

/** For pods of a cluster whose only nodes are control planes that take no ordinary ones. */
export const CONTROL_PLANE_TOLERATIONS = [
  { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
];

/**
 * Hubble, and certificates that no render makes: with `helm`, the chart's default, each render has
 * new private keys in it.
 */
export function hubbleValues(input: {
  readonly hubble: Hubble;
  readonly certificateSecrets?: CertificateSecretNames;
  /** Whether control planes are the only nodes, and take no ordinary pods. */
  readonly onlyControlPlanes?: boolean;
}): ChartValues {
  const { hubble, certificateSecrets, onlyControlPlanes = false } = input;
  if (!hubble.enabled) return { hubble: { enabled: false } };
  const tolerates = hubble.tolerateControlPlanes ?? onlyControlPlanes;
  const running = {
    rollOutPods: true,
    ...(tolerates && { tolerations: CONTROL_PLANE_TOLERATIONS }),
  };
  const relayClient = certificateSecrets?.hubbleRelayClient;
  const auto: ChartValues = certificateSecrets
    ? { enabled: false }
    : { enabled: true, ...madeBy(hubble.tls) };
  return {
    // The Job that makes the certificates has to run somewhere, or Relay never gets ready.
    ...(auto["method"] === "cronJob" &&
      tolerates && { certgen: { tolerations: CONTROL_PLANE_TOLERATIONS } }),
    hubble: {
      enabled: true,
      relay: {
        enabled: hubble.relay,
        ...(hubble.relay && running),
        ...(relayClient !== undefined && { tls: { client: { existingSecret: relayClient } } }),
      },
      ui: { enabled: hubble.ui, ...(hubble.ui && { ...running, ...uiAccess(hubble.uiAccess) }) },
      ...(hubble.metrics && { metrics: { enabled: hubble.metrics } }),
      tls: {
        auto,
        ...(certificateSecrets && { server: { existingSecret: certificateSecrets.hubbleServer } }),
      },
    },
  };
}

function madeBy(tls: Hubble["tls"]): ChartValues {
  return tls?.method === "certmanager"
    ? { method: "certmanager", certManagerIssuerRef: tls.issuerRef ?? {} }
    : { method: "cronJob" };
}

/** The Gateway's part is an HTTPRoute: charts up to 1.20 have none. */
function uiAccess({ ingress, loadBalancer }: Hubble["uiAccess"] = {}): ChartValues {
  return {
    ...(ingress && { ingress: ingressValues(ingress) }),
    ...(loadBalancer && {
      service: {
        type: "LoadBalancer",
        ...(loadBalancer.annotations && { annotations: loadBalancer.annotations }),
      },
    }),
  };
}

function ingressValues({
  hostname,
  className,
  annotations,
  tlsSecretName,
}: NonNullable<NonNullable<Hubble["uiAccess"]>["ingress"]>): ChartValues {
  return {
    enabled: true,
    hosts: [hostname],
    ...(className !== undefined && { className }),
    ...(annotations && { annotations }),
    ...(tlsSecretName !== undefined && {
      tls: [{ secretName: tlsSecretName, hosts: [hostname] }],
    }),
  };
}
