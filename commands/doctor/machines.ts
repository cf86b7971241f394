import type { TalosFault } from "../../components/gates/talosNode";
import type { ClusterSpec, NodeSpec } from "../../components/spec";
import { contractMinor, parseVersion } from "../../components/spec/versions";
import { type ClockFacts, clockFinding } from "./clock";
import { type BlockDisk, diskAt, selectedDisks } from "./disks";
import { type Finding, findingsOf } from "./finding";

/** What a machine answered. */
export type MachineState =
  | { readonly kind: "unreachable"; readonly fault: TalosFault }
  /** It is configured and asks for a certificate, of which we have none. */
  | { readonly kind: "locked" }
  | {
      readonly kind: "maintenance" | "configured";
      /** `v1.13.0` */
      readonly version: string;
      readonly disks: readonly BlockDisk[];
    };

export interface MachineFacts extends ClockFacts {
  readonly state: MachineState;
}

const { ok, warn, fail } = findingsOf("machines");

/** What a machine's answers mean for a run. Pure. */
export function machineFindings(
  node: NodeSpec,
  { state, ...clock }: MachineFacts,
  spec: Pick<ClusterSpec, "talosVersion" | "configContract">,
): Finding[] {
  const subject = `${node.hostname} (${node.endpoint ?? node.ipAddress})`;
  switch (state.kind) {
    case "unreachable":
      return [fail(subject, state.fault.what, state.fault.fix)];
    case "locked":
      return [
        warn(
          subject,
          "it is configured, and answers its own cluster's talosconfig only",
          "if that is this cluster, hand its talosconfig over: --talosconfig <file>; if not, reset the machine first",
        ),
        clockFinding(subject, clock),
      ];
    default:
      return [
        versionFinding(subject, state.kind, state.version, spec),
        diskFinding(subject, node, state.disks),
        clockFinding(subject, clock),
      ];
  }
}

function versionFinding(
  subject: string,
  kind: "maintenance" | "configured",
  version: string,
  { talosVersion, configContract }: Pick<ClusterSpec, "talosVersion" | "configContract">,
): Finding {
  const minor = parseVersion(version)?.minor ?? 0;
  const contract = contractMinor(configContract) ?? 0;
  if (kind === "maintenance") {
    return minor < contract
      ? fail(
          subject,
          `in maintenance, Talos ${version}, which cannot read configuration of contract ${configContract}`,
          `boot it from media of Talos ${talosVersion}`,
        )
      : ok(subject, `in maintenance, Talos ${version}; ${talosVersion} is installed`);
  }
  return version === talosVersion
    ? ok(subject, `configured, Talos ${version}`)
    : warn(
        subject,
        `configured, runs Talos ${version} and not ${talosVersion}`,
        `upgrade it with talosctl upgrade, or write ${version} as talosVersion`,
      );
}

function diskFinding(subject: string, node: NodeSpec, disks: readonly BlockDisk[]): Finding {
  const { installDisk, diskSelector } = node;
  const there = disks.map(({ devPath, prettySize }) => `${devPath} (${prettySize})`).join(", ");
  const has = `it has ${there || "no disk"}`;
  if (installDisk) {
    const disk = diskAt(disks, installDisk);
    if (disk) return ok(subject, `installs to ${installDisk} (${disk.prettySize})`);
    const fix = "write one of them as installDisk";
    return fail(subject, `there is no disk ${installDisk}: ${has}`, fix);
  }
  if (!diskSelector) return ok(subject, `a patch names the disk to install to; ${has}`);
  const [disk] = selectedDisks(disks, diskSelector);
  return disk
    ? ok(subject, `diskSelector picks ${disk.devPath} (${disk.prettySize})`)
    : fail(subject, `diskSelector picks no disk: ${has}`, "loosen it, or name an installDisk");
}
