import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { caBundle, issuerOf, kubernetesAdminCertificate } from "./certificates";
import { goDurationSeconds, type MachineConfiguration } from "./machineConfiguration";

/** `cluster.adminKubeconfig.certLifetime` when the configuration names none. */
export const DEFAULT_CERT_LIFETIME_SECONDS = 8760 * 3600;

/** Admin kubeconfig made from the configuration alone, with a fresh client certificate. A secret. */
export async function adminKubeconfig(
  cluster: MachineConfiguration["cluster"],
  lifetimeSeconds?: number,
): Promise<string> {
  const configured =
    cluster.adminKubeconfigCertLifetime === undefined
      ? undefined
      : goDurationSeconds(cluster.adminKubeconfigCertLifetime);
  const client = await kubernetesAdminCertificate(
    await issuerOf(cluster.ca),
    lifetimeSeconds ?? configured ?? DEFAULT_CERT_LIFETIME_SECONDS,
  );
  const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
  const user = `admin@${cluster.clusterName}`;
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: cluster.clusterName,
          cluster: {
            server: cluster.endpoint,
            "certificate-authority-data": base64(caBundle([...cluster.acceptedCAs, cluster.ca])),
          },
        },
      ],
      users: [
        {
          name: user,
          user: {
            "client-certificate-data": base64(client.cert),
            "client-key-data": base64(client.key),
          },
        },
      ],
      contexts: [
        { name: user, context: { cluster: cluster.clusterName, namespace: "default", user } },
      ],
      "current-context": user,
    },
    { lineWidth: 0 },
  );
}

/** Talos' answer to Kubeconfig: a gzip'd tar with one file and, as Talos' own, no trailer. */
export function kubeconfigArchive(kubeconfig: string): Buffer {
  const content = Buffer.from(kubeconfig, "utf8");
  const header = Buffer.alloc(512);
  const octal = (value: number, width: number) => value.toString(8).padStart(width - 1, "0") + "\0";
  header.write("kubeconfig", 0);
  header.write(octal(0o600, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(content.length, 12), 124);
  header.write(octal(Math.floor(Date.now() / 1000), 12), 136);
  header.write("        0", 148);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return gzipSync(Buffer.concat([header, content, padding]));
}
