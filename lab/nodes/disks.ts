import type { Disk } from "../../talosApi";

const GB = 1_000_000_000;

/** A disk of a simulated machine; what is not named is that of a virtual SATA disk. */
export function simulatedDisk(disk: { deviceName: string; size: string } & Partial<Disk>): Disk {
  return {
    model: "SIMULATED",
    name: "",
    serial: "",
    modalias: "",
    uuid: "",
    wwid: "",
    type: "SSD",
    busPath: "/lab",
    systemDisk: false,
    subsystem: "/sys/class/block",
    readonly: false,
    ...disk,
  };
}

/** `/dev/sda`, the install disk of generated configurations, and a second one. */
export const DEFAULT_DISKS: readonly Disk[] = [
  simulatedDisk({ deviceName: "/dev/sda", size: String(100 * GB), systemDisk: true }),
  simulatedDisk({ deviceName: "/dev/nvme0n1", size: String(500 * GB), type: "NVME" }),
];
