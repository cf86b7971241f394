import { status } from "@grpc/grpc-js";
import { ADMIN, READERS } from "../roles";
import { stream, unary } from "../rpc";
import { RpcError } from "../rpcError";
import { goDate } from "../timestamps";

/** 4 GiB, in KiB. */
const MEMTOTAL = 4 * 1024 * 1024;

/** Platform "container": health checks then skip memory and disks, which a simulation has none of. */
export const version = unary<object>({
  service: "machine",
  rpc: "Version",
  roles: READERS,
  handle: (node) => ({
    messages: [
      {
        version: {
          tag: node.talosVersion,
          sha: "simulated",
          built: "",
          goVersion: "",
          os: "linux",
          arch: "amd64",
        },
        platform: { name: "container", mode: "container" },
        features: node.inMaintenance ? null : { rbac: true },
      },
    ],
  }),
});

export const hostname = unary<object>({
  service: "machine",
  rpc: "Hostname",
  roles: READERS,
  handle: (node) => ({ messages: [{ hostname: node.hostname }] }),
});

export const memory = unary<object>({
  service: "machine",
  rpc: "Memory",
  roles: READERS,
  handle: () => ({
    messages: [
      { meminfo: { memtotal: MEMTOTAL, memfree: MEMTOTAL / 2, memavailable: MEMTOTAL / 2 } },
    ],
  }),
});

/** The time server's time is this computer's: no server is asked. */
export const timeCheck = unary<{ server: string }>({
  service: "time",
  rpc: "TimeCheck",
  roles: READERS,
  handle: (node, { server }) => ({
    messages: [
      {
        server,
        localtime: goDate(new Date(Date.now() + node.faults.clockOffsetSeconds * 1000)),
        remotetime: goDate(new Date()),
      },
    ],
  }),
});

export const disks = unary<object>({
  service: "storage",
  rpc: "Disks",
  roles: READERS,
  handle: (node) => ({ messages: [{ disks: node.options.disks }] }),
});

export const read = stream<{ path: string }>({
  service: "machine",
  rpc: "Read",
  roles: ADMIN,
  stream(node, { path }, _caller, send) {
    if (path !== "/proc/sys/kernel/random/boot_id") {
      throw new RpcError(status.NOT_FOUND, `stat ${path}: no such file or directory`);
    }
    send({ bytes: Buffer.from(`${node.life.bootId}\n`) });
  },
});
