import type { TestLab } from "./testLab";

const KINDS =
  "namespaces,serviceaccounts,configmaps,secrets,services,daemonsets,deployments,roles,rolebindings,clusterroles,clusterrolebindings";
/** What belongs to the method itself, to Talos or to the objects' controllers. */
const FOREIGN =
  /sh\.helm\.release|talos-bootstrap-manifests-inventory|kube-root-ca\.crt|bootstrap-token|cilium-install/;

/** Kind, namespace and name of all that is called after Cilium or Hubble, and `cilium-config`. */
export async function installedCilium(lab: TestLab) {
  const list = JSON.parse(
    await lab.kubectl(["get", KINDS, "--all-namespaces", "--output=json"]),
  ) as { items: { kind: string; metadata: { namespace?: string; name: string } }[] };
  const objects = list.items
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`)
    .filter((object) => /cilium|hubble/.test(object) && !FOREIGN.test(object))
    .sort();
  const config = JSON.parse(
    await lab.kubectl(["get", "configmap", "cilium-config", "-n", "kube-system", "-o=json"]),
  ) as { data: Record<string, string> };
  return { objects, config: config.data };
}

/** UIDs of Cilium's agents, each of which is replaced where its template changes. */
export async function agentUIDs(lab: TestLab): Promise<string> {
  const uids = "jsonpath={range .items[*]}{.metadata.uid} {end}";
  const pods = ["get", "pods", "-n", "kube-system", "-l", "k8s-app=cilium", `-o=${uids}`];
  return (await lab.kubectl(pods)).trim().split(" ").sort().join(" ");
}
