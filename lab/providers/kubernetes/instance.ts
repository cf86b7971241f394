import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import type { ConfigureRequest } from "../protocol";
import type { CallContext } from "../implementation";
import { ApiClient, StatusError } from "./apiClient";
import type { AwaitContext } from "./awaitReady";
import { Discovery } from "./discovery";
import {
  ambientKubeconfig,
  connectionOf,
  parseKubeconfig,
  type Connection,
  type Kubeconfig,
} from "./kubeconfig";
import {
  apiVersionOf,
  gvkOf,
  isBuiltIn,
  isBuiltInNamespaced,
  isCustomResourceDefinition,
  type GroupVersionKind,
} from "./kinds";
import { ObjectClient, type KubernetesObject } from "./objects";
import { pluck } from "./plain";
import { settingsOf, type Settings } from "./settings";

/** One configured provider resource: one cluster, as one user. */
export class ProviderInstance {
  settings: Settings = settingsOf({});
  /** Why the cluster cannot be used; undefined where it can. */
  unreachable: string | undefined;
  /** The namespace of namespaced objects without one; empty where there is no usable kubeconfig. */
  defaultNamespace = "";
  private client: ApiClient | undefined;
  private discovery: Discovery | undefined;
  private connection: Connection | undefined;
  private dir: string | undefined;
  /** Scopes of the custom resources whose definitions this run makes. */
  private readonly scopes = new Map<string, boolean>();

  /** Takes a provider's arguments and looks once whether its cluster answers. */
  async configure({ args }: ConfigureRequest): Promise<void> {
    this.dispose();
    this.settings = settingsOf(args);
    this.unreachable = undefined;
    this.defaultNamespace = this.settings.overrides.namespace ?? "";
    let config: Kubeconfig;
    try {
      config = this.settings.kubeconfig
        ? parseKubeconfig(this.settings.kubeconfig)
        : ambientKubeconfig();
    } catch (error) {
      this.unreachable = `failed to parse kubeconfig data in \`kubernetes:config:kubeconfig\`- ${text(error)}`;
      return;
    }
    this.defaultNamespace ||= namespaceOf(config, this.settings);
    try {
      this.connection = connectionOf(config, this.settings.overrides);
      this.client = new ApiClient(this.connection);
    } catch (error) {
      this.unreachable =
        "unable to load Kubernetes client configuration from kubeconfig file. Make sure you have: \n\n" +
        " \t • set up the provider as per " +
        `https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ \n\n ${text(error)}`;
      return;
    }
    this.discovery = new Discovery(this.client);
    await this.probe(this.client);
  }

  private async probe(client: ApiClient): Promise<void> {
    try {
      const version = await client.request("GET", "/version?timeout=32s");
      const minor = Number.parseInt(String(pluck(version, "minor")), 10);
      if (pluck(version, "major") === "1" && minor < 13) {
        throw new Error(`minimum supported cluster version is v1.13. found v1.${minor}`);
      }
    } catch (error) {
      if (error instanceof Error && error.message.startsWith("minimum supported")) throw error;
      // The real provider reads the whole schema here; that costs seconds and tells no more.
      const reason =
        error instanceof StatusError && error.code === 401
          ? "the server has asked for the client to provide credentials"
          : text(error).replace("/version?timeout=32s", "/openapi/v2?timeout=32s");
      this.unreachable = `unable to load schema information from the API server: ${reason}`;
    }
  }

  /** @throws NoMatchError where the API server does not serve the kind */
  objects(gvk: GroupVersionKind, namespace: string): Promise<ObjectClient> {
    const { client, discovery } = this.connected();
    return ObjectClient.forKind(client, discovery, gvk, namespace);
  }

  objectClient(object: KubernetesObject): Promise<ObjectClient> {
    const { client, discovery } = this.connected();
    return ObjectClient.forObject(client, discovery, object);
  }

  /** Whether the API server serves the object's kind; false where it cannot be asked. */
  async serves(object: KubernetesObject): Promise<boolean> {
    if (this.unreachable !== undefined || !this.discovery) return false;
    return this.discovery.find(gvkOf(object)).then(
      () => true,
      () => false,
    );
  }

  /** Whether objects of a kind live in a namespace; unknown kinds are taken to. */
  async isNamespaced(gvk: GroupVersionKind): Promise<boolean> {
    if (isBuiltIn(apiVersionOf(gvk))) return isBuiltInNamespaced(gvk.kind);
    const scope = this.scopes.get(`${gvk.group}/${gvk.kind}`);
    if (scope !== undefined) return scope;
    if (this.unreachable !== undefined || !this.discovery) return true;
    return this.discovery.find(gvk).then(
      ({ namespaced }) => namespaced,
      () => true,
    );
  }

  /** Remembers the scope of a custom resource whose definition this run makes. */
  rememberDefinition(object: KubernetesObject): void {
    if (!isCustomResourceDefinition(object)) return;
    const key = `${String(pluck(object, "spec", "group"))}/${String(pluck(object, "spec", "names", "kind"))}`;
    this.scopes.set(key, pluck(object, "spec", "scope") === "Namespaced");
  }

  /** What is served has changed. */
  resetDiscovery(): void {
    this.discovery?.reset();
  }

  /** The API server, for what is no object: discovery of versions for charts. */
  get api(): ApiClient | undefined {
    return this.client;
  }

  /** What waiting for an object needs. */
  awaitContext(urn: string, { signal, log }: CallContext): AwaitContext {
    let said = Promise.resolve();
    return {
      signal,
      objects: (gvk, namespace) => this.objects(gvk, namespace),
      // One after the other: the last one stays in the display.
      status: (severity, message) => {
        said = said.then(() => log(severity, message, urn, true));
      },
    };
  }

  /** A kubeconfig file for other programs, readable by this user only; removed with the instance. */
  kubeconfigFile(): string {
    if (this.dir) return path.join(this.dir, "kubeconfig");
    this.dir = mkdtempSync(path.join(tmpdir(), "lab-kubernetes-"));
    const file = path.join(this.dir, "kubeconfig");
    const { cluster, user } = this.connection ?? { cluster: {}, user: {} };
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "lab",
      contexts: [{ name: "lab", context: { cluster: "lab", user: "lab" } }],
      clusters: [{ name: "lab", cluster }],
      users: [{ name: "lab", user }],
    };
    writeFileSync(file, stringify(config), { mode: 0o600 });
    return file;
  }

  dispose(): void {
    this.client?.close();
    this.client = undefined;
    this.discovery = undefined;
    if (this.dir) rmSync(this.dir, { recursive: true, force: true });
    this.dir = undefined;
  }

  private connected(): { client: ApiClient; discovery: Discovery } {
    if (!this.client || !this.discovery) throw new Error("provider is not configured");
    return { client: this.client, discovery: this.discovery };
  }
}

function namespaceOf(config: Kubeconfig, settings: Settings): string {
  const context = config.contexts.get(settings.overrides.context ?? config.currentContext);
  return typeof context?.namespace === "string" && context.namespace
    ? context.namespace
    : "default";
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
