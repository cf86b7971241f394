import { contractMinor } from "../versions";
import { at, kindOf, textAt } from "./machineDocuments";
import type { MachineDocuments } from "./machineDocuments";
import type { CheckedMachine, MachineFinding, MachineRule } from "./machineRule";

/** The name of a machine, which has a document of its own from contract 1.12 on. */
export const hostnameRules: readonly MachineRule[] = [
  { id: "patch-hostname-twice", check: hostnameTwice },
  { id: "patch-hostname-auto", check: hostnameAuto },
  { id: "patch-hostname-length", check: hostnameLength },
  { id: "patch-hostname-differs", check: hostnameDiffers },
];

function* hostnameTwice(
  [main, ...others]: MachineDocuments,
  { configContract }: CheckedMachine,
): Iterable<MachineFinding> {
  if (!others.some((document) => kindOf(document) === "HostnameConfig")) return;
  const hostname = textAt(main, "machine", "network", "hostname");
  if (hostname !== "") {
    const newForm = (contractMinor(configContract) ?? 0) >= 12;
    yield {
      where: "machine.network.hostname",
      got: hostname,
      reason: newForm
        ? `machines of contract ${configContract} have a HostnameConfig document and refuse the name beside it`
        : "machines refuse a HostnameConfig document beside the name",
      fix: newForm
        ? "remove it: the hostname of the node is set already"
        : "remove the HostnameConfig document",
    };
  }
  if (at(main, "machine", "features", "stableHostname") === true) {
    yield {
      where: "HostnameConfig",
      reason: `machines of contract ${configContract} name themselves by machine.features.stableHostname and refuse the document beside it`,
      fix: "remove the document; before contract v1.12 the name is machine.network.hostname",
    };
  }
}

function* hostnameAuto([, ...others]: MachineDocuments): Iterable<MachineFinding> {
  const document = others.find((other) => kindOf(other) === "HostnameConfig");
  if (!document) return;
  const hostname = textAt(document, "hostname");
  // Without a word it is what the type begins with, off excluded.
  const auto = textAt(document, "auto") || "unset";
  if (hostname !== "" && auto !== "off" && auto !== "unset") {
    yield {
      where: "HostnameConfig.hostname",
      got: hostname,
      reason: `machines refuse a hostname beside auto: ${auto}, which is generated`,
      fix: "add auto: off to the document",
    };
  } else if (hostname === "" && (auto === "off" || auto === "unset")) {
    yield {
      where: "HostnameConfig",
      reason: "machines refuse the document without a hostname and without a way to find one",
      fix: "add a hostname, or auto: stable",
    };
  } else if (auto === "talos-addr") {
    yield {
      where: "HostnameConfig.auto",
      got: auto,
      reason: "machines take off and stable only",
      fix: "write auto: stable, or auto: off with a hostname",
    };
  }
}

function* hostnameLength([, ...others]: MachineDocuments): Iterable<MachineFinding> {
  const document = others.find((other) => kindOf(other) === "HostnameConfig");
  const hostname = textAt(document, "hostname");
  const label = hostname.split(".")[0]!;
  if (hostname === "" || (hostname.length <= 253 && label !== "" && label.length <= 63)) return;
  yield {
    where: "HostnameConfig.hostname",
    got: hostname,
    reason: "a name has at most 253 characters, and 1 to 63 before the first dot",
    fix: "shorten it",
  };
}

function* hostnameDiffers(
  [main, ...others]: MachineDocuments,
  { node }: CheckedMachine,
): Iterable<MachineFinding> {
  if (!node) return;
  const document = others.find((other) => kindOf(other) === "HostnameConfig");
  const old = textAt(main, "machine", "network", "hostname");
  const hostname = document ? textAt(document, "hostname") : old;
  if (hostname === node.hostname) return;
  yield {
    where: document ? "HostnameConfig" : "machine.network.hostname",
    got: hostname,
    reason: `the machine is ${node.hostname}, by which everything else looks for its Kubernetes node`,
    fix: `remove it from the patch, or change the node's hostname in the spec`,
  };
}
