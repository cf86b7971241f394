import { credentials, type ServiceError } from "@grpc/grpc-js";
import { PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

type Json = Record<string, JavaScriptValue>;

/** A call's fields as the engine's recordings write them: protobuf's JSON, defaults left out. */
export interface WireRequest {
  [field: string]: unknown;
}

/** What a provider answered: `response` in protobuf's JSON, or the error's text and what it kept of the resource. */
export interface WireAnswer {
  response?: Record<string, unknown>;
  error?: string;
  failed?: { id: string; properties: Json; inputs?: Json; reasons: string[] };
}

const requests = {
  Handshake: rpc.ProviderHandshakeRequest,
  Attach: PluginAttach,
  GetPluginInfo: Empty,
  Cancel: Empty,
  CheckConfig: rpc.CheckRequest,
  DiffConfig: rpc.DiffRequest,
  Configure: rpc.ConfigureRequest,
  Check: rpc.CheckRequest,
  Diff: rpc.DiffRequest,
  Create: rpc.CreateRequest,
  Read: rpc.ReadRequest,
  Update: rpc.UpdateRequest,
  Delete: rpc.DeleteRequest,
  Invoke: rpc.InvokeRequest,
} as const;
export type WireMethod = keyof typeof requests;

/** An engine without an engine: sends requests over gRPC and gives the answers in the form of the recordings. */
export class ProviderWire {
  private readonly client: ResourceProviderClient;

  constructor(port: number) {
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      // Each client stands for one provider resource, so none shares a connection.
      "grpc.use_local_subchannel_pool": 1,
      "grpc.max_receive_message_length": -1,
    });
  }

  call(method: WireMethod, fields: WireRequest): Promise<WireAnswer> {
    const request = new requests[method]() as unknown as Record<string, (value: unknown) => void>;
    for (const [field, value] of Object.entries(fields)) {
      const setter = [
        `set${capital(field)}`,
        `set${capital(field.toLowerCase())}`,
        `set${capital(field)}List`,
        `set${capital(field.toLowerCase())}List`,
      ];
      const name = setter.find((candidate) => typeof request[candidate] === "function");
      if (!name) continue;
      request[name]?.(isObject(value) ? Struct.fromJavaScript(value) : value);
    }
    const client = this.client as unknown as Record<
      string,
      (request: unknown, done: (error: ServiceError | null, response: unknown) => void) => void
    >;
    const rpcName = method.charAt(0).toLowerCase() + method.slice(1);
    return new Promise((resolve) => {
      client[rpcName]?.(request, (error, response) => {
        if (error) resolve({ error: error.details, ...failedResource(error) });
        else resolve({ response: answer(response) });
      });
    });
  }

  close(): void {
    this.client.close();
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isObject(value: unknown): value is Json {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

function failedResource(error: ServiceError): Pick<WireAnswer, "failed"> {
  const [details] = error.metadata.get("grpc-status-details-bin");
  if (!(details instanceof Buffer)) return {};
  const [any] = Status.deserializeBinary(details).getDetailsList();
  if (!any) return {};
  const failed = ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
  const inputs = failed.getInputs()?.toJavaScript();
  return {
    failed: {
      id: failed.getId(),
      properties: failed.getProperties()?.toJavaScript() ?? {},
      ...(inputs ? { inputs } : {}),
      reasons: failed.getReasonsList(),
    },
  };
}

function answer(response: unknown): Record<string, unknown> {
  const all = fieldsOf(response);
  return Object.fromEntries(
    Object.entries(all).filter(
      ([, value]) =>
        value !== undefined &&
        value !== "" &&
        value !== false &&
        !(Array.isArray(value) && value.length === 0),
    ),
  );
}

function fieldsOf(response: unknown): Record<string, unknown> {
  if (response instanceof rpc.CheckResponse) {
    return {
      inputs: response.getInputs()?.toJavaScript(),
      failures: response
        .getFailuresList()
        .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
    };
  }
  if (response instanceof rpc.DiffResponse) return diffFields(response);
  if (response instanceof rpc.ConfigureResponse) {
    return {
      acceptSecrets: response.getAcceptsecrets(),
      supportsPreview: response.getSupportspreview(),
      acceptResources: response.getAcceptresources(),
      supportsAutonamingConfiguration: response.getSupportsAutonamingConfiguration(),
    };
  }
  if (response instanceof rpc.InvokeResponse) {
    return {
      return: response.getReturn()?.toJavaScript(),
      failures: response.getFailuresList().map((failure) => failure.toObject()),
    };
  }
  if (response instanceof PluginInfo) return { version: response.getVersion() };
  if (response instanceof Empty) return {};
  const object = response as rpc.ReadResponse;
  return {
    id: "getId" in object ? object.getId() : undefined,
    properties: object.getProperties()?.toJavaScript(),
    inputs: "getInputs" in object ? object.getInputs()?.toJavaScript() : undefined,
  };
}

const changes = ["", "DIFF_NONE", "DIFF_SOME"];
const kinds = ["ADD", "ADD_REPLACE", "DELETE", "DELETE_REPLACE", "UPDATE", "UPDATE_REPLACE"];

function diffFields(response: rpc.DiffResponse): Record<string, unknown> {
  const detailed: Record<string, object> = {};
  response.getDetaileddiffMap().forEach((diff: rpc.PropertyDiff, path: string) => {
    const kind = diff.getKind();
    detailed[path] = {
      ...(kind === 0 ? {} : { kind: kinds[kind] }),
      ...(diff.getInputdiff() ? { inputDiff: true } : {}),
    };
  });
  return {
    changes: changes[response.getChanges()],
    diffs: response.getDiffsList(),
    replaces: [...response.getReplacesList()].sort(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    hasDetailedDiff: response.getHasdetaileddiff(),
    detailedDiff: Object.keys(detailed).length > 0 ? detailed : undefined,
  };
}
