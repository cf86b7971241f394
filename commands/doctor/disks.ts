import type { NodeSpec } from "../../components/spec";

/** A disk as Talos reports it (`DiskSpec` of `talosApi/resources.proto`). */
export interface BlockDisk {
  readonly devPath: string;
  /** Bytes, in decimal. */
  readonly size: string;
  readonly prettySize: string;
  readonly model: string;
  readonly serial: string;
  readonly modalias: string;
  readonly uuid: string;
  readonly wwid: string;
  readonly busPath: string;
  readonly transport: string;
  readonly rotational: boolean;
  readonly readonly: boolean;
  readonly cdrom: boolean;
  /** Other paths of it, such as `/dev/disk/by-id/…`. */
  readonly symlinks: readonly string[];
}

type Selector = NonNullable<NodeSpec["diskSelector"]>;

/** The disk that a path names, by itself or by one of its links. Pure. */
export function diskAt(disks: readonly BlockDisk[], path: string): BlockDisk | undefined {
  return disks.find(({ devPath, symlinks }) => devPath === path || symlinks.includes(path));
}

/** The disks that Talos would choose from by a selector; it takes the first. Pure. */
export function selectedDisks(disks: readonly BlockDisk[], selector: Selector): BlockDisk[] {
  return disks.filter(
    (disk) =>
      disk.transport !== "" &&
      !disk.readonly &&
      !disk.cdrom &&
      isOfSize(disk, selector.size) &&
      isOfType(disk, selector.type) &&
      (["model", "serial", "modalias", "uuid", "wwid", "busPath"] as const).every((key) =>
        matches(disk[key], selector[key]),
      ),
  );
}

function isOfType({ transport, rotational }: BlockDisk, type: Selector["type"]): boolean {
  if (type === "nvme") return transport === "nvme";
  if (type === "sd") return transport === "mmc";
  return type === undefined || rotational === (type === "hdd");
}

/** `*` stands for any text, `?` for one character. */
function matches(text: string, pattern: string | undefined): boolean {
  if (pattern === undefined || pattern === "") return true;
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "s").test(text);
}

const UNITS = ["", "k", "m", "g", "t", "p"];

function isOfSize({ size }: BlockDisk, condition: string | undefined): boolean {
  if (condition === undefined) return true;
  const parts = /^\s*(==|<=|>=|<|>)?\s*([\d.]+)\s*([kmgtp]?)(i?)b?\s*$/i.exec(condition);
  if (!parts) return false;
  const [, operator = "==", number, unit, binary] = parts;
  const bytes = Number(number) * (binary ? 1024 : 1000) ** UNITS.indexOf(unit!.toLowerCase());
  const difference = Number(size) - bytes;
  const holds: Record<string, boolean> = {
    "==": difference === 0,
    "<=": difference <= 0,
    ">=": difference >= 0,
    "<": difference < 0,
    ">": difference > 0,
  };
  return holds[operator]!;
}
