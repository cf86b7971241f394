import { NEWEST_CONTRACT_MINOR } from "../../components/spec/compatibility";
import { parseVersion } from "../../components/spec/versions";

/**
 * Versions that a new environment begins with: the newest minors that go together by
 * `components/spec/compatibility.ts` (a test says so), each at a release that exists.
 */
export const PINNED_VERSIONS = {
  talosVersion: "v1.13.0", // renovate: datasource=github-releases depName=siderolabs/talos
  kubernetesVersion: "1.36.3", // renovate: datasource=github-releases depName=kubernetes/kubernetes
  ciliumVersion: "1.20.0", // renovate: datasource=helm depName=cilium registryUrl=https://helm.cilium.io
} as const;

/** What raises a pinned version in a pull request, by the key of the stack file. */
export const RENOVATE_HINTS = {
  talosVersion: "renovate: datasource=github-releases depName=siderolabs/talos",
  kubernetesVersion: "renovate: datasource=github-releases depName=kubernetes/kubernetes",
  ciliumVersion: "renovate: datasource=helm depName=cilium registryUrl=https://helm.cilium.io",
} as const;

/** The config contract of a cluster that begins with a Talos version: its own, where there is one. */
export function contractOf(talosVersion: string): string {
  const talos = parseVersion(talosVersion);
  const minor = talos?.major === 1 ? talos.minor : NEWEST_CONTRACT_MINOR;
  return `v1.${Math.min(minor, NEWEST_CONTRACT_MINOR)}`;
}
