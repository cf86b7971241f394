import { parseByteSize } from "../byteSize";
import type { TalosDocument } from "../machineDocuments";
import { at, entriesAt, listAt, textAt } from "../machineDocuments";
import type { DocumentFaults, Fault } from "./fault";
import { required } from "./fault";

const LONGEST_NAME = 34;
const DIRECTORY_PARTS = {
  provisioning: ["grow", "maxSize", "minSize", "diskSelector"],
  encryption: ["provider", "keys"],
  filesystem: ["type", "projectQuotaSupport"],
  mount: ["disableAccessTime", "secure"],
};

/** Volumes. */
export const volumeFaults: DocumentFaults = {
  *UserVolumeConfig(document) {
    yield* volumeName(document, LONGEST_NAME);
    const type = textAt(document, "volumeType") || "partition";
    if (type === "directory") {
      for (const [part, keys] of Object.entries(DIRECTORY_PARTS)) {
        if (keys.some((key) => at(document, part, key) !== undefined)) {
          yield [part, "volumeType directory has none"];
        }
      }
    } else if (type === "disk" || type === "partition") {
      yield* provisioning(document, true, type === "partition");
      yield* filesystem(document);
      yield* encryption(document);
    } else yield ["volumeType", `there are directory, disk and partition, not ${type}`];
  },
  *RawVolumeConfig(document) {
    yield* volumeName(document, LONGEST_NAME);
    yield* provisioning(document, true, true);
    yield* encryption(document);
  },
  *SwapVolumeConfig(document) {
    yield* volumeName(document, LONGEST_NAME);
    yield* provisioning(document, true, true);
    yield* encryption(document);
  },
  *ExistingVolumeConfig(document) {
    yield* volumeName(document, Number.MAX_SAFE_INTEGER);
    yield* required(document, "discovery.volumeSelector.match");
  },
  *ExternalVolumeConfig(document) {
    yield* volumeName(document, LONGEST_NAME);
    if (textAt(document, "filesystemType") !== "virtiofs") {
      yield ["filesystemType", "it must be virtiofs"];
    } else yield* required(document, "mount.virtiofs.tag");
  },
  *VolumeConfig(document) {
    const names = ["STATE", "EPHEMERAL", "IMAGECACHE"];
    const name = textAt(document, "name");
    if (!names.includes(name)) {
      yield ["name", `it must be one of ${names.join(", ")}`];
      return;
    }
    if (name === "STATE" && entriesAt(document, "provisioning").length > 0) {
      yield ["provisioning", "STATE has none"];
    }
    const keys = listAt(document, "encryption", "keys");
    if (name === "STATE" && keys.some((key) => at(key, "lockToState") === true)) {
      yield ["encryption.keys", "a key of STATE cannot be locked to STATE"];
    }
    yield* provisioning(document, false, true);
    yield* encryption(document);
  },
  *ZswapConfig(document) {
    const percent = at(document, "maxPoolPercent");
    if (typeof percent === "number" && (percent < 0 || percent > 100)) {
      yield ["maxPoolPercent", "it is 0 to 100"];
    }
  },
};

function* volumeName(document: TalosDocument, longest: number): Iterable<Fault> {
  const name = textAt(document, "name");
  if (name === "") yield ["name", "it is required"];
  else if (name.length > longest) yield ["name", `it has at most ${longest} characters`];
  if (!/^[A-Za-z0-9-]*$/.test(name)) yield ["name", "it has letters, digits and hyphens only"];
}

function* provisioning(document: TalosDocument, needed: boolean, sized: boolean): Iterable<Fault> {
  const spec = at(document, "provisioning");
  const sizes = ["minSize", "maxSize"].filter((key) => textAt(spec, key) !== "");
  if (needed) yield* required(document, "provisioning.diskSelector.match");
  if (sized && needed && sizes.length === 0) {
    yield ["provisioning.minSize", "minSize or maxSize is required"];
  }
  const [least, most] = ["minSize", "maxSize"].map((key) => parseByteSize(textAt(spec, key)));
  if (sized && least !== undefined && most !== undefined && least > most) {
    yield ["provisioning.minSize", "it is more than maxSize"];
  }
  if (sized && textAt(spec, "minSize").startsWith("-")) {
    yield ["provisioning.minSize", "it cannot be negative"];
  }
  if (!sized && (sizes.length > 0 || at(spec, "grow") !== undefined)) {
    yield ["provisioning", "volumeType disk has no minSize, maxSize and grow"];
  }
}

function* filesystem(document: TalosDocument): Iterable<Fault> {
  const type = textAt(document, "filesystem", "type") || "none";
  if (!["none", "xfs", "ext4"].includes(type)) {
    yield ["filesystem.type", "there are xfs and ext4"];
  } else if (at(document, "filesystem", "projectQuotaSupport") === true && type === "ext4") {
    yield ["filesystem.projectQuotaSupport", "only xfs has it"];
  }
}

function* encryption(document: TalosDocument): Iterable<Fault> {
  const provider = textAt(document, "encryption", "provider") || "none";
  const keys = listAt(document, "encryption", "keys");
  if (provider === "none" && keys.length === 0) return;
  if (provider !== "luks2") yield ["encryption.provider", "it must be luks2"];
  if (keys.length === 0) yield ["encryption.keys", "there must be one"];
  const slots = keys.map((key) => Number(at(key, "slot") ?? 0));
  if (new Set(slots).size < slots.length) yield ["encryption.keys", "two keys have one slot"];
  for (const key of keys) {
    if (["static", "nodeID", "kms", "tpm"].every((kind) => at(key, kind) === undefined)) {
      yield ["encryption.keys", "each key has static, nodeID, kms or tpm"];
    }
    const pcrs = listAt(key, "tpm", "options", "pcrs");
    if (pcrs.some((pcr) => Number(pcr) < 0 || Number(pcr) > 23)) {
      yield ["encryption.keys", "a PCR is 0 to 23"];
    }
  }
}
