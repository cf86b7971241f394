import { status } from "@grpc/grpc-js";
import type { EtcdMember } from "../clusterRuntime";
import { ETCD_READERS } from "../roles";
import { unary } from "../rpc";
import { RpcError } from "../rpcError";
import type { SimulatedNode } from "../simulatedNode";
import { requireControlPlane } from "./controlPlaneOnly";

/** An address that belongs to nobody (RFC 5737). */
const FOREIGN_PEER_URL = "https://203.0.113.7:2380";

export const etcdMemberList = unary<object>({
  service: "machine",
  rpc: "EtcdMemberList",
  roles: ETCD_READERS,
  async handle(node) {
    requireControlPlane(node, "member list");
    const members = await membersSeenBy(node);
    if (members.length === 0 || node.faults.etcd === "unhealthy") {
      throw new RpcError(
        status.UNAVAILABLE,
        `connection error: desc = "transport: Error while dialing: dial tcp ${node.address}:2379: connect: connection refused"`,
      );
    }
    return { messages: [{ legacyMembers: members.map(({ hostname }) => hostname), members }] };
  },
});

/** Members of etcd as this node reports them; empty while etcd does not run. */
export async function membersSeenBy(node: SimulatedNode): Promise<EtcdMember[]> {
  const members = (await node.cluster?.etcdMembers()) ?? [];
  const own = Math.max(
    0,
    members.findIndex(({ hostname }) => hostname === node.hostname),
  );
  return members.map((member, index) => {
    if (index !== own) {
      return member;
    }
    switch (node.faults.etcd) {
      case "learner":
        return { ...member, isLearner: true };
      case "foreignPeerURL":
        return { ...member, peerUrls: [FOREIGN_PEER_URL] };
      default:
        return member;
    }
  });
}
