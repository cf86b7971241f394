import type { Method } from "../rpc";
import { applyConfiguration } from "./applyConfiguration";
import { bootstrap } from "./bootstrap";
import { etcdMemberList } from "./etcd";
import { events } from "./events";
import { kubeconfig } from "./kubeconfig";
import { reboot, reset, upgrade } from "./lifecycle";
import { disks, hostname, memory, read, timeCheck, version } from "./machineFacts";
import { serviceList } from "./services";
import { get, listResources, watch } from "./state";

/** Every method of the Talos API that a node serves. */
export const METHODS: readonly Method[] = [
  applyConfiguration,
  bootstrap,
  disks,
  etcdMemberList,
  events,
  get,
  hostname,
  kubeconfig,
  listResources,
  memory,
  read,
  reboot,
  reset,
  serviceList,
  timeCheck,
  upgrade,
  version,
  watch,
];
