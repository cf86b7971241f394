import type { ApiClient, RequestOptions } from "./apiClient";
import type { Discovery } from "./discovery";
import { gvkOf, type GroupVersionKind } from "./kinds";
import { isRecord, metadataOf } from "./plain";

/** A Kubernetes object as the API server sends it. */
export type KubernetesObject = Record<string, unknown>;

export interface WriteOptions {
  fieldManager?: string;
  force?: boolean;
  /** Ask the server for the result without keeping it. */
  dryRun?: boolean;
  fieldValidation?: "Warn";
}

/** Reads and writes objects of one kind in one namespace. */
export class ObjectClient {
  constructor(
    private readonly client: ApiClient,
    private readonly collection: string,
  ) {}

  /** @throws NoMatchError where the kind is not served */
  static async forKind(
    client: ApiClient,
    discovery: Discovery,
    gvk: GroupVersionKind,
    namespace: string,
  ): Promise<ObjectClient> {
    const { resource, namespaced } = await discovery.find(gvk);
    const root = gvk.group === "" ? `/api/${gvk.version}` : `/apis/${gvk.group}/${gvk.version}`;
    const scope = namespaced ? `/namespaces/${encodeURIComponent(namespace || "default")}` : "";
    return new ObjectClient(client, `${root}${scope}/${resource}`);
  }

  static forObject(
    client: ApiClient,
    discovery: Discovery,
    object: KubernetesObject,
  ): Promise<ObjectClient> {
    const { namespace } = metadataOf(object);
    return ObjectClient.forKind(
      client,
      discovery,
      gvkOf(object),
      typeof namespace === "string" ? namespace : "",
    );
  }

  get(name: string): Promise<KubernetesObject> {
    return this.send("GET", this.item(name));
  }

  async list(query = ""): Promise<KubernetesObject[]> {
    const list = await this.send("GET", `${this.collection}${query}`);
    return Array.isArray(list.items) ? list.items.filter(isRecord) : [];
  }

  create(object: KubernetesObject, options: WriteOptions): Promise<KubernetesObject> {
    return this.send("POST", `${this.collection}${queryOf(options)}`, { body: object });
  }

  replace(
    name: string,
    object: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    return this.send("PUT", this.item(name, options), { body: object });
  }

  apply(name: string, object: KubernetesObject, options: WriteOptions): Promise<KubernetesObject> {
    // JSON is YAML, so the object needs no other form.
    return this.patch(name, "application/apply-patch+yaml", object, options);
  }

  patch(
    name: string,
    contentType: string,
    body: unknown,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    return this.send("PATCH", this.item(name, options), { body, contentType });
  }

  async delete(name: string, propagationPolicy: string): Promise<void> {
    const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy };
    await this.send("DELETE", this.item(name), { body });
  }

  private item(name: string, options: WriteOptions = {}): string {
    return `${this.collection}/${encodeURIComponent(name)}${queryOf(options)}`;
  }

  private async send(
    method: string,
    path: string,
    options?: RequestOptions,
  ): Promise<KubernetesObject> {
    const answer = await this.client.request(method, path, options);
    return isRecord(answer) ? answer : {};
  }
}

function queryOf(options: WriteOptions): string {
  const query = new URLSearchParams();
  if (options.fieldManager) query.set("fieldManager", options.fieldManager);
  if (options.force !== undefined) query.set("force", String(options.force));
  if (options.dryRun) query.set("dryRun", "All");
  if (options.fieldValidation) query.set("fieldValidation", options.fieldValidation);
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
