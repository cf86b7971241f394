import { isEndpointUri } from "./goUrl";
import { at, listAt, textAt } from "./machineDocuments";
import type { MachineDocuments } from "./machineDocuments";
import type { CheckedMachine, MachineFinding, MachineRule } from "./machineRule";

const DISK_TYPES = ["ssd", "hdd", "nvme", "sd"];

/** What a machine refuses in the parts that install it and make it what it is. */
export const installRules: readonly MachineRule[] = [
  { id: "patch-required-section", check: requiredSection },
  { id: "patch-install-disk", check: installDisk },
  { id: "patch-disk-selector", check: diskSelector },
  { id: "patch-extra-kernel-args", check: extraKernelArgs },
  { id: "patch-duplicate-extension", check: duplicateExtension },
  { id: "patch-machine-type", check: machineType },
  { id: "patch-certificate-authority", check: certificateAuthority },
  { id: "patch-persist", check: persist },
];

function* requiredSection([main]: MachineDocuments): Iterable<MachineFinding> {
  for (const section of ["machine", "cluster"]) {
    if (at(main, section) !== undefined) continue;
    yield {
      where: section,
      reason: `machines refuse a configuration without ${section}`,
      fix: "delete single keys of it instead",
    };
  }
  if (at(main, "machine") !== undefined && at(main, "machine", "install") === undefined) {
    yield {
      where: "machine.install",
      reason: "machines refuse a configuration that does not say where to install",
      fix: "delete single keys of it instead",
    };
  }
  if (
    at(main, "cluster") !== undefined &&
    !isEndpointUri(textAt(main, "cluster", "controlPlane", "endpoint"))
  ) {
    yield {
      where: "cluster.controlPlane.endpoint",
      reason: "machines refuse a configuration without the URL of the cluster's endpoint",
      fix: "leave it as it is generated",
    };
  }
}

function* installDisk([main]: MachineDocuments): Iterable<MachineFinding> {
  const install = at(main, "machine", "install");
  if (install === undefined) return;
  const selector = at(install, "diskSelector");
  const hasSelector = typeof selector === "object" && Object.keys(selector ?? {}).length > 0;
  if (textAt(install, "disk") !== "" || hasSelector) return;
  yield {
    where: "machine.install",
    reason: "machines refuse a configuration with neither a disk nor a diskSelector",
    fix: "name one",
  };
}

function* diskSelector([main]: MachineDocuments): Iterable<MachineFinding> {
  const selector = at(main, "machine", "install", "diskSelector");
  const where = "machine.install.diskSelector";
  if (textAt(selector, "name") !== "") {
    yield {
      where: `${where}.name`,
      got: textAt(selector, "name"),
      reason: "machines do not select by name",
      fix: "write machine.install.disk, or select by busPath, serial or wwid",
    };
  }
  const type = textAt(selector, "type");
  if (type === "" || DISK_TYPES.includes(type)) return;
  yield {
    where: `${where}.type`,
    got: type,
    reason: `machines know ${DISK_TYPES.join(", ")}`,
    fix: "choose one of them",
  };
}

function* extraKernelArgs([main]: MachineDocuments): Iterable<MachineFinding> {
  const install = at(main, "machine", "install");
  const args = listAt(install, "extraKernelArgs");
  if (args.length === 0 || at(install, "grubUseUKICmdline") !== true) return;
  yield {
    where: "machine.install.extraKernelArgs",
    got: args,
    reason: "machines refuse it beside machine.install.grubUseUKICmdline: true, which is generated",
    fix: "put the arguments into the node's schematicId, or add grubUseUKICmdline: false to the patch",
  };
}

function* duplicateExtension([main]: MachineDocuments): Iterable<MachineFinding> {
  const images = listAt(main, "machine", "install", "extensions").map((item) =>
    textAt(item, "image"),
  );
  for (const image of new Set(images.filter((name, index) => images.indexOf(name) < index))) {
    yield {
      where: "machine.install.extensions",
      got: image,
      reason: "machines refuse an extension that is named twice; lists of patches are appended",
      fix: "name it in one patch, or better in the node's schematicId",
    };
  }
}

function* machineType([main]: MachineDocuments, machine: CheckedMachine): Iterable<MachineFinding> {
  if (at(main, "machine") === undefined) return;
  const got = textAt(main, "machine", "type");
  const isControlPlane = machine.machineType === "controlplane";
  const names = isControlPlane ? ["controlplane", "init"] : ["worker", "join", ""];
  // An init machine bootstraps etcd by itself, and so does the program.
  if (names.includes(got) && !(machine.spec && got === "init")) return;
  yield {
    where: "machine.type",
    got,
    reason:
      got === "init"
        ? "such a machine bootstraps etcd by itself, and the program does that"
        : `the configuration was generated for a ${machine.machineType}, and machines refuse it as anything else`,
    fix: "remove it from the patch; machineType of the node says what the machine is",
  };
}

function* certificateAuthority(
  [main]: MachineDocuments,
  { machineType: type }: CheckedMachine,
): Iterable<MachineFinding> {
  for (const section of ["machine", "cluster"] as const) {
    if (at(main, section) === undefined) continue;
    const path = `${section}.ca.key`;
    const crt = textAt(main, section, "ca", "crt");
    const key = textAt(main, section, "ca", "key");
    const accepted = listAt(main, section, "acceptedCAs").length > 0;
    if (type === "controlplane" && section === "machine" && key === "") {
      yield {
        where: path,
        reason: "machines refuse a control plane without the key of its CA",
        fix: "remove it from the patch; it comes from the machine secrets",
      };
    }
    if (type === "worker" && key !== "") {
      yield {
        where: path,
        reason: "machines refuse a CA key on a worker",
        fix: "remove it from the patch; it comes from the machine secrets",
      };
    }
    if (type === "worker" && section === "machine" && crt === "" && !accepted) {
      yield {
        where: `${section}.ca.crt`,
        reason: "machines refuse a worker that trusts no CA",
        fix: "remove it from the patch; it comes from the machine secrets",
      };
    }
  }
  if (type === "controlplane" && at(main, "cluster", "etcd") !== undefined) {
    if (at(main, "cluster", "etcd", "ca") !== undefined) return;
    yield {
      where: "cluster.etcd.ca",
      reason: "machines refuse etcd without its CA",
      fix: "remove it from the patch; it comes from the machine secrets",
    };
  }
}

function* persist([main]: MachineDocuments): Iterable<MachineFinding> {
  if (at(main, "persist") !== false) return;
  yield {
    where: "persist",
    got: false,
    reason: "machines refuse a configuration that they shall not keep",
    fix: "remove it from the patch",
  };
}
