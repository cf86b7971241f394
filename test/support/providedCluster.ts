import assert from "node:assert/strict";
import path from "node:path";
import { serveKubernetesProvider } from "../../lab/providers/kubernetes";
import type { ProviderServer } from "../../lab/providers/protocol";
import { labBinary, requireLabBinaries, startApiServer, type ApiServer } from "./apiServer";
import { ProviderWire, type WireAnswer } from "./providerWire";

type Json = Record<string, unknown>;

/** The Kubernetes provider with an API server behind it, for one suite. */
export class ProvidedCluster {
  api!: ApiServer;
  wire!: ProviderWire;
  private server!: ProviderServer;

  /** Call it in a `describe`: starts before the suite and stops after it; skips it where a program is missing. */
  static forSuite(): ProvidedCluster {
    const cluster = new ProvidedCluster();
    before(function () {
      requireLabBinaries.call(this, "etcd", "kube-apiserver", "kube-controller-manager", "helm");
    });
    before(async () => {
      cluster.api = await startApiServer();
      cluster.server = await serveKubernetesProvider({
        helm: labBinary("helm") ?? "",
        directory: path.resolve(__dirname, "..", "fixtures"),
      });
      cluster.wire = await cluster.connect({});
    });
    after(async () => {
      cluster.wire?.close();
      await cluster.server?.stop();
      await cluster.api?.stop();
    });
    return cluster;
  }

  /** Runs with another provider resource, of other settings. */
  async withSettings(args: object, use: (other: ProviderWire) => Promise<void>): Promise<void> {
    const other = await this.connect(args);
    try {
      await use(other);
    } finally {
      other.close();
    }
  }

  /** A ConfigMap of the default namespace, as the API server has it. */
  async configMap(name: string): Promise<Json> {
    return (await this.api.request("GET", `/api/v1/namespaces/default/configmaps/${name}`)).body;
  }

  private async connect(args: object): Promise<ProviderWire> {
    const wire = new ProviderWire(this.server.port);
    await wire.call("Configure", { args: { kubeconfig: this.api.kubeconfig, ...args } });
    return wire;
  }
}

/** What names a resource in every request. */
export function resource(type: string, name: string): { urn: string; type: string; name: string } {
  return { urn: `urn:pulumi:dev::p::${type}::${name}`, type, name };
}

/** The properties of an answer that is no error. */
export function propertiesOf(answer: WireAnswer): Json {
  assert.equal(answer.error, undefined);
  return answer.response?.properties as Json;
}
