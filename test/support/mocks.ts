import * as pulumi from "@pulumi/pulumi";
import * as runtimeState from "@pulumi/pulumi/runtime/state";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

/** A registration as the program sent it: more than `setMocks` shows. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** Secrets stand in their wrapper, see `isSecret`. */
  readonly inputs: Record<string, unknown>;
  readonly parent: string;
  /** URN and id of an explicit provider; empty where there is none. */
  readonly provider: string;
  /** URNs. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** URN; empty where there is none. */
  readonly deletedWith: string;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** Names of the bound hooks by event. */
  readonly hooks: { readonly beforeCreate: string[]; readonly beforeUpdate: string[] };
}

export interface Recorder {
  readonly registrations: Registration[];
  /** Names of the hooks that were registered. */
  readonly hooks: string[];
  /** Those of them that a preview runs. */
  readonly previewHooks: string[];
  /** The one registration of that type and name; throws when there is not exactly one. */
  find(type: string, name: string): Registration;
  ofType(type: string): Registration[];
}

export interface MockOptions {
  /** False leaves the mock monitor as Pulumi ships it, without `registerResourceHook`. */
  readonly registersHooks?: boolean;
  /** Whether the program is only previewed: what a run would make is unknown. @default false */
  readonly preview?: boolean;
  readonly outputs?: (args: pulumi.runtime.MockResourceArgs) => Record<string, unknown> | undefined;
  readonly calls?: (args: pulumi.runtime.MockCallArgs) => Record<string, unknown>;
}

const internals = runtimeState as unknown as { getStore(): { supportsTransforms: boolean } };

type Callback = (error: unknown, response?: unknown) => void;
interface Monitor {
  registerResource(request: RegisterResourceRequest, callback: Callback): unknown;
  registerResourceHook?: (
    request: { getName(): string; getOnDryRun(): boolean },
    callback: Callback,
  ) => void;
}

/** Starts a new recording; a test file calls it in `beforeEach`. */
export async function recordResources(options: MockOptions = {}): Promise<Recorder> {
  const registrations: Registration[] = [];
  const hooks: string[] = [];
  const previewHooks: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => ({
        id: args.id || `${args.name}-id`,
        state: { ...stashOutput(args), ...args.inputs, ...options.outputs?.(args) },
      }),
      call: (args) => options.calls?.(args) ?? args.inputs,
    },
    "talos-cilium",
    "test",
    options.preview ?? false,
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    registrations.push(toRegistration(request));
    return register(request, callback);
  };
  if (options.registersHooks ?? true) {
    // The mock takes every transform and runs none; only the SDK's note of that has to be set.
    internals.getStore().supportsTransforms = true;
    monitor.registerResourceHook = (request, callback) => {
      hooks.push(request.getName());
      if (request.getOnDryRun()) previewHooks.push(request.getName());
      callback(null, {});
    };
  }
  const ofType = (type: string) => registrations.filter((entry) => entry.type === type);
  return {
    registrations,
    hooks,
    previewHooks,
    ofType,
    find(type, name) {
      const found = ofType(type).filter((entry) => entry.name === name);
      if (found.length !== 1) {
        const names = registrations.map((entry) => `${entry.type} ${entry.name}`).join("\n  ");
        throw new Error(`${found.length} registrations of ${type} ${name}; there are\n  ${names}`);
      }
      return found[0]!;
    },
  };
}

function stashOutput(args: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  return args.type === "pulumi:index:Stash" ? { output: args.inputs["input"] } : {};
}

function toRegistration(request: RegisterResourceRequest): Registration {
  const bound = request.getHooks();
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    parent: request.getParent(),
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deletedWith: request.getDeletedwith(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    hooks: {
      beforeCreate: bound?.getBeforeCreateList() ?? [],
      beforeUpdate: bound?.getBeforeUpdateList() ?? [],
    },
  };
}

/** Whether a recorded input was sent as a secret. */
export function isSecret(value: unknown): boolean {
  return pulumi.runtime.isRpcSecret(value);
}

/** The value inside the wrapper of a secret. */
export function revealed(value: unknown): unknown {
  return pulumi.runtime.unwrapRpcSecret(value);
}

/** The value of an output; fails the test where it never resolves. */
export function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value as T)));
}
