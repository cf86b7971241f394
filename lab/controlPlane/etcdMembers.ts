import { createHash } from "node:crypto";
import type { ConfiguredNode, EtcdMember } from "../nodes/clusterRuntime";
import { ETCD_CLIENT_PORT, ETCD_PEER_PORT } from "./flags";

/**
 * The members that Talos would show: a lab runs one etcd, and the other control planes stand in for
 * the members that would have joined it.
 */
export function etcdMembersOf(controlPlanes: readonly ConfiguredNode[]): EtcdMember[] {
  return controlPlanes.map(({ hostname, address }) => ({
    id: createHash("sha256").update(`${hostname}/${address}`).digest().readBigUInt64BE().toString(),
    hostname,
    peerUrls: [`https://${address}:${ETCD_PEER_PORT}`],
    clientUrls: [`https://${address}:${ETCD_CLIENT_PORT}`],
    isLearner: false,
  }));
}
