import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type TLSSocket, connect, createServer } from "node:tls";

import { parse } from "yaml";

import { InstalledExamples } from "../support/installedExamples";
import { requireBinaries, TestLab } from "../support/testLab";

type Data = Record<string, string>;

/** How a cluster's API server of the mesh is told to reach another one. */
interface Peer {
  endpoints: string[];
  "cilium-host-aliases": Record<string, { ips: string[] }>;
}

describe("a mesh of two clusters on the lab (Cilium's certgen is played; no packet goes between them)", function () {
  this.timeout(1_800_000);
  this.slow(60_000);
  let examples: InstalledExamples;
  let lab: TestLab;

  before(requireBinaries);
  before(async () => {
    examples = await InstalledExamples.install();
  });
  beforeEach(async () => {
    lab = await TestLab.start({ controlPlanes: 2 });
  });
  afterEach(() => lab?.stop());
  after(() => examples?.remove());

  /** A Secret or ConfigMap of kube-system. */
  async function dataOf(kubeconfig: string, object: string): Promise<Data> {
    const args = ["-n=kube-system", "get", object, "-o=json"];
    const { data } = JSON.parse(await lab.kubectl(args, undefined, kubeconfig)) as { data: Data };
    if (!object.startsWith("secret/")) return data;
    const texts = Object.entries(data).map(([key, value]) => [
      key,
      Buffer.from(value, "base64").toString("utf8"),
    ]);
    return Object.fromEntries(texts) as Data;
  }

  /** What one cluster knows of another, and whether the two would trust one another. */
  async function meets(from: string, to: string, name: string, address: string): Promise<void> {
    const agents = await dataOf(from, "secret/cilium-clustermesh");
    assert.deepEqual(Object.keys(agents), [name]);
    const { endpoints: own } = parse(agents[name]!) as Peer;
    assert.deepEqual(own, ["https://clustermesh-apiserver.kube-system.svc:2379"]);
    const peers = await dataOf(from, "secret/cilium-kvstoremesh");
    assert.deepEqual(Object.keys(peers), [name]);
    const host = `${name}.mesh.cilium.io`;
    const peer = parse(peers[name]!) as Peer;
    assert.deepEqual(peer.endpoints, [`https://${host}:32379`]);
    assert.deepEqual(peer["cilium-host-aliases"], { [host]: { ips: [address] } });

    const [client, server, localClient, localServer] = [
      await dataOf(from, "secret/clustermesh-apiserver-remote-cert"),
      await dataOf(to, "secret/clustermesh-apiserver-server-cert"),
      await dataOf(from, "secret/clustermesh-apiserver-local-cert"),
      await dataOf(from, "secret/clustermesh-apiserver-server-cert"),
    ];
    assert.equal(await greeted(client, server, host), "remote");
    const service = new URL(own[0]!).hostname;
    assert.match(await greeted(localClient, localServer, service), /^local-/);
  }

  /** Of both clusters: who they are, that their API server runs, and that one CA signs for both. */
  async function areOneMesh(clusters: { name: string; kubeconfig: string }[]): Promise<void> {
    const cas = new Set<string>();
    for (const [index, { name, kubeconfig }] of clusters.entries()) {
      const config = await dataOf(kubeconfig, "configmap/cilium-config");
      assert.equal(config["cluster-name"], name);
      assert.equal(config["cluster-id"], String(index + 1));
      const { "ca.crt": ca } = await dataOf(kubeconfig, "secret/cilium-ca");
      cas.add(new X509Certificate(ca!).fingerprint256);
      const wait = ["-n=kube-system", "wait", "--for=condition=Available", "--timeout=60s"];
      await lab.kubectl([...wait, "deployment/clustermesh-apiserver"], undefined, kubeconfig);
    }
    assert.equal(cas.size, 1);
    const [one, two] = clusters;
    const [first, second] = lab.spec.nodes;
    await meets(one!.kubeconfig, two!.kubeconfig, two!.name, second!.ipAddress);
    await meets(two!.kubeconfig, one!.kubeconfig, one!.name, first!.ipAddress);
  }

  it("comes up from one program, each told of the other, and a second run changes neither", async () => {
    const stack = await examples.bringUp(lab, "clusterMesh", "both");
    const { kubeconfigs } = await stack.outputs<{ kubeconfigs: string[] }>();
    const clusters = ["east", "west"].map((name, at) => ({ name, kubeconfig: kubeconfigs[at]! }));
    await areOneMesh(clusters);
    const before = await lab.mutatingCalls();
    await stack.run("up", "--expect-no-changes");
    assert.deepEqual(await lab.mutatingCalls(), before);
  });

  it("comes up from two stacks, the second with the CA of the first, secret all the way", async () => {
    const home = await examples.bringUp(lab, "meshAcrossStacks", "home");
    const office = await examples.bringUp(lab, "meshAcrossStacks", "office");
    type Outputs = { kubeconfig: string; ciliumCA: { key: string } };
    const [one, two] = [await home.outputs<Outputs>(), await office.outputs<Outputs>()];
    assert.equal(one.ciliumCA.key, two.ciliumCA.key);
    assert.ok(![...home.printed, ...office.printed].join("\n").includes(one.ciliumCA.key));
    await areOneMesh([
      { name: "home", kubeconfig: one.kubeconfig },
      { name: "office", kubeconfig: two.kubeconfig },
    ]);
    await home.run("up", "--expect-no-changes");
    await office.run("up", "--expect-no-changes");
  });
});

/** A TLS handshake in which both sides show a certificate. @returns the client's name, as the server sees it */
async function greeted(client: Data, server: Data, servername: string): Promise<string> {
  const names: string[] = [];
  const listener = createServer(
    {
      ...{ cert: server["tls.crt"], key: server["tls.key"], ca: server["ca.crt"] },
      ...{ requestCert: true, rejectUnauthorized: true },
    },
    (socket: TLSSocket) => {
      names.push(String(socket.getPeerCertificate().subject.CN));
      socket.end();
    },
  ).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const socket = connect({
    ...{ host: "127.0.0.1", port: (listener.address() as AddressInfo).port, servername },
    ...{ cert: client["tls.crt"], key: client["tls.key"], ca: client["ca.crt"] },
  });
  try {
    await once(socket.resume(), "close");
  } finally {
    listener.close();
  }
  return names.join();
}
