import type { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { Cilium } from "./cilium";
import type { KeyPair } from "./cilium/certificates";
import { hostManifest } from "./cilium/hosted/hostManifest";
import type { HostedManifest } from "./cilium/hosted/hostedFindings";
import { ciliumPatches, notedMethod } from "./cilium/machinePatches";
import { surroundingsOf } from "./cilium/releaseValues";
import { installProblems } from "./cilium/rendering/clusterRendering";
import { ClusterBootstrap } from "./clusterBootstrap";
import { Component } from "./component";
import type { BootstrapTimeline } from "./gates/timeline";
import { bootstrapTimeline } from "./gates/timeline";
import { kubernetesProvider } from "./kubernetesProvider";
import { MachineConfiguration } from "./machineConfiguration";
import { movingOrder } from "./migration/target";
import type { ExistingMachineSecrets } from "./machineSecrets";
import { MachineSecrets } from "./machineSecrets";
import { logFindings } from "./logFindings";
import { followMachines } from "./machineChange";
import { formatProblems } from "./problems";
import type { ClusterSpec, ClusterSpecInput } from "./spec";
import { durationSeconds, isByTalos, parseClusterSpec } from "./spec";
import { followVersions } from "./upgradePath";

export interface TalosClusterArgs {
  /** The cluster, as it stands under `talos-cilium:cluster`; validated before anything is made. */
  readonly spec: ClusterSpecInput;
  /** Machine secrets of a cluster that exists, for example from another stack. */
  readonly existingSecrets?: ExistingMachineSecrets;
  /** CA of Cilium's mesh, for example `other.cilium.ca`. @default one of its own */
  readonly ciliumCA?: pulumi.Input<KeyPair>;
  /** Patches with key material, by the names that `configPatchesFrom` gives, and what `cilium` names. */
  readonly secretPatches?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Versions that the cluster runs. */
export interface ClusterVersions {
  readonly talos: string;
  readonly kubernetes: string;
  readonly cilium: string;
  readonly configContract: string;
}

/**
 * A Kubernetes cluster on Talos Linux whose CNI is Cilium, from machines in maintenance mode.
 *
 * Creates, in this order: notes of versions, of what Talos applies, and of machines (Stashes), {@link MachineSecrets},
 * {@link MachineConfiguration}, {@link ClusterBootstrap} behind the first control plane, a Kubernetes provider and
 * {@link Cilium} behind the gate of the API server. It provisions no machines.
 */
export class TalosCluster extends Component {
  readonly machineSecrets: MachineSecrets;
  readonly machineConfiguration: MachineConfiguration;
  readonly clusterBootstrap: ClusterBootstrap;
  readonly cilium: Cilium;
  /** For objects of one's own; make them depend on `cilium.ready`. */
  readonly kubernetesProvider: Provider;
  /** Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Secret. */
  readonly talosconfig: pulumi.Output<string>;
  readonly clusterEndpoint: string;
  readonly versions: ClusterVersions;
  readonly bootstrapTimeline: pulumi.Output<BootstrapTimeline>;
  /** What was written for the web server; only with `installMethod: hosted`. */
  readonly hostedManifest: HostedManifest | undefined;

  constructor(name: string, args: TalosClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("talos-cilium:index:TalosCluster", name, { clusterName: args.spec.clusterName }, opts);
    const spec = this.validated(args.spec);
    this.hostedManifest = hostManifest(spec, this);
    const child = { parent: this };
    const controlPlanes = spec.nodes.filter((node) => node.machineType === "controlplane");
    const readyTimeout = durationSeconds(spec.readyTimeout);

    const versions = followVersions(
      `${name}-versions`,
      {
        talos: spec.talosVersion,
        kubernetes: spec.kubernetesVersion,
        cilium: spec.cilium.version,
        ...notedMethod(spec),
      },
      spec.silencedRules,
      child,
    );
    const machines = followMachines(`${name}-machines`, spec, child);
    this.machineSecrets = new MachineSecrets(
      name,
      {
        configContract: spec.configContract,
        protect: spec.protect,
        existing: args.existingSecrets,
      },
      child,
    );
    const { machineSecrets, clientConfiguration, configContract, clusterId } = this.machineSecrets;
    this.machineConfiguration = new MachineConfiguration(
      name,
      {
        spec,
        machineSecrets,
        clientConfiguration,
        configContract,
        controlPlanePatches: ciliumPatches(spec),
        secretPatches: args.secretPatches,
      },
      { ...child, dependsOn: [versions, machines] },
    );
    const [first] = controlPlanes;
    this.clusterBootstrap = new ClusterBootstrap(
      name,
      {
        clusterName: spec.clusterName,
        clusterEndpoint: spec.clusterEndpoint,
        node: first!,
        endpoints: controlPlanes.map(({ endpoint, ipAddress }) => endpoint ?? ipAddress),
        nodes: spec.nodes.map((node) => node.ipAddress),
        clientConfiguration,
        clusterId,
        readyTimeout,
      },
      { ...child, dependsOn: [this.machineConfiguration.applies[first!.hostname]!] },
    );
    this.kubeconfig = this.clusterBootstrap.kubeconfig;
    this.talosconfig = this.clusterBootstrap.talosconfig;

    const access = { kubeconfig: this.kubeconfig, clusterIdentifier: clusterId };
    // The provider looks for the API server once, when it starts, and holds it unreachable ever after.
    this.kubernetesProvider = kubernetesProvider(`${name}-kubernetes`, access, {
      ...child,
      dependsOn: [this.clusterBootstrap.apiServes],
    });
    const byTalos = isByTalos(spec.cilium.installMethod);
    const configured = controlPlanes.map(
      ({ hostname }) => this.machineConfiguration.applies[hostname]!,
    );
    this.cilium = new Cilium(
      name,
      {
        ...access,
        cilium: spec.cilium,
        ca: args.ciliumCA,
        ...surroundingsOf(spec),
        movingOrder: movingOrder(spec.nodes),
        kubernetesVersion: spec.kubernetesVersion,
        isInMachineConfiguration: byTalos,
        secrets: args.secretPatches,
        silencedRules: spec.silencedRules,
        readyTimeout,
      },
      {
        ...child,
        providers: { kubernetes: this.kubernetesProvider },
        dependsOn: [this.clusterBootstrap.apiServes, ...(byTalos ? configured : [])],
      },
    );

    this.clusterEndpoint = spec.clusterEndpoint;
    this.versions = {
      talos: spec.talosVersion,
      kubernetes: spec.kubernetesVersion,
      cilium: spec.cilium.version,
      configContract: spec.configContract,
    };
    this.bootstrapTimeline = this.timeline(durationSeconds(spec.bootstrapWindow));
    this.registerOutputs({
      kubeconfig: this.kubeconfig,
      talosconfig: this.talosconfig,
      clusterEndpoint: this.clusterEndpoint,
      versions: this.versions,
      bootstrapTimeline: this.bootstrapTimeline,
      ...(this.hostedManifest && { hostedManifest: this.hostedManifest }),
    });
  }

  private validated(input: ClusterSpecInput): ClusterSpec {
    const { spec, problems, ...heard } = parseClusterSpec(input, { alsoCheck: installProblems });
    if (!spec) throw new pulumi.ResourceError(formatProblems(problems), this, true);
    logFindings(this, heard, spec.silencedRules);
    return spec;
  }

  private timeline(secondsBudgeted: number): pulumi.Output<BootstrapTimeline> {
    const { bootstrapAcceptedAt, apiServingAt } = this.clusterBootstrap;
    return pulumi
      .all([bootstrapAcceptedAt, apiServingAt, this.cilium.times])
      .apply(([accepted, serving, times]) => {
        const timeline = bootstrapTimeline(accepted, serving, times, secondsBudgeted);
        const { secondsUsed = 0 } = timeline;
        if (secondsUsed > secondsBudgeted) {
          void pulumi.log.warn(
            `the bootstrap took ${secondsUsed} s of a window of ${secondsBudgeted} s: nothing is wrong with the cluster, see bootstrapTimeline for where the time went`,
            this,
          );
        }
        return timeline;
      });
  }
}
