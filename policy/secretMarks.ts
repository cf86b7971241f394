import * as pulumi from "@pulumi/pulumi";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzeStackRequest } from "@pulumi/pulumi/proto/analyzer_pb";

import { isObject } from "./rules/propertyTree";

/** What is in clear of each resource's outputs, by URN, in the stack that the engine sent last. */
let inClear: ReadonlyMap<string, unknown> | undefined;

/**
 * Reads the marks of secrets out of what the engine sends: `@pulumi/policy` takes them off before it
 * asks a policy. Call it before the pack is served.
 */
export function watchSecretMarks(): void {
  const method = AnalyzerService.analyzeStack;
  const { requestDeserialize } = method;
  method.requestDeserialize = (bytes) => {
    const request = requestDeserialize(bytes);
    inClear = clearOutputs(request);
    return request;
  };
}

/**
 * The outputs of a resource without its secrets and without what a preview cannot know.
 *
 * @throws Error where nothing was watched: what cannot be seen must not pass
 */
export function outputsInClear(urn: string): unknown {
  if (!inClear)
    throw new Error("the marks of secrets cannot be seen: is @pulumi/pulumi there twice?");
  return inClear.get(urn);
}

function clearOutputs(request: AnalyzeStackRequest): Map<string, unknown> {
  return new Map(
    request
      .getResourcesList()
      .map((resource) => [
        resource.getUrn(),
        withoutSecrets(resource.getProperties()?.toJavaScript()),
      ]),
  );
}

/** A value as the engine sends it, without secrets and unknowns. Pure. */
export function withoutSecrets(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value) || value === pulumi.runtime.unknownValue) return undefined;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withoutSecrets(each)]),
  );
}
