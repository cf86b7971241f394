import { parseAddress } from "../cidr";
import { durationSeconds } from "../duration";
import { at, entriesAt, kindOf, listAt, textAt } from "./machineDocuments";
import type { MachineDocuments, TalosDocument } from "./machineDocuments";
import type { MachineFinding, MachineRule } from "./machineRule";

/** What a machine refuses in documents of their own. */
export const documentRules: readonly MachineRule[] = [
  { id: "patch-document", check: documentContent },
  { id: "patch-document-conflict", check: conflictingDocuments },
];

type Fault = readonly [field: string, reason: string];

/** The faults of a document by its kind; kinds that are not listed have none that are looked for. */
const FAULTS: Readonly<Record<string, (document: TalosDocument) => Iterable<Fault>>> = {
  *UserVolumeConfig(document) {
    yield* volumeName(document, 34);
    const type = textAt(document, "volumeType") || "partition";
    if (type === "directory") {
      for (const part of ["provisioning", "encryption", "filesystem", "mount"]) {
        if (entriesAt(document, part).length > 0) yield [part, "volumeType directory has none"];
      }
    } else if (type === "disk" || type === "partition") {
      yield* provisioning(document, true, type === "partition");
    } else yield ["volumeType", `there are directory, disk and partition, not ${type}`];
  },
  *RawVolumeConfig(document) {
    yield* volumeName(document, 34);
    yield* provisioning(document, true, true);
  },
  *SwapVolumeConfig(document) {
    yield* volumeName(document, 34);
    yield* provisioning(document, true, true);
  },
  *ExistingVolumeConfig(document) {
    yield* volumeName(document, Number.MAX_SAFE_INTEGER);
    if (textAt(document, "discovery", "volumeSelector", "match") === "") {
      yield ["discovery.volumeSelector.match", "it is required"];
    }
  },
  *ExternalVolumeConfig(document) {
    yield* volumeName(document, 34);
    if (textAt(document, "filesystemType") !== "virtiofs") {
      yield ["filesystemType", "it must be virtiofs"];
    } else if (textAt(document, "mount", "virtiofs", "tag") === "") {
      yield ["mount.virtiofs.tag", "it is required"];
    }
  },
  *VolumeConfig(document) {
    const names = ["STATE", "EPHEMERAL", "IMAGECACHE"];
    const name = textAt(document, "name");
    if (!names.includes(name)) yield ["name", `it must be one of ${names.join(", ")}`];
    else if (name === "STATE" && entriesAt(document, "provisioning").length > 0) {
      yield ["provisioning", "STATE has none"];
    } else yield* provisioning(document, false, true);
  },
  *ZswapConfig(document) {
    const percent = at(document, "maxPoolPercent");
    if (typeof percent === "number" && (percent < 0 || percent > 100)) {
      yield ["maxPoolPercent", "it is 0 to 100"];
    }
  },
  *WatchdogTimerConfig(document) {
    if (textAt(document, "device") === "") yield ["device", "it is required"];
    const timeout = textAt(document, "timeout");
    if (timeout !== "" && durationSeconds(timeout) !== 0 && durationSeconds(timeout) < 10) {
      yield ["timeout", "it is 10s or more"];
    }
  },
  *KmsgLogConfig(document) {
    if (textAt(document, "name") === "") yield ["name", "it is required"];
    const url = textAt(document, "url");
    if (!/^(tcp|udp):\/\/[^/]+:\d+\/?$/.test(url)) {
      yield ["url", "it must be tcp:// or udp:// with a host and a port"];
    }
  },
  *EventSinkConfig(document) {
    if (!/^[^\s]+:\d*$/.test(textAt(document, "endpoint"))) {
      yield ["endpoint", "it must be a host and a port"];
    }
  },
  *EnvironmentConfig(document) {
    for (const [name] of entriesAt(document, "variables")) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        yield ["variables", `${name} is no variable name`];
    }
  },
  *ExtensionServiceConfig(document) {
    if (textAt(document, "name") === "") yield ["name", "it is required"];
    const files = listAt(document, "configFiles");
    if (files.length === 0 && listAt(document, "environment").length === 0) {
      yield ["configFiles", "there must be configFiles or environment"];
    }
    for (const file of files) {
      if (textAt(file, "content") === "") yield ["configFiles", "each file has content"];
      if (textAt(file, "mountPath") === "") yield ["configFiles", "each file has a mountPath"];
    }
  },
  *RegistryMirrorConfig(document) {
    if (textAt(document, "name") === "") yield ["name", "it is required"];
    for (const endpoint of listAt(document, "endpoints")) {
      if (!/^https?:\/\//.test(textAt(endpoint, "url"))) {
        yield ["endpoints", "each has a url with http:// or https://"];
      }
    }
  },
  *RegistryAuthConfig(document) {
    if (textAt(document, "name") === "") yield ["name", "it is required"];
    const ways = ["username", "identityToken", "auth"].filter(
      (key) => textAt(document, key) !== "",
    );
    if (ways.length > 1) yield [ways[1]!, `it cannot stand beside ${ways[0]}`];
  },
  *RegistryTLSConfig(document) {
    if (textAt(document, "name") === "") yield ["name", "it is required"];
  },
  *Layer2VIPConfig(document) {
    if (!parseAddress(textAt(document, "name"))) yield ["name", "it is the floating address"];
    if (textAt(document, "link") === "") yield ["link", "it is required"];
  },
  *HCloudVIPConfig(document) {
    if (!parseAddress(textAt(document, "name"))) yield ["name", "it is the floating address"];
    if (textAt(document, "link") === "") yield ["link", "it is required"];
  },
  *NetworkRuleConfig(document) {
    if (textAt(document, "name") === "") yield ["name", "it is required"];
    if (listAt(document, "portSelector", "ports").length === 0) {
      yield ["portSelector.ports", "it is required"];
    }
  },
  *StaticHostConfig(document) {
    if (!parseAddress(textAt(document, "name"))) yield ["name", "it is the address of the host"];
    if (listAt(document, "hostnames").length === 0) yield ["hostnames", "there must be one"];
  },
  *TimeSyncConfig(document) {
    if (at(document, "ntp") !== undefined && at(document, "ptp") !== undefined) {
      yield ["ptp", "it cannot stand beside ntp"];
    }
  },
};

