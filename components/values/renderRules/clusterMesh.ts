import type { ChartValues } from "../chartValues";
import { isMap } from "../chartValues";
import { either, get, given, on, type RenderRule } from "./renderRule";

const MESH = "clustermesh";
const SERVER = "clustermesh.apiserver";
const IN_CRDS = ["crd", "doublewrite-readkvstore", "doublewrite-readcrd"];
const IN_KVSTORE = ["kvstore", "doublewrite-readkvstore", "doublewrite-readcrd"];

/** The mesh of clusters and its API server. */
export const clusterMeshRules: readonly RenderRule[] = [
  {
    path: `${MESH}.maxConnectedClusters`,
    since: 15,
    breaks: (values) =>
      ![255, 511].includes(Number(either(values, `${MESH}.maxConnectedClusters`, 255))),
    reason: "the identities of a mesh are laid out for 255 or 511 clusters",
    fix: "set 255 or 511",
  },
  {
    path: `${MESH}.config.clusters`,
    since: 14,
    breaks: (values) =>
      on(values, `${MESH}.config.enabled`) &&
      remotes(values).some((remote) => isMap(remote) && !remote["address"] && !remote["ips"]),
    reason: "the agents do not know where to find a cluster of the mesh",
    fix: "give each cluster an address, or ips",
  },
  {
    path: `${SERVER}.tls.auto.certManagerIssuerRef`,
    since: 14,
    breaks: (values) =>
      serves(values) &&
      on(values, `${SERVER}.tls.auto.enabled`, true) &&
      get(values, `${SERVER}.tls.auto.method`) === "certmanager" &&
      !given(values, `${SERVER}.tls.auto.certManagerIssuerRef`),
    reason: "the method certmanager needs an issuer",
    fix: "set group, kind and name of a cert-manager issuer",
  },
  {
    path: `${SERVER}.tls.authMode`,
    since: 14,
    breaks: (values) =>
      serves(values) &&
      !["legacy", "migration", "cluster"].includes(
        String(either(values, `${SERVER}.tls.authMode`, "legacy")),
      ),
    reason: "the API server knows three ways to tell who asks",
    fix: "set legacy, migration or cluster",
  },
  {
    path: `${SERVER}.tls.auto.enabled`,
    since: 20,
    breaks: (values) =>
      serves(values) &&
      !on(values, `${SERVER}.tls.auto.enabled`, true) &&
      ["server", "admin", "remote"].some((name) => given(values, `${SERVER}.tls.${name}.cert`)),
    reason: "the chart takes no certificates of the mesh as values any more",
    fix: "set it to true, or put the certificates into Secrets of the chart's names",
  },
  {
    path: `${SERVER}.tls.auto.enabled`,
    since: 14,
    breaks: (values, minor) =>
      minor < 20 &&
      serves(values) &&
      kvstoreMode(values) === "internal" &&
      !on(values, `${SERVER}.tls.auto.enabled`, true) &&
      on(values, `${SERVER}.tls.enableSecrets`, true) &&
      ["server", "admin", "remote"].some(
        (name) =>
          !given(values, `${SERVER}.tls.${name}.cert`) ||
          !given(values, `${SERVER}.tls.${name}.key`),
      ),
    reason: "it is false, and there are no certificates for the mesh",
    fix: "set it to true, or enableSecrets beside it to false and make the Secrets yourself",
  },
  {
    path: "disableEndpointCRD",
    since: 18,
    breaks: (values) =>
      serves(values) && IN_CRDS.includes(identities(values)) && on(values, "disableEndpointCRD"),
    reason: "the API server of the mesh reads CiliumEndpoints",
    fix: "set it to false",
  },
  {
    path: `${SERVER}.kvstoremesh.enabled`,
    since: 18,
    breaks: (values) =>
      serves(values) &&
      !IN_CRDS.includes(identities(values)) &&
      !on(values, `${SERVER}.kvstoremesh.enabled`, true),
    reason: "with identities in a kvstore nothing else would fill the API server of the mesh",
    fix: "set it to true",
  },
  {
    path: `${SERVER}.kvstoremesh.kvstoreMode`,
    since: 18,
    breaks: (values) => !["internal", "external"].includes(kvstoreMode(values)),
    reason: "the kvstore is the API server's own or one that is there",
    fix: "set internal or external",
  },
  {
    path: `${SERVER}.kvstoremesh.kvstoreMode`,
    since: 18,
    breaks: (values) =>
      kvstoreMode(values) === "external" &&
      !(
        serves(values) &&
        on(values, `${SERVER}.kvstoremesh.enabled`, true) &&
        String(either(values, `${SERVER}.replicas`, 1)) === "1" &&
        IN_KVSTORE.includes(identities(values))
      ),
    reason:
      "external goes with useAPIServer, kvstoremesh, one replica and identities in the kvstore",
    fix: "set clustermesh.useAPIServer, kvstoremesh.enabled, replicas and identityAllocationMode so, or internal",
  },
];

function serves(values: ChartValues): boolean {
  return on(values, `${MESH}.useAPIServer`);
}

function identities(values: ChartValues): string {
  return String(either(values, "identityAllocationMode", "crd"));
}

function kvstoreMode(values: ChartValues): string {
  return String(either(values, `${SERVER}.kvstoremesh.kvstoreMode`, "internal"));
}

/** The other clusters, those that are switched off left out. */
function remotes(values: ChartValues): unknown[] {
  const clusters = get(values, `${MESH}.config.clusters`) ?? [];
  const all = Array.isArray(clusters) ? clusters : isMap(clusters) ? Object.values(clusters) : [];
  return all.filter((remote) => !isMap(remote) || remote["enabled"] !== false);
}
