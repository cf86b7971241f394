import { stringify } from "yaml";

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
  const networks = cluster.podSubnets
    ? [
        "    # The machines have IPv6 addresses only, and so have pods and services.",
        `    podSubnets: ${JSON.stringify(cluster.podSubnets)}`,
        `    serviceSubnets: ${JSON.stringify(cluster.serviceSubnets)}`,
      ]
    : [];
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
    ...networks,
    "    # A hostname is identity: another name is another machine. So is an address.",
    "    nodes:",
    ...nodes,
    ...scheduling,
    "    cilium:",
    `      version: ${scalar(cluster.cilium.version)} # ${RENOVATE_HINTS.ciliumVersion}`,
  ].join("\n")}\n`;
}

/** A text as YAML writes it: in quotes where it would be read as something else. */
function scalar(text: string | undefined): string {
  return stringify(text, { lineWidth: 0 }).trimEnd();
}
