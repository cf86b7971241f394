import { credentials, type ServiceError } from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Properties as they are on the wire: unknowns and secrets with their signatures. */
export type WireProperties = Record<string, unknown>;

/** The wire's unknown value. */
export const WIRE_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The wire's secret. */
export function wireSecret(value: unknown): WireProperties {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

interface Resource {
  type: string;
  name?: string;
}

/** A plain gRPC client of Pulumi's `ResourceProvider`; one connection, as the engine has for a provider resource. */
export class ProviderClient {
  private readonly client: ResourceProviderClient;

  constructor(port: number) {
    this.client = new ResourceProviderClient(
      `127.0.0.1:${port}`,
      credentials.createInsecure(),
      // Clients of one process would share a connection, and with it the provider resource.
      { "grpc.use_local_subchannel_pool": 1, "grpc.max_receive_message_length": -1 } as object,
    );
  }

  handshake(): Promise<rpc.ProviderHandshakeResponse> {
    return this.call("handshake", new rpc.ProviderHandshakeRequest());
  }

  async pluginVersion(): Promise<string> {
    const info = await this.call<Empty, { getVersion(): string }>("getPluginInfo", new Empty());
    return info.getVersion();
  }

  async attach(engineAddress: string): Promise<void> {
    const request = new PluginAttach();
    request.setAddress(engineAddress);
    await this.call("attach", request);
  }

  async cancel(): Promise<void> {
    await this.call("cancel", new Empty());
  }

  async configure(args: WireProperties): Promise<rpc.ConfigureResponse.AsObject> {
    const request = new rpc.ConfigureRequest();
    request.setArgs(struct(args));
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    const response = await this.call<rpc.ConfigureRequest, rpc.ConfigureResponse>(
      "configure",
      request,
    );
    return response.toObject();
  }

  async check(
    resource: Resource,
    news: WireProperties,
    olds: WireProperties = {},
  ): Promise<{ inputs: WireProperties; failures: string[] }> {
    const request = identified(new rpc.CheckRequest(), resource);
    request.setNews(struct(news));
    request.setOlds(struct(olds));
    const response = await this.call<rpc.CheckRequest, rpc.CheckResponse>("check", request);
    return {
      inputs: plain(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.getReason()),
    };
  }

  async diff(
    resource: Resource,
    olds: WireProperties,
    news: WireProperties,
    ignoreChanges: string[] = [],
  ): Promise<{ changes: string; diffs: string[]; replaces: string[]; hasDetailedDiff: boolean }> {
    const request = identified(new rpc.DiffRequest(), resource);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    request.setIgnorechangesList(ignoreChanges);
    const response = await this.call<rpc.DiffRequest, rpc.DiffResponse>("diff", request);
    const names = Object.entries(rpc.DiffResponse.DiffChanges);
    return {
      changes: names.find(([, value]) => value === response.getChanges())?.[0] ?? "",
      diffs: response.getDiffsList(),
      replaces: response.getReplacesList(),
      hasDetailedDiff: response.getHasdetaileddiff(),
    };
  }

  async create(
    resource: Resource,
    properties: WireProperties,
    preview = false,
  ): Promise<{ id: string; properties: WireProperties }> {
    const request = identified(new rpc.CreateRequest(), resource);
    request.setProperties(struct(properties));
    request.setPreview(preview);
    const response = await this.call<rpc.CreateRequest, rpc.CreateResponse>("create", request);
    return { id: response.getId(), properties: plain(response.getProperties()) };
  }

  async update(
    resource: Resource,
    olds: WireProperties,
    news: WireProperties,
    preview = false,
  ): Promise<WireProperties> {
    const request = identified(new rpc.UpdateRequest(), resource);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    request.setPreview(preview);
    const response = await this.call<rpc.UpdateRequest, rpc.UpdateResponse>("update", request);
    return plain(response.getProperties());
  }

  async read(
    resource: Resource,
    id: string,
    properties: WireProperties,
    inputs: WireProperties,
  ): Promise<{ id: string; properties: WireProperties; inputs: WireProperties }> {
    const request = identified(new rpc.ReadRequest(), resource);
    request.setId(id);
    request.setProperties(struct(properties));
    request.setInputs(struct(inputs));
    const response = await this.call<rpc.ReadRequest, rpc.ReadResponse>("read", request);
    return {
      id: response.getId(),
      properties: plain(response.getProperties()),
      inputs: plain(response.getInputs()),
    };
  }

  async delete(resource: Resource, id: string, properties: WireProperties): Promise<void> {
    const request = identified(new rpc.DeleteRequest(), resource);
    request.setId(id);
    request.setProperties(struct(properties));
    await this.call("delete", request);
  }

  async invoke(
    tok: string,
    args: WireProperties,
  ): Promise<{ result: WireProperties; failures: { property: string; reason: string }[] }> {
    const request = new rpc.InvokeRequest();
    request.setTok(tok);
    request.setArgs(struct(args));
    const response = await this.call<rpc.InvokeRequest, rpc.InvokeResponse>("invoke", request);
    return {
      result: plain(response.getReturn()),
      failures: response.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  close(): void {
    this.client.close();
  }

  private call<TRequest, TResponse>(method: string, request: TRequest): Promise<TResponse> {
    type Method = (
      request: TRequest,
      callback: (error: ServiceError | null, response: TResponse) => void,
    ) => void;
    const methods = this.client as unknown as Record<string, Method>;
    return new Promise((resolve, reject) =>
      methods[method]?.(request, (error, response) =>
        error === null ? resolve(response) : reject(error),
      ),
    );
  }
}

function identified<
  T extends { setUrn(urn: string): T; setName(name: string): T; setType(type: string): T },
>(request: T, { type, name = "test" }: Resource): T {
  request.setUrn(`urn:pulumi:dev::test::${type}::${name}`);
  request.setName(name);
  request.setType(type);
  return request;
}

function struct(properties: WireProperties): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

function plain(properties: Struct | undefined): WireProperties {
  return properties?.toJavaScript() ?? {};
}
