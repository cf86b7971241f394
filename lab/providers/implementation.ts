import type { PropertyMap } from "./property";

/** One thing wrong with an input; `property` is empty where it is no single property's fault. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** What a `Check` or `CheckConfig` answers. */
export interface CheckResult {
  inputs: PropertyMap;
  failures?: CheckFailure[];
}

/** What an `Invoke` answers: `result`, or failures. */
export interface InvokeResult {
  result?: PropertyMap;
  failures?: CheckFailure[];
}

export type PropertyDiffKind =
  | "ADD"
  | "ADD_REPLACE"
  | "DELETE"
  | "DELETE_REPLACE"
  | "UPDATE"
  | "UPDATE_REPLACE";

/** What a `Diff` or `DiffConfig` answers. An empty one leaves the comparison to the engine. */
export interface DiffResult {
  changes?: "DIFF_UNKNOWN" | "DIFF_NONE" | "DIFF_SOME";
  /** Top-level properties that changed. */
  diffs?: string[];
  /** Properties whose change replaces the resource. */
  replaces?: string[];
  stables?: string[];
  deleteBeforeReplace?: boolean;
  /** By property path. Present, even empty, it sets `hasDetailedDiff`. */
  detailedDiff?: Record<string, { kind: PropertyDiffKind; inputDiff?: boolean }>;
}

/** What a `Configure` answers. */
export interface ConfigureResult {
  acceptSecrets?: boolean;
  supportsPreview?: boolean;
  acceptResources?: boolean;
  acceptOutputs?: boolean;
  supportsAutonamingConfiguration?: boolean;
}

interface ResourceRequest {
  urn: string;
  /** Logical name. */
  name: string;
  /** Type token. */
  type: string;
}

export interface ConfigureRequest {
  args: PropertyMap;
  /** Urn of the provider resource; absent from engines that do not send it. */
  urn?: string;
  id?: string;
}
export interface CheckRequest extends ResourceRequest {
  olds: PropertyMap;
  news: PropertyMap;
  randomSeed: Uint8Array;
  /** What the project says about names that a provider makes. */
  autonaming?: { mode: "propose" | "enforce" | "disable"; proposedName: string };
}
export interface DiffRequest extends ResourceRequest {
  id: string;
  olds: PropertyMap;
  oldInputs: PropertyMap;
  news: PropertyMap;
  ignoreChanges: string[];
}
export interface CreateRequest extends ResourceRequest {
  properties: PropertyMap;
  preview: boolean;
  /** `customTimeouts`, in seconds; 0 where none is set. */
  timeout: number;
}
export interface ReadRequest extends ResourceRequest {
  id: string;
  properties: PropertyMap;
  inputs: PropertyMap;
}
export interface UpdateRequest extends ResourceRequest {
  id: string;
  olds: PropertyMap;
  oldInputs: PropertyMap;
  news: PropertyMap;
  ignoreChanges: string[];
  preview: boolean;
  /** Seconds; 0 where none is set. */
  timeout: number;
}
export interface DeleteRequest extends ResourceRequest {
  id: string;
  properties: PropertyMap;
  oldInputs: PropertyMap;
  /** Seconds; 0 where none is set. */
  timeout: number;
}
export interface InvokeRequest {
  /** Function token. */
  tok: string;
  args: PropertyMap;
  preview: boolean;
}

export interface CreateResult {
  /** Ignored by the engine in a preview. */
  id: string;
  properties: PropertyMap;
}
/** An empty `id` says that the resource is gone. */
export interface ReadResult {
  id: string;
  properties: PropertyMap;
  inputs?: PropertyMap;
}
export interface UpdateResult {
  properties: PropertyMap;
}

export type Severity = "debug" | "info" | "warning" | "error";

/** What a call may use besides its request. */
export interface CallContext {
  /**
   * Aborted when the engine cancels the call or the whole run; with the reason `"disconnected"` where the engine
   * is gone, so that nothing waits for an answer.
   */
  readonly signal: AbortSignal;
  /**
   * Shows a message in the engine's display, beside the resource of `urn` where one is given.
   * An `error` fails the run. Never rejects: a message that cannot be delivered is lost.
   */
  log(severity: Severity, message: string, urn?: string, ephemeral?: boolean): Promise<void>;
}

/**
 * A resource provider. `TInstance` is the state of one provider resource: with
 * `PULUMI_DEBUG_PROVIDERS` the engine attaches every provider resource of a package to the same server,
 * each over a connection of its own.
 *
 * A rejected call is answered with the error's message and gRPC code Unknown, a `ProviderError` with its own
 * code, an `InitializationFailedError` with the details that make the engine keep the resource.
 */
export interface ProviderImplementation<TInstance> {
  /** Answered to `GetPluginInfo`. */
  readonly version: string;
  /** What the real provider answers to a `Handshake`, which it does not implement. */
  readonly handshakeMessage: string;
  /** Called once a connection. */
  createInstance(): TInstance;
  /** The package schema, JSON; without it `GetSchema` is unimplemented. */
  getSchema?(): Promise<string>;
  checkConfig(
    request: CheckRequest,
    instance: TInstance,
    context: CallContext,
  ): Promise<CheckResult>;
  diffConfig(request: DiffRequest, instance: TInstance, context: CallContext): Promise<DiffResult>;
  configure(
    request: ConfigureRequest,
    instance: TInstance,
    context: CallContext,
  ): Promise<ConfigureResult>;
  check(request: CheckRequest, instance: TInstance, context: CallContext): Promise<CheckResult>;
  diff(request: DiffRequest, instance: TInstance, context: CallContext): Promise<DiffResult>;
  create(request: CreateRequest, instance: TInstance, context: CallContext): Promise<CreateResult>;
  read(request: ReadRequest, instance: TInstance, context: CallContext): Promise<ReadResult>;
  update(request: UpdateRequest, instance: TInstance, context: CallContext): Promise<UpdateResult>;
  delete(request: DeleteRequest, instance: TInstance, context: CallContext): Promise<void>;
  invoke(request: InvokeRequest, instance: TInstance, context: CallContext): Promise<InvokeResult>;
  /** The connection is gone for good or the run was cancelled. */
  dispose?(instance: TInstance): void;
}

/** An error with a gRPC status code of its own. */
export class ProviderError extends Error {
  constructor(
    message: string,
    /** A number of `@grpc/grpc-js`'s `status`. */
    readonly code: number,
  ) {
    super(message);
  }
}

/** The resource exists but did not come up: the engine keeps it in state, with these as `initErrors`. */
export class InitializationFailedError extends Error {
  constructor(
    message: string,
    readonly resource: {
      id: string;
      properties: PropertyMap;
      inputs?: PropertyMap;
      reasons: string[];
    },
  ) {
    super(message);
  }
}
