import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";

import { Component } from "./component";
import { latch, refuseChanges } from "./latch";

/** PKI and tokens of a cluster with the credentials of its Talos API, made here or elsewhere. */
export interface ExistingMachineSecrets {
  /** As `talos:machine/secrets:Secrets` gives them; handle as a secret. */
  readonly machineSecrets: pulumi.Input<talos.types.input.machine.MachineSecrets>;
  readonly clientConfiguration: pulumi.Input<talos.types.input.machine.ClientConfiguration>;
}

export interface MachineSecretsArgs {
  /**
   * Config contract that the secrets and every later configuration are generated for, for example
   * `v1.13`. It is latched at creation: a changed one is refused.
   */
  readonly configContract: string;
  /**
   * Guards the secrets against deletion: with them goes the trust of every node.
   * @default true
   */
  readonly protect?: boolean;
  /** Secrets that another stack or tool made; none are made then. */
  readonly existing?: ExistingMachineSecrets;
}

/**
 * The cluster's identity: PKI, tokens and the Talos client credentials.
 *
 * Creates, in this order: the latch of the config contract (a Stash) and, unless existing secrets
 * are given, one `talos:machine/secrets:Secrets`. It talks to no machine.
 */
export class MachineSecrets extends Component {
  /** The contract that the cluster was made with. */
  readonly configContract: pulumi.Output<string>;
  readonly machineSecrets: pulumi.Output<talos.types.output.machine.MachineSecrets>;
  readonly clientConfiguration: pulumi.Output<talos.types.output.machine.ClientConfiguration>;
  /** The identity of the cluster, not a secret: it stays when names and addresses change. */
  readonly clusterId: pulumi.Output<string>;

  constructor(name: string, args: MachineSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "talos-cilium:index:MachineSecrets",
      name,
      { configContract: args.configContract, protect: args.protect },
      opts,
    );
    const contract = latch(`${name}-config-contract`, args.configContract, { parent: this });
    refuseChanges(this, [
      {
        stash: contract,
        latched: {
          propertyPath: "configContract",
          value: args.configContract,
          reason: "another contract generates other defaults for machines that already run",
          fix: 'set it back to "$kept"; upgrade Talos itself with talosVersion',
        },
      },
    ]);

    this.configContract = contract.output as pulumi.Output<string>;
    const made = args.existing ? undefined : makeSecrets(name, this, this.configContract, args);
    this.machineSecrets = made
      ? made.machineSecrets
      : pulumi.secret(pulumi.output(args.existing!.machineSecrets) as typeof this.machineSecrets);
    this.clientConfiguration = made
      ? made.clientConfiguration
      : pulumi.secret(
          pulumi.output(args.existing!.clientConfiguration) as typeof this.clientConfiguration,
        );
    this.clusterId = pulumi.unsecret(this.machineSecrets.apply((s) => s.cluster.id));
    this.registerOutputs({
      configContract: this.configContract,
      machineSecrets: this.machineSecrets,
      clientConfiguration: this.clientConfiguration,
      clusterId: this.clusterId,
    });
  }
}

function makeSecrets(
  name: string,
  parent: MachineSecrets,
  configContract: pulumi.Output<string>,
  args: MachineSecretsArgs,
): talos.machine.Secrets {
  return new talos.machine.Secrets(
    `${name}-secrets`,
    { talosVersion: configContract },
    // A lower version would replace the PKI, and no other does anything: it counts once.
    { parent, protect: args.protect ?? true, ignoreChanges: ["talosVersion"] },
  );
}
