import { stringify } from "yaml";

import { plainScalar } from "../stackFile/plainScalar";
import { type Answers, clusterOf } from "./answers";
import { RENOVATE_HINTS } from "./pinnedVersions";

/** Where the file will stand, and what it belongs to. */
export interface FileSurroundings {
  readonly environment: string;
  /** Namespace of the project's configuration keys. */
  readonly project: string;
  /** Path of the schema, relative to the file. */
  readonly schema: string;
}

/** The stack file of a new environment, with the comments that its reader needs. Pure. */
export function stackFileText(answers: Answers, surroundings: FileSurroundings): string {
  const { environment, project, schema } = surroundings;
  const cluster = clusterOf(answers);
  const nodes = cluster.nodes.flatMap((node) => [
    `      - hostname: ${scalar(node.hostname)}`,
    `        ipAddress: ${scalar(node.ipAddress)}`,
    `        machineType: ${node.machineType}`,
    `        installDisk: ${scalar(node.installDisk)}`,
  ]);
  const scheduling = cluster.allowSchedulingOnControlPlanes
    ? [
        "    # There are no workers, so ordinary pods run here.",
        "    allowSchedulingOnControlPlanes: true",
      ]
    : [];
  const why = cluster.serviceSubnets
    ? "The machines have IPv6 addresses only, and so have pods and services."
    : "Each machine takes a /24 of it: the default, 10.244.0.0/16, has 256.";
  const networks = (["podSubnets", "serviceSubnets"] as const)
    .filter((key) => cluster[key])
    .map((key) => `    ${key}: ${JSON.stringify(cluster[key])}`);
  return `${[
    `# yaml-language-server: $schema=${schema}`,
    `# The environment ${environment}. An editor that knows YAML schemas completes and explains every key.`,
    `#   npm run validate -- ${environment}   checks this file`,
    `#   npm run doctor -- ${environment}     looks at tools, machines and registries`,
    "config:",
    `  ${project}:cluster:`,
    `    clusterName: ${scalar(cluster.clusterName)}`,
    "    # The Kubernetes API, for machines and users: a control plane, a VIP or a load balancer.",
    `    clusterEndpoint: ${scalar(cluster.clusterEndpoint)}`,
    `    talosVersion: ${scalar(cluster.talosVersion)} # ${RENOVATE_HINTS.talosVersion}`,
    "    # The form of the machine configuration. Frozen with the first `pulumi up`.",
    `    configContract: ${scalar(cluster.configContract)}`,
    `    kubernetesVersion: ${scalar(cluster.kubernetesVersion)} # ${RENOVATE_HINTS.kubernetesVersion}`,
    "    # Whether the cluster's keys are protected from deletion: false for a throw-away cluster only.",
    `    protect: ${cluster.protect}`,
    ...(networks.length > 0 ? [`    # ${why}`, ...networks] : []),
    "    # A hostname is identity: another name is another machine. So is an address.",
    "    nodes:",
    ...nodes,
    ...scheduling,
    "    cilium:",
    `      version: ${scalar(cluster.cilium.version)} # ${RENOVATE_HINTS.ciliumVersion}`,
    ...(cluster.cilium.values ? [`      values: ${JSON.stringify(cluster.cilium.values)}`] : []),
  ].join("\n")}\n`;
}

/** A text as YAML writes it: in quotes where it would be read as something else, by Pulumi too. */
function scalar(text = ""): string {
  const reading = plainScalar(text);
  const isText = "value" in reading && reading.value === text;
  return isText ? stringify(text, { lineWidth: 0 }).trimEnd() : JSON.stringify(text);
}
