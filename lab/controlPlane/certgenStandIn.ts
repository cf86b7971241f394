import { parse } from "yaml";
import { CertificateSigner, type CertificateRequest } from "./certificates";
import type { KubernetesApi } from "./kubernetesApi";
import type { Pod } from "./pod";

/** What the chart tells the Job that makes certificates. */
const CONFIGURATION = "CILIUM_CERTGEN_CONFIG";
const CA_SECRET = "/api/v1/namespaces/kube-system/secrets/cilium-ca";

/** A certificate that a Job is asked for, and the Secret that it goes to. */
export interface WantedCertificate extends CertificateRequest {
  secretName: string;
  namespace: string;
}

/** The certificates that a pod is there to make; none for pods that run anything else. Pure. */
export function wantedCertificates(pod: Pod): WantedCertificate[] {
  const configuration = pod.spec.containers
    .flatMap(({ env = [] }) => env)
    .find(({ name }) => name === CONFIGURATION)?.value;
  if (configuration === undefined) {
    return [];
  }
  const { certs } = parse(configuration) as {
    certs: {
      name: string;
      namespace: string;
      commonName: string;
      hosts?: string[];
      usage: string[];
    }[];
  };
  return certs.map(({ name, namespace, commonName, hosts, usage }) => ({
    secretName: name,
    namespace,
    commonName,
    usage: usage.includes("server auth") ? "server" : "client",
    names: hosts ?? [],
  }));
}

/**
 * Plays Cilium's certgen, whose image does not run here: signs what a Job asks for with the CA of
 * Secret `cilium-ca`, which has to be there.
 */
export async function playCertgen(api: KubernetesApi, pod: Pod): Promise<void> {
  const wanted = wantedCertificates(pod);
  if (wanted.length === 0) {
    return;
  }
  const { data } = await api.get<{ data: Record<string, string> }>(CA_SECRET);
  const pem = (key: string) => Buffer.from(data[key] ?? "", "base64").toString("utf8");
  const crt = pem("ca.crt");
  const signer = await CertificateSigner.from({ crt, key: pem("ca.key") });
  for (const { secretName, namespace, ...request } of wanted) {
    const { cert, key } = await signer.issue(request);
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: secretName, namespace },
      type: "kubernetes.io/tls",
      stringData: { "ca.crt": crt, "tls.crt": cert, "tls.key": key },
    };
    await api.apply(`/api/v1/namespaces/${namespace}/secrets/${secretName}`, secret, "certgen");
  }
}
