import { status } from "@grpc/grpc-js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { Connection } from "./connections";
import { fromStruct, toStruct } from "./property";
import {
  ProviderError,
  type CallContext,
  type CheckFailure,
  type CheckRequest,
  type CheckResult,
  type DiffRequest,
  type DiffResult,
  type ProviderImplementation,
} from "./implementation";

type UnaryMethod<TInstance> = (
  request: never,
  connection: Connection<TInstance>,
  signal: AbortSignal,
) => Promise<object>;

/** The provider's methods between protobuf messages, by their name in the service. */
export function unaryMethods<TInstance>(
  provider: ProviderImplementation<TInstance>,
): Record<string, UnaryMethod<TInstance>> {
  type Handler<TRequest> = (
    request: TRequest,
    instance: TInstance,
    context: CallContext,
    connection: Connection<TInstance>,
  ) => Promise<object>;
  const method =
    <TRequest>(handler: Handler<TRequest>): UnaryMethod<TInstance> =>
    async (request, connection, signal) => {
      const log: CallContext["log"] = (severity, message, urn, ephemeral) =>
        connection.engineLog.log(severity, message, urn, ephemeral);
      return handler(request, connection.instance, { signal, log }, connection);
    };
  return {
    handshake: method(() => unimplemented(provider.handshakeMessage)),
    attach: method<PluginAttach>((request, _instance, _context, connection) => {
      connection.engineLog.attach(request.getAddress());
      return Promise.resolve(new Empty());
    }),
    getPluginInfo: method(() => {
      const info = new PluginInfo();
      info.setVersion(provider.version);
      return Promise.resolve(info);
    }),
    getSchema: method(async () => {
      if (provider.getSchema === undefined) {
        return unimplemented("GetSchema is not yet implemented");
      }
      const response = new rpc.GetSchemaResponse();
      response.setSchema(await provider.getSchema());
      return response;
    }),
    cancel: method((_request, _instance, _context, connection) => {
      connection.cancel();
      return Promise.resolve(new Empty());
    }),
    checkConfig: method<rpc.CheckRequest>(async (request, instance, context) =>
      checkResponse(await provider.checkConfig(checkRequest(request), instance, context)),
    ),
    diffConfig: method<rpc.DiffRequest>(async (request, instance, context) =>
      diffResponse(await provider.diffConfig(diffRequest(request), instance, context)),
    ),
    configure: method<rpc.ConfigureRequest>(async (request, instance, context) => {
      const result = await provider.configure(
        {
          args: fromStruct(request.getArgs()),
          ...(request.hasUrn() && { urn: request.getUrn() }),
          ...(request.hasId() && { id: request.getId() }),
        },
        instance,
        context,
      );
      const response = new rpc.ConfigureResponse();
      response.setAcceptsecrets(result.acceptSecrets ?? false);
      response.setSupportspreview(result.supportsPreview ?? false);
      response.setAcceptresources(result.acceptResources ?? false);
      response.setAcceptoutputs(result.acceptOutputs ?? false);
      response.setSupportsAutonamingConfiguration(result.supportsAutonamingConfiguration ?? false);
      return response;
    }),
    check: method<rpc.CheckRequest>(async (request, instance, context) =>
      checkResponse(await provider.check(checkRequest(request), instance, context)),
    ),
    diff: method<rpc.DiffRequest>(async (request, instance, context) =>
      diffResponse(await provider.diff(diffRequest(request), instance, context)),
    ),
    create: method<rpc.CreateRequest>(async (request, instance, context) => {
      const result = await provider.create(
        {
          ...resource(request),
          properties: fromStruct(request.getProperties()),
          preview: request.getPreview(),
          timeout: request.getTimeout(),
        },
        instance,
        context,
      );
      const response = new rpc.CreateResponse();
      response.setId(result.id);
      response.setProperties(toStruct(result.properties));
      return response;
    }),
    read: method<rpc.ReadRequest>(async (request, instance, context) => {
      const result = await provider.read(
        {
          ...resource(request),
          id: request.getId(),
          properties: fromStruct(request.getProperties()),
          inputs: fromStruct(request.getInputs()),
        },
        instance,
        context,
      );
      const response = new rpc.ReadResponse();
      response.setId(result.id);
      response.setProperties(toStruct(result.properties));
      if (result.inputs !== undefined) {
        response.setInputs(toStruct(result.inputs));
      }
      return response;
    }),
    update: method<rpc.UpdateRequest>(async (request, instance, context) => {
      const result = await provider.update(
        {
          ...resource(request),
          id: request.getId(),
          olds: fromStruct(request.getOlds()),
          oldInputs: fromStruct(request.getOldInputs()),
          news: fromStruct(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
          preview: request.getPreview(),
          timeout: request.getTimeout(),
        },
        instance,
        context,
      );
      const response = new rpc.UpdateResponse();
      response.setProperties(toStruct(result.properties));
      return response;
    }),
    delete: method<rpc.DeleteRequest>(async (request, instance, context) => {
      await provider.delete(
        {
          ...resource(request),
          id: request.getId(),
          properties: fromStruct(request.getProperties()),
          oldInputs: fromStruct(request.getOldInputs()),
          timeout: request.getTimeout(),
        },
        instance,
        context,
      );
      return new Empty();
    }),
    invoke: method<rpc.InvokeRequest>(async (request, instance, context) => {
      const result = await provider.invoke(
        {
          tok: request.getTok(),
          args: fromStruct(request.getArgs()),
          preview: request.getPreview(),
        },
        instance,
        context,
      );
      const response = new rpc.InvokeResponse();
      if (result.result !== undefined) {
        response.setReturn(toStruct(result.result));
      }
      response.setFailuresList((result.failures ?? []).map(checkFailure));
      return response;
    }),
  };
}

function unimplemented(message: string): Promise<never> {
  return Promise.reject(new ProviderError(message, status.UNIMPLEMENTED));
}

function resource(request: { getUrn(): string; getName(): string; getType(): string }): {
  urn: string;
  name: string;
  type: string;
} {
  return { urn: request.getUrn(), name: request.getName(), type: request.getType() };
}

function checkRequest(request: rpc.CheckRequest): CheckRequest {
  return {
    ...resource(request),
    olds: fromStruct(request.getOlds()),
    news: fromStruct(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
    ...autonaming(request.getAutonaming()),
  };
}

const AUTONAMING_MODES = ["propose", "enforce", "disable"] as const;

function autonaming(
  options: rpc.CheckRequest.AutonamingOptions | undefined,
): Pick<CheckRequest, "autonaming"> {
  const mode = options && AUTONAMING_MODES[options.getMode()];
  return mode ? { autonaming: { mode, proposedName: options.getProposedName() } } : {};
}

function checkResponse(result: CheckResult): rpc.CheckResponse {
  const response = new rpc.CheckResponse();
  response.setInputs(toStruct(result.inputs));
  response.setFailuresList((result.failures ?? []).map(checkFailure));
  return response;
}

function checkFailure(failure: CheckFailure): rpc.CheckFailure {
  const message = new rpc.CheckFailure();
  message.setProperty(failure.property);
  message.setReason(failure.reason);
  return message;
}

function diffRequest(request: rpc.DiffRequest): DiffRequest {
  return {
    ...resource(request),
    id: request.getId(),
    olds: fromStruct(request.getOlds()),
    oldInputs: fromStruct(request.getOldInputs()),
    news: fromStruct(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

function diffResponse(result: DiffResult): rpc.DiffResponse {
  const response = new rpc.DiffResponse();
  response.setChanges(rpc.DiffResponse.DiffChanges[result.changes ?? "DIFF_UNKNOWN"]);
  response.setDiffsList(result.diffs ?? []);
  response.setReplacesList(result.replaces ?? []);
  response.setStablesList(result.stables ?? []);
  response.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
  response.setHasdetaileddiff(result.detailedDiff !== undefined);
  for (const [path, { kind, inputDiff }] of Object.entries(result.detailedDiff ?? {})) {
    const diff = new rpc.PropertyDiff();
    diff.setKind(rpc.PropertyDiff.Kind[kind]);
    diff.setInputdiff(inputDiff ?? false);
    response.getDetaileddiffMap().set(path, diff);
  }
  return response;
}
