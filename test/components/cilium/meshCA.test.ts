import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import { type KeyPair, makeCertificates } from "../../../components/cilium/certificates";
import type { ClusterSpecInput } from "../../../components";
import { KUBECONFIG } from "../../support/clusterMocks";
import { promiseOf, recordResources, revealed } from "../../support/mocks";

const SECRET = "kubernetes:core/v1:Secret";

/** Cilium on a cluster of somebody else's, as cluster 2 of a mesh. */
async function ciliumOfMesh(
  cilium: Partial<ClusterSpecInput["cilium"]> = {},
  ca?: pulumi.Input<KeyPair>,
) {
  const { Cilium } = await import("../../../components");
  return new Cilium("net", {
    kubeconfig: KUBECONFIG,
    clusterIdentifier: "a-cluster-of-somebody",
    cilium: { version: "1.20.0", clusterMesh: { name: "two", id: 2 }, ...cilium },
    ...(ca !== undefined && { ca }),
    k8sServiceHost: "127.0.0.1",
    k8sServicePort: 7445,
  });
}

describe("the CA of a mesh (that it signs for all clusters; not that they meet)", function () {
  this.timeout(20_000);

  it("signs what another cluster makes, and stays what it was", async () => {
    const one = await makeCertificates("one");
    const two = await makeCertificates("two", one.ca);
    assert.deepEqual(two.ca, one.ca);
    const ca = new X509Certificate(one.ca.cert);
    const server = new X509Certificate(two.hubbleServer.cert);
    assert.ok(server.verify(ca.publicKey) && server.checkIssued(ca));
    assert.match(server.subjectAltName ?? "", /two\.hubble-grpc/);
  });

  it("is handed to a cluster, which keeps it as a Secret also without Hubble", async () => {
    const { ca } = await makeCertificates("one");
    const recorder = await recordResources();
    const component = await ciliumOfMesh({ hubble: { enabled: false } }, pulumi.secret(ca));
    await promiseOf(component.times);
    const secrets = recorder.ofType(SECRET);
    assert.deepEqual(
      secrets.map(({ name }) => name),
      ["net-cilium-ca"],
    );
    assert.deepEqual(revealed(secrets[0]?.inputs["stringData"]), {
      "ca.crt": ca.cert,
      "ca.key": ca.key,
    });
    assert.deepEqual(await promiseOf(component.ca!), ca);
  });

  it("signs Hubble's certificates anew for another generation, and stays", async () => {
    const kept = await makeCertificates("old");
    const recorder = await recordResources({
      outputs: ({ name, inputs }) =>
        name === "net-certificates"
          ? { output: kept }
          : name === "net-certificates-2"
            ? { output: revealed(inputs["input"]) }
            : undefined,
    });
    const component = await ciliumOfMesh({ hubble: { relay: true, tls: { generation: 2 } } });
    await promiseOf(component.times);
    assert.deepEqual(await promiseOf(component.ca!), kept.ca);
    const server = recorder.ofType(SECRET).find(({ name }) => name.endsWith("server-certs"));
    const data = revealed(server?.inputs["stringData"]) as Record<string, string>;
    const [ca, cert] = [kept.ca.cert, data["tls.crt"]!].map((pem) => new X509Certificate(pem));
    assert.equal(data["ca.crt"], kept.ca.cert);
    assert.ok(cert!.verify(ca!.publicKey));
    assert.match(cert!.subjectAltName ?? "", /\*\.two\.hubble-grpc/);
  });

  it("is warned of where the cluster has certificates for its former name", async () => {
    const made = await makeCertificates();
    await recordResources({
      outputs: ({ name }) => (name === "net-certificates" ? { output: made } : undefined),
    });
    const warned: string[] = [];
    const { log } = pulumi;
    const said = log.warn;
    Object.assign(log, { warn: async (text: string) => void warned.push(text) });
    try {
      const component = await ciliumOfMesh();
      await promiseOf(component.ca!);
      await promiseOf(component.times);
    } finally {
      Object.assign(log, { warn: said });
    }
    const ours = warned.filter((text) => text.includes("are made once"));
    assert.equal(ours.length, 1);
    assert.match(ours[0] ?? "", /Relay expects \*\.two\.hubble-grpc\.cilium\.io/);
  });
});
