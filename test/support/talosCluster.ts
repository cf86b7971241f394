import { randomBytes } from "node:crypto";
import { stringify } from "yaml";
import type { ClientCredentials } from "../../talosApi";
import {
  certificateAuthority,
  issuerOf,
  talosClientCertificate,
} from "../../lab/nodes/certificates";
import type { PemPair } from "../../lab/nodes/machineConfiguration";

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");

/** A cluster's PKI and configurations, made without Talos' library: only what a node reads. */
export interface TestCluster {
  ca: PemPair;
  admin: ClientCredentials;
  clientWithRoles(roles: string[], notBefore?: Date): Promise<ClientCredentials>;
  /** Extra fields are merged into `machine` and `cluster`. */
  controlPlane(hostname?: string, extra?: Extra): string;
  worker(hostname?: string, extra?: Extra): string;
}
interface Extra {
  machine?: object;
  cluster?: object;
}

/** Makes the PKI of a new cluster. */
export async function testCluster(
  options: { clusterName?: string; endpoint?: string } = {},
): Promise<TestCluster> {
  const pair = async (organization: string, keyType: "ed25519" | "ec"): Promise<PemPair> => {
    const { cert, key } = await certificateAuthority({ organization, keyType });
    // Talos' own label, which OpenSSL refuses.
    const label = keyType === "ed25519" ? "ED25519 PRIVATE KEY" : "EC PRIVATE KEY";
    const labelled = key.replace(/(BEGIN|END) (?:EC )?PRIVATE KEY/g, `$1 ${label}`);
    return { crt: base64(cert), key: base64(labelled) };
  };
  const ca = await pair("talos", "ed25519");
  const kubernetesCA = await pair("kubernetes", "ec");
  const etcdCA = await pair("etcd", "ec");
  const clientWithRoles = async (roles: string[], notBefore?: Date) => {
    const client = await talosClientCertificate(
      await issuerOf(ca),
      roles,
      notBefore === undefined ? {} : { notBefore },
    );
    return { ca: ca.crt, cert: base64(client.cert), key: base64(client.key) };
  };
  const token = `abcdef.${randomBytes(8).toString("hex")}`;
  const common = {
    id: randomBytes(32).toString("base64"),
    clusterName: options.clusterName ?? "test",
    controlPlane: { endpoint: options.endpoint ?? "https://127.0.0.1:6443" },
    network: { cni: { name: "none" }, podSubnets: ["10.244.0.0/16"] },
  };
  const configuration = (machine: object, cluster: object) =>
    stringify({ version: "v1alpha1", machine, cluster });
  return {
    ca,
    admin: await clientWithRoles(["os:admin"]),
    clientWithRoles,
    controlPlane: (hostname, extra = {}) =>
      configuration(
        { type: "controlplane", token, ca, network: { hostname }, ...extra.machine },
        { ...common, ca: kubernetesCA, etcd: { ca: etcdCA }, ...extra.cluster },
      ),
    worker: (hostname, extra = {}) =>
      configuration(
        { type: "worker", token, ca: { crt: ca.crt }, network: { hostname }, ...extra.machine },
        { ...common, ca: { crt: kubernetesCA.crt }, ...extra.cluster },
      ),
  };
}
