import { status } from "@grpc/grpc-js";
import type { Resource, ResourceEvent } from "../../../talosApi";
import { absentResource, RESOURCE_TYPES, resourcesOf } from "../resources";
import { READERS } from "../roles";
import { stream, unary } from "../rpc";
import { RpcError } from "../rpcError";
import type { SimulatedNode } from "../simulatedNode";

interface Kind {
  namespace: string;
  type: string;
}

export const get = unary<Kind & { id: string }>({
  service: "state",
  rpc: "Get",
  roles: READERS,
  handle(node, { namespace, type, id }) {
    const found = list(node, { namespace, type }).find((item) => item.metadata.id === id);
    if (found === undefined) {
      throw new RpcError(
        status.NOT_FOUND,
        `resource ${type}(${namespace}/${id}@undefined) doesn't exist`,
      );
    }
    return { resource: found };
  },
});

export const listResources = stream<Kind>({
  service: "state",
  rpc: "List",
  roles: READERS,
  stream(node, kind, _caller, send) {
    for (const resource of list(node, kind)) {
      send({ resource });
    }
  },
});

export const watch = stream<Kind & { id?: string; options: { bootstrapContents: boolean } | null }>(
  {
    service: "state",
    rpc: "Watch",
    roles: READERS,
    async stream(node, request, caller, send) {
      const select = () =>
        list(node, request).filter(
          ({ metadata }) => (request.id ?? "") === "" || metadata.id === request.id,
        );
      let known = new Map(select().map((item) => [item.metadata.id, item]));
      const emit = (
        eventType: ResourceEvent["eventType"],
        resource: Resource | null,
        old?: Resource,
      ) => send({ event: [{ eventType, resource, ...(old === undefined ? {} : { old }) }] });
      // The client holds the watch to be set up when it has got an empty message.
      send({ event: [] });
      if (request.id) {
        const found = known.get(request.id);
        emit(
          found === undefined ? "DESTROYED" : "CREATED",
          found ?? absentResource(request, request.id),
        );
      } else if (request.options?.bootstrapContents) {
        for (const resource of known.values()) {
          emit("CREATED", resource);
        }
        emit("BOOTSTRAPPED", null);
      }
      const compare = () => {
        const next = new Map(select().map((item) => [item.metadata.id, item]));
        for (const [id, resource] of next) {
          const old = known.get(id);
          if (old === undefined) {
            emit("CREATED", resource);
          } else if (old.metadata.version !== resource.metadata.version) {
            emit("UPDATED", resource, old);
          }
        }
        for (const [id, old] of known) {
          if (!next.has(id)) {
            emit("DESTROYED", old);
          }
        }
        known = next;
      };
      node.changes.on("changed", compare);
      await new Promise((resolve) => caller.signal.addEventListener("abort", resolve));
      node.changes.off("changed", compare);
    },
  },
);

function list(node: SimulatedNode, { namespace, type }: Kind): Resource[] {
  const known = RESOURCE_TYPES.find((candidate) => candidate.type === type);
  if (known === undefined) {
    throw new RpcError(status.PERMISSION_DENIED, `resource type "${type}" is not supported`);
  }
  if (!RESOURCE_TYPES.some((candidate) => candidate.namespace === namespace)) {
    throw new RpcError(status.PERMISSION_DENIED, `namespace "${namespace}" is not supported`);
  }
  return known.namespace === namespace ? resourcesOf(node, known) : [];
}
