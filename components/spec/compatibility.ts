/** Releases that go together; a row is extended when a release comes out. */

/** Minors of Kubernetes 1 that a release supports, both ends included. */
export interface KubernetesMinors {
  readonly from: number;
  readonly to: number;
}

/**
 * What each minor of Talos 1 runs; its machines refuse any other version of Kubernetes.
 *
 * @see https://github.com/siderolabs/talos/tree/v1.13.0/pkg/machinery/compatibility (1.9 to 1.13)
 * @see https://github.com/siderolabs/talos/tree/v1.14.0-rc.1/pkg/machinery/compatibility (1.14)
 */
export const talosKubernetes: Readonly<Record<number, KubernetesMinors>> = {
  9: { from: 27, to: 32 },
  10: { from: 28, to: 33 },
  11: { from: 29, to: 34 },
  12: { from: 30, to: 35 },
  13: { from: 31, to: 36 },
  14: { from: 32, to: 37 },
};

/**
 * What Cilium's own end-to-end tests of each minor of Cilium 1 ran on. Others may work: its chart
 * asks for 1.21 or newer and for no more.
 *
 * @see https://docs.cilium.io/en/v1.20/network/kubernetes/compatibility/ (one page for each minor)
 */
export const ciliumKubernetes: Readonly<Record<number, KubernetesMinors>> = {
  17: { from: 28, to: 31 },
  18: { from: 30, to: 33 },
  19: { from: 32, to: 35 },
  20: { from: 33, to: 36 },
};

/** Oldest Kubernetes minor that Cilium's charts install on (`kubeVersion` of their Chart.yaml). */
export const CILIUM_KUBERNETES_FLOOR = 21;

/**
 * Minors of Cilium 1 that get fixes: the three newest.
 *
 * @see https://docs.cilium.io/en/stable/contributing/release/organization/
 */
export const ciliumMaintained: readonly number[] = [18, 19, 20];

/** A pair that does not work, by minors of Gateway API 1 and of Cilium 1, ends included. */
export interface BrokenGatewayAPI {
  readonly cilium: { readonly from: number; readonly to: number };
  readonly gatewayAPI: { readonly from: number; readonly to: number };
  /** Whether TLSRoute of the experimental channel makes it work. @default false */
  readonly savedByExperimentalTLSRoute?: true;
  readonly reason: string;
}

/**
 * Releases of Gateway API with which the operator of a minor of Cilium 1 fails, or switches Gateway
 * API off and says so in its log alone.
 *
 * @see https://github.com/cilium/cilium/issues/44920 (1.19 and TLSRoute)
 * @see https://docs.cilium.io/en/v1.20/network/servicemesh/gateway-api/gateway-api/ (prerequisites of each minor)
 */
export const brokenGatewayAPI: readonly BrokenGatewayAPI[] = [
  {
    cilium: { from: 16, to: 19 },
    gatewayAPI: { from: 0, to: 0 },
    reason: "it has no GRPCRoute v1, without which Gateway API is switched off",
  },
  {
    cilium: { from: 19, to: 19 },
    gatewayAPI: { from: 5, to: 99 },
    savedByExperimentalTLSRoute: true,
    reason: "its standard channel has TLSRoute as v1 only, and the operator fails without v1alpha2",
  },
  {
    cilium: { from: 20, to: 99 },
    gatewayAPI: { from: 0, to: 4 },
    reason:
      "it has no TLSRoute v1 and no ReferenceGrant v1, without which Gateway API is switched off",
  },
];

/**
 * Oldest config contract that is supported, and the newest that the provider (0.8.1) generates: for
 * any above it writes this one's.
 */
export const OLDEST_CONTRACT_MINOR = 9;
export const NEWEST_CONTRACT_MINOR = 13;

/**
 * The release of Gateway API whose CRDs each minor of Cilium 1 is made for.
 *
 * @see https://docs.cilium.io/en/v1.20/network/servicemesh/gateway-api/gateway-api/ (one page for each minor)
 */
export const ciliumGatewayAPI: Readonly<Record<number, string>> = {
  17: "v1.2.0",
  18: "v1.3.0",
  19: "v1.4.1",
  20: "v1.6.1",
};

/** Versions that the operator of a minor of Cilium 1 asks for when it starts, by the plural of the kind. */
export function gatewayAPIVersions(minor: number): Readonly<Record<string, string>> {
  const common = { gatewayclasses: "v1", gateways: "v1", httproutes: "v1", grpcroutes: "v1" };
  return minor < 20
    ? { ...common, referencegrants: "v1beta1" }
    : { ...common, referencegrants: "v1", tlsroutes: "v1", backendtlspolicies: "v1" };
}

/** The version of TLSRoute that a minor of Cilium 1 reads; before `v1` it is of the experimental channel. */
export function tlsRouteVersion(minor: number): "v1" | "v1alpha2" {
  return minor < 20 ? "v1alpha2" : "v1";
}

/** Major and minor of a Linux kernel. */
export type Kernel = readonly [major: number, minor: number];

/**
 * The kernel of each minor of Talos 1, in its first release.
 *
 * @see https://github.com/siderolabs/talos/blob/main/CHANGELOG.md
 */
export const talosKernels: Readonly<Record<number, Kernel>> = {
  5: [6, 1],
  6: [6, 1],
  7: [6, 6],
  8: [6, 6],
  9: [6, 12],
  10: [6, 12],
  11: [6, 12],
  12: [6, 18],
  13: [6, 18],
  14: [6, 18],
};