function* volumeName(document: TalosDocument, longest: number): Iterable<Fault> {
  const name = textAt(document, "name");
  if (name === "") yield ["name", "it is required"];
  else if (name.length > longest) yield ["name", `it has at most ${longest} characters`];
  if (!/^[A-Za-z0-9-]*$/.test(name)) yield ["name", "it has letters, digits and hyphens only"];
}

function* provisioning(
  document: TalosDocument,
  required: boolean,
  sized: boolean,
): Iterable<Fault> {
  const spec = at(document, "provisioning");
  const sizes = ["minSize", "maxSize"].filter((key) => textAt(spec, key) !== "");
  if (required && textAt(spec, "diskSelector", "match") === "") {
    yield ["provisioning.diskSelector.match", "it is required"];
  }
  if (sized && required && sizes.length === 0) {
    yield ["provisioning.minSize", "minSize or maxSize is required"];
  }
  if (sized && textAt(spec, "minSize").startsWith("-")) {
    yield ["provisioning.minSize", "it cannot be negative"];
  }
  if (!sized && (sizes.length > 0 || at(spec, "grow") !== undefined)) {
    yield ["provisioning", "volumeType disk has no minSize, maxSize and grow"];
  }
}

function* documentContent([, ...others]: MachineDocuments): Iterable<MachineFinding> {
  for (const document of others) {
    const kind = kindOf(document);
    for (const [field, reason] of FAULTS[kind]?.(document) ?? []) {
      const name = textAt(document, "name");
      yield {
        where: `${kind}${name === "" ? "" : ` ${name}`}: ${field}`,
        got: at(document, ...field.split(".")),
        reason: `machines refuse it: ${reason}`,
        fix: "correct the document",
      };
    }
  }
}

/** Kinds of which a machine takes one for each name. */
const EXCLUSIVE: readonly (readonly string[])[] = [
  [
    "BondConfig",
    "BridgeConfig",
    "DummyLinkConfig",
    "LinkConfig",
    "VLANConfig",
    "VRFConfig",
    "WireguardConfig",
  ],
  ["HCloudVIPConfig", "Layer2VIPConfig"],
  ["ExistingVolumeConfig", "UserVolumeConfig"],
];

function* conflictingDocuments([, ...others]: MachineDocuments): Iterable<MachineFinding> {
  for (const kinds of EXCLUSIVE) {
    const owners = new Map<string, string>();
    for (const document of others.filter((other) => kinds.includes(kindOf(other)))) {
      const name = textAt(document, "name");
      const owner = owners.get(name);
      if (owner !== undefined && owner !== kindOf(document)) {
        yield {
          where: `${kindOf(document)} ${name}`,
          reason: `it conflicts with the ${owner} of the same name`,
          fix: "keep one of them",
        };
      }
      owners.set(name, kindOf(document));
    }
  }
}
