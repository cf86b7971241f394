import type { ServiceInfo } from "../../../talosApi";
import { READERS } from "../roles";
import { unary } from "../rpc";
import type { SimulatedNode } from "../simulatedNode";
import { membersSeenBy } from "./etcd";

const ALWAYS = ["apid", "auditd", "containerd", "dashboard", "machined", "syslogd", "udevd"];

export const serviceList = unary<object>({
  service: "machine",
  rpc: "ServiceList",
  roles: READERS,
  async handle(node) {
    const services = ALWAYS.map((id) => service(node, id, "Running", true));
    if (node.configuration !== undefined) {
      const up = node.services.isContainerRuntimeUp;
      services.push(service(node, "cri", up ? "Running" : "Starting", up), kubelet(node));
      if (node.isControlPlane) {
        services.push(service(node, "trustd", up ? "Running" : "Starting", up), await etcd(node));
      }
    }
    services.sort((left, right) => left.id.localeCompare(right.id));
    return { messages: [{ services }] };
  },
});

function kubelet(node: SimulatedNode): ServiceInfo {
  if (!node.services.isContainerRuntimeUp) {
    return service(node, "kubelet", "Waiting", false, 'Waiting for service "cri" to be "up"');
  }
  return node.services.hasJoined
    ? service(node, "kubelet", "Running", true)
    : service(
        node,
        "kubelet",
        "Running",
        false,
        'Get "http://127.0.0.1:10248/healthz": dial tcp 127.0.0.1:10248: connect: connection refused',
      );
}

async function etcd(node: SimulatedNode): Promise<ServiceInfo> {
  const failure = node.cluster?.failure;
  if (failure !== undefined && node.services.hasEtcdData) {
    return service(node, "etcd", "Failed", false, failure);
  }
  if (!node.services.hasEtcdData) {
    return service(node, "etcd", "Preparing", false, "Running pre state");
  }
  const members = await membersSeenBy(node).catch(() => []);
  return members.length > 0 && node.faults.etcd !== "unhealthy"
    ? service(node, "etcd", "Running", true)
    : service(node, "etcd", "Running", false, "context deadline exceeded");
}

function service(
  node: SimulatedNode,
  id: string,
  state: string,
  healthy: boolean,
  lastMessage = "",
): ServiceInfo {
  const ts = { seconds: Math.floor(node.madeAt.getTime() / 1000), nanos: 0 };
  return {
    id,
    state,
    events: { events: [{ msg: lastMessage || "Health check successful", state, ts }] },
    health: { unknown: false, healthy, lastMessage, lastChange: ts },
  };
}
