import { configPatchesFor } from "../../components/patches";
import type { ClusterSpec, ClusterSpecInput } from "../../components/spec";
import { parseClusterSpec } from "../../components/spec";

const STACK = "urn:pulumi:prod::talos-cilium";
const PARENT = `${STACK}::talos-cilium:index:TalosCluster$talos-cilium:index:MachineConfiguration::talos`;
const APPLY = "talos:machine/configurationApply:ConfigurationApply";

/** A cluster of three control planes and as many workers as make up the number. */
export function generatedSpec(
  nodes: number,
  more: Partial<ClusterSpecInput> = {},
): ClusterSpecInput {
  return {
    clusterName: "prod",
    clusterEndpoint: "https://10.0.0.1:6443",
    talosVersion: "v1.13.0",
    configContract: "v1.13",
    kubernetesVersion: "1.36.3",
    nodes: Array.from({ length: nodes }, (_, index) => ({
      hostname: index < 3 ? `cp-${index + 1}` : `worker-${index - 2}`,
      machineType: index < 3 ? ("controlplane" as const) : ("worker" as const),
      ipAddress: `10.0.${Math.floor(index / 250)}.${(index % 250) + 1}`,
      installDisk: "/dev/sda",
    })),
    // A /24 for each node.
    podSubnets: ["10.128.0.0/13"],
    cilium: { version: "1.20.0" },
    ...more,
  };
}

/**
 * What `pulumi preview --json` prints when the configuration of every machine of a cluster changes
 * from one spec to another, in the engine's own form and size. Made here: no engine has run.
 */
export function generatedPreview(before: ClusterSpecInput, after: ClusterSpecInput): string {
  const [old, next] = [valid(before), valid(after)];
  const root = `${STACK}::pulumi:pulumi:Stack::talos-cilium-prod`;
  const versions = ({ talosVersion, kubernetesVersion, cilium, configContract }: ClusterSpec) => ({
    talos: talosVersion,
    kubernetes: kubernetesVersion,
    cilium: cilium.version,
    configContract,
  });
  const steps = next.nodes.map((node, index) => {
    const urn = `${PARENT.replace(/::talos$/, "")}$${APPLY}::talos-${node.hostname}-apply`;
    const state = (spec: ClusterSpec) => ({
      urn,
      custom: true,
      id: "machine_configuration_apply",
      type: APPLY,
      inputs: inputs(spec, index),
      outputs: {
        ...inputs(spec, index),
        endpoint: node.ipAddress,
        machineConfiguration: "[secret]",
      },
      parent: PARENT,
      stackTrace: Array.from({ length: 10 }, (_, frame) => ({
        sourcePosition: `project:///components/machineConfiguration.ts#${frame + 80},19`,
      })),
    });
    return {
      op: "update",
      urn,
      oldState: state(old),
      newState: state(next),
      detailedDiff: { "configPatches[3]": { kind: "update", inputDiff: false } },
    };
  });
  const same = {
    op: "same",
    urn: root,
    oldState: { urn: root, type: "pulumi:pulumi:Stack", outputs: { versions: versions(old) } },
    newState: { urn: root, type: "pulumi:pulumi:Stack" },
    detailedDiff: null,
  };
  return JSON.stringify(
    {
      config: { "talos-cilium:cluster": JSON.stringify(after) },
      steps: [same, ...steps],
      duration: 1_000_000_000,
      changeSummary: { update: steps.length, same: 21 },
    },
    undefined,
    4,
  );
}

function inputs(spec: ClusterSpec, index: number): Record<string, unknown> {
  const node = spec.nodes[index]!;
  return {
    applyMode: spec.applyMode,
    clientConfiguration: "[secret]",
    configPatches: configPatchesFor(spec, node),
    machineConfigurationInput: "[secret]",
    node: node.ipAddress,
    timeouts: { create: "2m", delete: "1m", update: "2m" },
  };
}

function valid(input: ClusterSpecInput): ClusterSpec {
  const { spec, problems } = parseClusterSpec(input);
  if (!spec) throw new Error(problems.map(({ reason }) => reason).join("; "));
  return spec;
}
