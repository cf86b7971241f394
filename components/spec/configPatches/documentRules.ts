import { linkFaults } from "./documents/links";
import { systemFaults } from "./documents/system";
import { volumeFaults } from "./documents/volumes";
import { at, kindOf, textAt } from "./machineDocuments";
import type { MachineDocuments } from "./machineDocuments";
import type { MachineFinding, MachineRule } from "./machineRule";

/** What a machine refuses in documents of their own. */
export const documentRules: readonly MachineRule[] = [
  { id: "patch-document", check: documentContent },
  { id: "patch-document-conflict", check: conflictingDocuments },
];

/** Kinds that are not listed have no faults that are looked for. */
const FAULTS = { ...volumeFaults, ...linkFaults, ...systemFaults };

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
