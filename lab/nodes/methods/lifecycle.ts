import { randomUUID } from "node:crypto";
import { status } from "@grpc/grpc-js";
import type { RebootRequest, ResetRequest, UpgradeRequest } from "../../../talosApi";
import { imageTag } from "../imageTag";
import { ADMIN, OPERATORS } from "../roles";
import { unary } from "../rpc";
import { RpcError } from "../rpcError";
import type { SimulatedNode } from "../simulatedNode";
import { membersSeenBy } from "./etcd";

export const reboot = unary<RebootRequest>({
  service: "machine",
  rpc: "Reboot",
  roles: OPERATORS,
  handle(node) {
    const actorId = randomUUID();
    node.events.publish({ kind: "SequenceEvent", sequence: "reboot", action: "START" }, actorId);
    stopServices(node, actorId);
    node.restartAfterReply("rebooting");
    return { messages: [{ actorId }] };
  },
});

export const reset = unary<ResetRequest>({
  service: "machine",
  rpc: "Reset",
  roles: ADMIN,
  handle(node, request) {
    const partitions = partitionsToWipe(request);
    const actorId = randomUUID();
    // The provider learns the actor from the reply and then looks out for its events.
    setImmediate(() => {
      node.events.publish({ kind: "SequenceEvent", sequence: "reset", action: "START" }, actorId);
      stopServices(node, actorId);
    });
    node.restartAfterReply("resetting", () => node.disk.wipe(partitions), !request.reboot);
    return { messages: [{ actorId }] };
  },
});

export const upgrade = unary<UpgradeRequest>({
  service: "machine",
  rpc: "Upgrade",
  roles: ADMIN,
  async handle(node, { image, force }) {
    const tag = imageTag(image);
    if (tag === undefined) {
      throw new RpcError(
        status.UNKNOWN,
        `error validating installer image "${image}": the reference names no tag`,
      );
    }
    if (node.isControlPlane && !force && (await membersSeenBy(node)).length === 0) {
      throw new RpcError(
        status.UNKNOWN,
        "failed to create etcd client: error building etcd client: context deadline exceeded",
      );
    }
    const actorId = randomUUID();
    node.events.publish({ kind: "SequenceEvent", sequence: "upgrade", action: "START" }, actorId);
    stopServices(node, actorId);
    node.restartAfterReply("upgrading", () => {
      node.disk.talosVersion = tag;
    });
    return { messages: [{ ack: "Upgrade request received", actorId }] };
  },
});

/** STATE holds the configuration, EPHEMERAL etcd's data; nothing named means the whole disk. */
function partitionsToWipe(request: ResetRequest): { state: boolean; ephemeral: boolean } {
  const named = request.systemPartitionsToWipe;
  if (request.mode === "USER_DISKS") {
    if (named.length > 0) {
      throw new RpcError(
        status.UNKNOWN,
        "reset failed: invalid input, wipe mode USER_DISKS doesn't support SystemPartitionsToWipe parameter",
      );
    }
    return { state: false, ephemeral: false };
  }
  const unknown = named.find(({ label }) => !["STATE", "EPHEMERAL", "META"].includes(label));
  if (unknown !== undefined) {
    throw new RpcError(
      status.UNKNOWN,
      `failed to get volume status with label "${unknown.label}": resource VolumeStatuses.block.talos.dev(runtime/${unknown.label}@undefined) doesn't exist`,
    );
  }
  const wipes = (label: string) =>
    named.length === 0 || named.some((partition) => partition.label === label && partition.wipe);
  return { state: wipes("STATE"), ephemeral: wipes("EPHEMERAL") };
}

/** The task that the provider waits for before it calls a reset done. */
function stopServices(node: SimulatedNode, actorId: string): void {
  const task = "stopAllServices";
  node.events.publish({ kind: "PhaseEvent", phase: "stopServices", action: "START" }, actorId);
  node.events.publish({ kind: "TaskEvent", task, action: "START" }, actorId);
  node.events.publish({ kind: "TaskEvent", task, action: "STOP" }, actorId);
}
