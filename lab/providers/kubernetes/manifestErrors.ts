import { StatusError } from "./apiClient";
import { InitializationFailedError } from "../protocol";
import type { PropertyMap } from "../property";
import { metadataText } from "./plain";
import { NotReadyError } from "./readiness";

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function hasCode(error: unknown, code: number): boolean {
  return error instanceof StatusError && error.code === code;
}

export function alreadyExists(error: unknown): boolean {
  return error instanceof StatusError && error.reason === "AlreadyExists";
}

export function namespaceNotFound(error: unknown): boolean {
  return error instanceof StatusError && error.code === 404 && error.details.kind === "namespaces";
}

/** The server does not support asking without doing. */
export function dryRunUnsupported(error: unknown): boolean {
  return (
    error instanceof StatusError &&
    error.code === 400 &&
    /the dryRun (alpha|beta) feature is disabled|does not support dry run/.test(error.message)
  );
}

/** Adds to a conflict of field managers where to read on. */
export function explainConflict(error: unknown, manager: string): unknown {
  if (!hasCode(error, 409)) return error;
  return new StatusError(
    "server-side apply field conflict detected, see https://www.pulumi.com/registry/packages/kubernetes/" +
      "how-to-guides/managing-resources-with-server-side-apply/" +
      "#handle-field-conflicts-on-existing-resources for troubleshooting help\n" +
      `The resource managed by field manager "${manager}" had an apply conflict: ${messageOf(error)}`,
    409,
    "Conflict",
    {},
  );
}

/** Adds to "already exists" what may have led there. */
export const existsAdvice =
  "\n\nThe resource already exists in the cluster. This can happen when:\n\n" +
  "  - Renaming a Pulumi resource: use an alias to preserve the identity,\n" +
  "    or use deleteBeforeReplace if the resource needs replacement.\n" +
  "  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)\n" +
  "    to manage specific fields without owning the resource lifecycle.\n" +
  "  - Adopting a resource into Pulumi: use `pulumi import`. Note that\n" +
  "    protected resources (e.g. kube-system) cannot be deleted on destroy.\n" +
  "  - Intentional upsert: set upsertExistingObjects on the provider to allow\n" +
  "    server-side apply to update existing objects on create.";

/** The id of an object in the state: `namespace/name`, or its name. */
export function idOf(object: Record<string, unknown>): string {
  const namespace = metadataText(object, "namespace");
  const name = metadataText(object, "name");
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** The object is there but not as it should be: the engine keeps it, with the reasons. */
export function partial(
  message: string,
  cause: unknown,
  id: string,
  properties: PropertyMap,
  inputs?: PropertyMap,
): InitializationFailedError {
  const reasons = [message, ...(cause instanceof NotReadyError ? cause.reasons : [])];
  return new InitializationFailedError(message, {
    id,
    properties,
    reasons,
    ...(inputs ? { inputs } : {}),
  });
}
