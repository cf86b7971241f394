import { type Problem } from "../../components/problems";
import { type ClusterSpecInput, parseClusterSpec } from "../../components/spec";
import { IPV6_VALUES, areIPv6, networksOf } from "./networks";
import { contractOf } from "./pinnedVersions";

/** A machine as it is named on a command line: `cp-1=192.168.1.10`. */
export interface Machine {
  readonly hostname: string;
  readonly ipAddress: string;
}

/** All that a new stack file is made from. What nobody said yet is absent. */
export interface Answers {
  readonly clusterName: string;
  readonly endpoint?: string;
  readonly controlPlanes: readonly Machine[];
  readonly workers: readonly Machine[];
  readonly installDisk?: string;
  readonly talosVersion: string;
  readonly kubernetesVersion: string;
  readonly ciliumVersion: string;
  readonly protect: boolean;
}

/** `name=address`; an address alone, or a name alone, leaves the other one empty, which is refused. */
export function parseMachine(text: string): Machine {
  const at = text.indexOf("=");
  if (at >= 0) return { hostname: text.slice(0, at).trim(), ipAddress: text.slice(at + 1).trim() };
  return /^[\d.]+$|:/.test(text)
    ? { hostname: "", ipAddress: text.trim() }
    : { hostname: text.trim(), ipAddress: "" };
}

/** The cluster of the answers, as it stands in the stack file. Pure. */
export function clusterOf(answers: Answers): ClusterSpecInput {
  const { controlPlanes, workers, installDisk } = answers;
  const nodes = (machines: readonly Machine[], machineType: "controlplane" | "worker") =>
    machines.map((machine) => ({ ...machine, machineType, ...(installDisk && { installDisk }) }));
  const [first] = controlPlanes;
  const machines = [...controlPlanes, ...workers];
  return {
    clusterName: answers.clusterName,
    clusterEndpoint: answers.endpoint ?? endpointAt(first?.ipAddress),
    talosVersion: answers.talosVersion,
    configContract: contractOf(answers.talosVersion),
    kubernetesVersion: answers.kubernetesVersion,
    protect: answers.protect,
    nodes: [...nodes(controlPlanes, "controlplane"), ...nodes(workers, "worker")],
    ...networksOf(machines),
    // Without workers, pods would have nowhere to run.
    ...(workers.length === 0 && { allowSchedulingOnControlPlanes: true }),
    cilium: {
      version: answers.ciliumVersion,
      ...(areIPv6(machines) && { values: IPV6_VALUES }),
    },
  };
}

/** Where a cluster's API is reached unless somebody says otherwise: at its first control plane. */
export function endpointAt(ipAddress: string | undefined): string {
  const host = ipAddress?.includes(":") ? `[${ipAddress}]` : ipAddress;
  return host ? `https://${host}:6443` : "";
}

/** A problem of the answers, and the one that it is about. */
export interface AnswerProblem extends Problem {
  readonly about: keyof Answers | undefined;
}

const ABOUT: readonly (readonly [RegExp, keyof Answers])[] = [
  [/^clusterName/, "clusterName"],
  [/^clusterEndpoint/, "endpoint"],
  [/^talosVersion|^configContract/, "talosVersion"],
  [/^kubernetesVersion/, "kubernetesVersion"],
  [/^cilium/, "ciliumVersion"],
];

/** What the spec says against the answers; each machine is named as it was given. Pure. */
export function problemsOf(answers: Answers): {
  readonly problems: readonly AnswerProblem[];
  readonly warnings: readonly AnswerProblem[];
} {
  const { problems, warnings } = parseClusterSpec(clusterOf(answers));
  const count = answers.controlPlanes.length;
  const attributed = (problem: Problem): AnswerProblem => {
    const { propertyPath } = problem;
    const index = /^nodes\[(\d+)\]/.exec(propertyPath)?.[1];
    const isWorker = index !== undefined && Number(index) >= count;
    const role = isWorker ? "workers" : "controlPlanes";
    const known = ABOUT.find(([path]) => path.test(propertyPath))?.[1];
    const fix = machineFix([...answers.controlPlanes, ...answers.workers][Number(index)]);
    const isOfPair = /\.(hostname|ipAddress)$/.test(propertyPath);
    if (fix && isOfPair) return { ...problem, fix, about: role };
    if (isDisk(problem)) return { ...problem, ...diskFix(problem), about: "installDisk" };
    return { ...problem, about: known ?? (propertyPath.startsWith("nodes") ? role : undefined) };
  };
  // What follows from the address of the first control plane is no mistake of the endpoint's.
  const isDerived = ({ propertyPath }: Problem) =>
    propertyPath === "clusterEndpoint" && answers.endpoint === undefined;
  // One disk is asked for, for all machines; it is missing also where no machine is named yet.
  const [disk] = problems.some(isDisk) ? problems.filter(isDisk) : withoutDisk(answers);
  const own = problems.filter((problem) => !isDerived(problem) && !isDisk(problem));
  return {
    problems: [...own, ...(disk ? [disk] : [])].map(attributed),
    warnings: warnings.map(attributed),
  };
}

/** What to write for a machine that is no pair of a name and an address. */
function machineFix(machine: Machine | undefined): string | undefined {
  if (!machine) return undefined;
  const { hostname, ipAddress } = machine;
  if (/[,;]/.test(hostname + ipAddress))
    return "name one machine at a time, each as <name>=<address>";
  if (hostname === "") return `write its name before it, as in cp-1=${ipAddress}`;
  return ipAddress === "" ? `write its address behind it, as in ${hostname}=10.5.0.11` : undefined;
}

function isDisk({ id }: Problem): boolean {
  return id === "no-install-disk" || id === "install-disk-path";
}

/** The other keys that can name a disk are no answers. */
function diskFix({ id }: Problem): Pick<Problem, "fix"> | undefined {
  return id === "no-install-disk" ? { fix: "name it, for example /dev/sda" } : undefined;
}

/** What is wrong with the disk where no machine is named yet. */
function withoutDisk(answers: Answers): Problem[] {
  if (answers.controlPlanes.length + answers.workers.length > 0) return [];
  const controlPlanes = [{ hostname: "cp-1", ipAddress: "192.0.2.1" }];
  const { problems } = parseClusterSpec(clusterOf({ ...answers, controlPlanes }));
  return problems.filter(isDisk);
}
