import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { ConfiguredNode } from "../nodes/clusterRuntime";
import { configurationTrees } from "./clusterSettings";
import { asKubelet, type KubernetesApi } from "./kubernetesApi";
import { record, type Tree } from "./tree";

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

const REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const SIGNER = "kubernetes.io/kubelet-serving";

/** Whether the kubelet asks the cluster for its serving certificate instead of signing its own. */
export function rotatesServerCertificates(machine: Tree): boolean {
  const { extraArgs, extraConfig } = record(machine.kubelet);
  const flag = record(extraArgs)["rotate-server-certificates"];
  return (
    String(Array.isArray(flag) ? flag[flag.length - 1] : flag) === "true" ||
    record(extraConfig).serverTLSBootstrap === true
  );
}

/**
 * Asks for a serving certificate as the node itself, where the configuration says so. Kubernetes
 * approves none of these by itself: without an approver the request stays pending.
 */
export async function requestServingCertificate(
  api: KubernetesApi,
  node: ConfiguredNode,
): Promise<void> {
  if (!rotatesServerCertificates(configurationTrees(node).machine)) {
    return;
  }
  const username = `system:node:${node.hostname}`;
  const { items } = await api.get<{
    items: { spec: { username?: string; signerName: string } }[];
  }>(REQUESTS);
  if (items.some(({ spec }) => spec.username === username && spec.signerName === SIGNER)) {
    return;
  }
  await api.create(
    REQUESTS,
    {
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      metadata: { generateName: "csr-" },
      spec: {
        request: Buffer.from(await signingRequest(node, username)).toString("base64"),
        signerName: SIGNER,
        usages: ["digital signature", "server auth"],
      },
    },
    asKubelet(node.hostname),
  );
}

async function signingRequest(node: ConfiguredNode, username: string): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = (await webcrypto.subtle.generateKey(algorithm, false, [
    "sign",
    "verify",
  ])) as webcrypto.CryptoKeyPair;
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ O: ["system:nodes"] }, { CN: [username] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: node.hostname },
        { type: "ip", value: node.address },
      ]),
    ],
  });
  return `${request.toString("pem")}\n`;
}
