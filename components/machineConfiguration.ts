import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";

import { Component } from "./component";
import { untilEtcdHealthy } from "./gates/etcdHealthy";
import { untilReachable } from "./gates/nodeReachable";
import { latch, refuseChanges } from "./latch";
import { configPatchesFor } from "./patches";
import type { ClusterSpec, MachineType, NodeSpec } from "./spec";
import { durationSeconds } from "./spec";
import { hooks, valueOf } from "./step";

export interface MachineConfigurationArgs {
  /** The validated cluster spec: it decides what exists, so it is plain. */
  readonly spec: ClusterSpec;
  /** As {@link MachineSecrets} gives it. */
  readonly machineSecrets: pulumi.Input<talos.types.input.machine.MachineSecrets>;
  readonly clientConfiguration: pulumi.Input<talos.types.input.machine.ClientConfiguration>;
  /** The latched contract. @default the spec's */
  readonly configContract?: pulumi.Input<string>;
  /** Further patches of every control plane; one that is a secret stays one. */
  readonly controlPlanePatches?: readonly pulumi.Input<string>[];
  /** Patches with key material by the name that `configPatchesFrom` gives; kept secret. */
  readonly secretPatches?: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * The configuration of every node, generated, patched and applied.
 *
 * Creates, for each node in the order of the spec: the latch of its address (a Stash) and one
 * `talos:machine/configurationApply:ConfigurationApply`, which carries all patches in the order
 * cluster, machine type, node, user. One configuration a machine type is generated. Control planes
 * are applied one after the other, each only while etcd is healthy; workers side by side.
 * It bootstraps nothing.
 */
export class MachineConfiguration extends Component {
  /** The applied configuration by hostname; await one to know that its node has it. */
  readonly applies: Readonly<Record<string, talos.machine.ConfigurationApply>>;
  /** The final machine configuration by hostname; secret. */
  readonly machineConfigurations: pulumi.Output<Record<string, string>>;

  private readonly name: string;
  private readonly args: MachineConfigurationArgs;

  constructor(
    name: string,
    args: MachineConfigurationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(
      "talos-cilium:index:MachineConfiguration",
      name,
      { nodes: args.spec.nodes.map((node) => node.hostname) },
      opts,
    );
    this.name = name;
    this.args = args;
    const { nodes } = args.spec;
    const addresses = nodes.map((node, index) => this.latchAddress(node, index));
    refuseChanges(this, addresses);

    const generated = {
      controlplane: this.generate("controlplane"),
      worker: this.generate("worker"),
    };
    const applies: Record<string, talos.machine.ConfigurationApply> = {};
    let previousControlPlane: talos.machine.ConfigurationApply | undefined;
    nodes.forEach((node, index) => {
      const isControlPlane = node.machineType === "controlplane";
      const apply = this.apply(
        node,
        addresses[index]!.stash.output as pulumi.Output<string>,
        generated[node.machineType],
        isControlPlane ? previousControlPlane : undefined,
      );
      applies[node.hostname] = apply;
      if (isControlPlane) previousControlPlane = apply;
    });

    this.applies = applies;
    this.machineConfigurations = pulumi.secret(
      pulumi.output(
        Object.fromEntries(
          Object.entries(applies).map(([host, apply]) => [host, apply.machineConfiguration]),
        ),
      ),
    );
    this.registerOutputs({ nodes: Object.keys(applies) });
  }

  private latchAddress(node: NodeSpec, index: number) {
    return {
      stash: latch(`${this.name}-${node.hostname}-address`, node.ipAddress, { parent: this }),
      latched: {
        propertyPath: `nodes[${index}].ipAddress`,
        value: node.ipAddress,
        reason: "the provider would configure the new machine and forget the old one",
        // The engine forgets nothing that an applied configuration depends on.
        fix: `set it back to "$kept", or give the new machine a hostname of its own and remove ${node.hostname}; where it was mistyped and no machine had its configuration yet: pulumi state delete --yes '$urn'`,
      },
    };
  }

  private generate(machineType: MachineType): pulumi.Output<string> {
    const { spec, machineSecrets, configContract } = this.args;
    return talos.machine.getConfigurationOutput(
      {
        clusterName: spec.clusterName,
        clusterEndpoint: spec.clusterEndpoint,
        machineType,
        machineSecrets,
        kubernetesVersion: spec.kubernetesVersion,
        talosVersion: configContract ?? spec.configContract,
        docs: false,
        examples: false,
      },
      { parent: this },
    ).machineConfiguration;
  }

  private apply(
    node: NodeSpec,
    address: pulumi.Output<string>,
    machineConfigurationInput: pulumi.Output<string>,
    after: talos.machine.ConfigurationApply | undefined,
  ): talos.machine.ConfigurationApply {
    const { spec, clientConfiguration } = this.args;
    const name = `${this.name}-${node.hostname}-apply`;
    const credentials = () => valueOf(pulumi.output(clientConfiguration));
    const giveUpAfter = durationSeconds(spec.readyTimeout);
    return new talos.machine.ConfigurationApply(
      name,
      {
        node: address,
        endpoint: node.endpoint,
        clientConfiguration,
        machineConfigurationInput,
        configPatches: this.patches(node),
        applyMode: spec.applyMode,
        // All keys or none: with a part of them the provider fails after it succeeded.
        timeouts: { create: "2m", update: "2m", delete: "1m" },
      },
      {
        parent: this,
        dependsOn: after ? [after] : [],
        hooks: hooks(name, {
          beforeCreate: async () => untilReachable(node, await credentials(), giveUpAfter),
          beforeUpdate:
            node.machineType === "controlplane"
              ? async () => untilEtcdHealthy(spec.nodes, await credentials(), giveUpAfter)
              : undefined,
        }),
      },
    );
  }

  private patches(node: NodeSpec): pulumi.Input<string>[] {
    const { spec, secretPatches = {}, controlPlanePatches = [] } = this.args;
    const names = [...spec.configPatchesFrom, ...node.configPatchesFrom];
    return [
      ...configPatchesFor(spec, node),
      ...(node.machineType === "controlplane" ? controlPlanePatches : []),
      ...names.map((name) => pulumi.secret(secretPatches[name] ?? missingPatch(this, name))),
    ];
  }
}

function missingPatch(component: MachineConfiguration, name: string): never {
  throw new pulumi.ResourceError(
    `configPatchesFrom names "${name}", but secretPatches has no such patch: hand it over, or remove the name`,
    component,
    true,
  );
}
