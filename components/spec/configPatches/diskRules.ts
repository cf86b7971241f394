import { parseByteSize } from "./byteSize";
import { at, entriesAt, listAt, textAt } from "./machineDocuments";
import type { MachineDocuments } from "./machineDocuments";
import type { MachineFinding, MachineRule } from "./machineRule";

/** What a machine refuses about its disks. */
export const diskRules: readonly MachineRule[] = [
  { id: "patch-disks", check: disks },
  { id: "patch-disk-encryption", check: diskEncryption },
];

function* disks([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const [index, disk] of listAt(main, "machine", "disks").entries()) {
    if (disk === null) {
      yield {
        where: `machine.disks[${index}]`,
        reason: "machines refuse a disk of which nothing is said",
        fix: "remove it",
      };
    }
    const partitions = listAt(disk, "partitions");
    for (const [at_, partition] of partitions.entries()) {
      const size = parseByteSize(textAt(partition, "size"));
      if (at_ === partitions.length - 1 || (size !== undefined && size !== 0)) continue;
      yield {
        where: `machine.disks[${index}].partitions[${at_}]`,
        reason: "machines refuse a partition of the whole disk that is not the last",
        fix: "give it a size",
      };
    }
  }
}

function* diskEncryption([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const [name, partition] of entriesAt(main, "machine", "systemDiskEncryption")) {
    if (partition === null) continue;
    const keys = listAt(partition, "keys");
    const where = `machine.systemDiskEncryption.${name}.keys`;
    if (keys.length === 0) {
      yield { where, reason: "machines refuse encryption without a key", fix: "add a key" };
    }
    const slots = keys.map((key) => Number(at(key, "slot") ?? 0));
    for (const [index, key] of keys.entries()) {
      if (slots.indexOf(slots[index]!) < index) {
        yield {
          where: `${where}[${index}].slot`,
          got: slots[index],
          reason: "machines refuse two keys in one slot; lists of patches are appended",
          fix: "give each key a slot of its own",
        };
      }
      if (["nodeID", "static", "kms", "tpm"].every((kind) => at(key, kind) === undefined)) {
        yield {
          where: `${where}[${index}]`,
          reason: "machines refuse a key that says nothing of where it comes from",
          fix: "add nodeID, static, kms or tpm",
        };
      }
    }
  }
}
