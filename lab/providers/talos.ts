import { status } from "@grpc/grpc-js";

import type { Machinery } from "../machinery";
import { MachineryError } from "../machinery";
import {
  ProviderError,
  serveProvider,
  type CallContext,
  type ProviderImplementation,
  type ProviderServer,
} from "./protocol";
import { bootstrapResource } from "./talos/bootstrap";
import { configurationApplyResource } from "./talos/configurationApply";
import type { FunctionDefinition, ResourceDefinition, TalosContext } from "./talos/definition";
import { invokeFunction, providerPanic } from "./talos/functionServer";
import { getClientConfigurationFunction } from "./talos/getClientConfiguration";
import { getConfigurationFunction } from "./talos/getConfiguration";
import { getDisksFunction } from "./talos/getDisks";
import { getHealthFunction } from "./talos/getHealth";
import { getKubeconfigFunction } from "./talos/getKubeconfig";
import { kubeconfigResource } from "./talos/kubeconfig";
import {
  checkResource,
  createResource,
  deleteResource,
  diffResource,
  readResource,
  updateResource,
  type ResourceCall,
} from "./talos/resourceServer";
import { secretsResource } from "./talos/secrets";

/** Version of the real provider that this one plays. */
export const TALOS_PROVIDER_VERSION = "0.8.1";

const RESOURCES = byToken<ResourceDefinition>([
  secretsResource,
  configurationApplyResource,
  bootstrapResource,
  kubeconfigResource,
]);

const FUNCTIONS = byToken<FunctionDefinition>([
  getConfigurationFunction,
  getClientConfigurationFunction,
  getDisksFunction,
  getHealthFunction,
  getKubeconfigFunction,
]);

export interface TalosProviderOptions {
  /** Talos' own configuration library. */
  machinery: Machinery;
  /** Default: the clock. Tests turn it to renew certificates. */
  now?: () => Date;
}

/**
 * Serves the `talos` provider on a loopback port, for `PULUMI_DEBUG_PROVIDERS=talos:<port>`: same inputs, outputs,
 * checks, diffs, retries, errors and state as pulumi-talos 0.8.1. The Image Factory is not played.
 */
export function serveTalosProvider(options: TalosProviderOptions): Promise<ProviderServer> {
  return serveProvider(talosProvider(options));
}

function talosProvider(options: TalosProviderOptions): ProviderImplementation<undefined> {
  type Operation<TRequest, TResult> = (call: ResourceCall, request: TRequest) => Promise<TResult>;
  const onResource =
    <TRequest extends { type: string; urn: string }, TResult>(
      method: string,
      operation: Operation<TRequest, TResult>,
    ) =>
    (request: TRequest, _instance: undefined, context: CallContext): Promise<TResult> =>
      withPanics(context, `resourceURN=${request.urn} method=${method}`, async () => {
        const definition = known(RESOURCES, request.type, "resource");
        const { talos, warnings } = talosContext(options, context);
        return operation({ definition, talos, context, warnings }, request);
      });
  return {
    version: TALOS_PROVIDER_VERSION,
    handshakeMessage: "Handshake is not yet implemented",
    createInstance: () => undefined,
    checkConfig: (request) => Promise.resolve({ inputs: request.news }),
    diffConfig: () => Promise.resolve({}),
    configure: () =>
      Promise.resolve({
        supportsPreview: true,
        acceptResources: true,
        supportsAutonamingConfiguration: true,
      }),
    check: onResource("Check", checkResource),
    diff: onResource("Diff", diffResource),
    create: onResource("Create", createResource),
    read: onResource("Read", readResource),
    update: onResource("Update", updateResource),
    delete: onResource("Delete", deleteResource),
    invoke: (request, _instance, context) =>
      withPanics(context, `invokeToken=${request.tok} method=Invoke`, async () => {
        const { talos, warnings } = talosContext(options, context);
        const definition = known(FUNCTIONS, request.tok, "function");
        return invokeFunction(definition, request, talos, context, warnings);
      }),
  };
}

function talosContext(
  { machinery, now }: TalosProviderOptions,
  { signal }: CallContext,
): { talos: TalosContext; warnings: ResourceCall["warnings"] } {
  const warnings: ResourceCall["warnings"] = [];
  const warn = (summary: string, detail: string): void => {
    warnings.push({ severity: "warning", summary, detail });
  };
  return { talos: { machinery, signal, now: now ?? (() => new Date()), warn }, warnings };
}

/** A panic of Talos' library ends the real provider; here the call that met it fails in the same words. */
async function withPanics<T>(
  context: CallContext,
  place: string,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof MachineryError && error.panic !== undefined) {
      throw await providerPanic(context, error, place);
    }
    throw error;
  }
}

function byToken<T extends { token: string }>(definitions: T[]): Map<string, T> {
  return new Map(definitions.map((definition) => [definition.token, definition]));
}

function known<T>(definitions: Map<string, T>, token: string, kind: string): T {
  const definition = definitions.get(token);
  if (definition === undefined) {
    throw new ProviderError(
      `the lab's talos provider has no ${kind} ${token}; it has ${[...definitions.keys()].join(", ")}`,
      status.UNKNOWN,
    );
  }
  return definition;
}
