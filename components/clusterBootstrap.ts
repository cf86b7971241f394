import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";

import { Component } from "./component";
import { acknowledgingNode } from "./gates/acknowledgingNode";
import { untilApiServes } from "./gates/apiServes";
import { explainLostReply, isBootstrapped, untilBootstrappable } from "./gates/bootstrappable";
import { assertKubeconfig, atEndpoint } from "./kubeconfig";
import type { NodeSpec } from "./spec";
import { adopting, gate, hooks, measurement, valueOf } from "./step";

export interface ClusterBootstrapArgs {
  readonly clusterName: string;
  /**
   * URL of the Kubernetes API: a changed one reaches the kubeconfig and opens the gate again.
   * @default the one that the kubeconfig was made with
   */
  readonly clusterEndpoint?: string;
  /** The first control plane: etcd starts there, and only there. */
  readonly node: Pick<NodeSpec, "hostname" | "ipAddress" | "endpoint">;
  /** Where the Talos API of each control plane is reached, for the talosconfig. */
  readonly endpoints: readonly string[];
  /** Addresses of all nodes, for the talosconfig. */
  readonly nodes: readonly string[];
  readonly clientConfiguration: pulumi.Input<talos.types.input.machine.ClientConfiguration>;
  /** The cluster's identity: what the gate vouches for. */
  readonly clusterId: pulumi.Input<string>;
  /** Seconds after which waiting for the node or for the API server fails. */
  readonly readyTimeout: number;
}

/**
 * The first start of etcd, and access to what comes up behind it.
 *
 * Creates, in this order: one `talos:machine/bootstrap:Bootstrap`, the kubeconfig, the gate
 * `<name>-api-serves` (a Stash), which passes when the API server answers `/readyz` while the nodes
 * may still be NotReady, and a measurement behind each of the two. It waits for no node.
 */
export class ClusterBootstrap extends Component {
  /** Admin kubeconfig, proved to parse and served; secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Talos client configuration file; secret. */
  readonly talosconfig: pulumi.Output<string>;
  /** The gate: depend on it to run when the API serves. */
  readonly apiServes: pulumi.CustomResource;
  /** ISO time at which the first run saw Bootstrap acknowledged. */
  readonly bootstrapAcceptedAt: pulumi.Output<string | undefined>;
  /** ISO time at which the API server first answered. */
  readonly apiServingAt: pulumi.Output<string | undefined>;

  constructor(name: string, args: ClusterBootstrapArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "talos-cilium:index:ClusterBootstrap",
      name,
      { clusterName: args.clusterName, node: args.node.ipAddress },
      opts,
    );
    const bootstrap = this.bootstrap(name, args, opts?.dependsOn);
    this.bootstrapAcceptedAt = measurement(`${name}-bootstrap-accepted-at`, bootstrap, now, {
      parent: this,
    });

    const access = new talos.cluster.Kubeconfig(
      `${name}-kubeconfig`,
      {
        node: args.node.ipAddress,
        endpoint: args.node.endpoint,
        clientConfiguration: args.clientConfiguration,
        timeouts: { create: "2m", update: "2m" },
      },
      { parent: this, dependsOn: [bootstrap] },
    );
    // A kubeconfig that does not parse and got into a provider's state fails every later run.
    const usable = access.kubeconfigRaw.apply(assertKubeconfig);
    const { clusterEndpoint } = args;
    const kubeconfig = pulumi.secret(
      clusterEndpoint === undefined
        ? usable
        : usable.apply((text) => atEndpoint(text, clusterEndpoint)),
    );
    this.apiServes = gate(
      `${name}-api-serves`,
      { cluster: args.clusterId, endpoint: clusterEndpoint },
      async () => untilApiServes(await valueOf(kubeconfig), args.readyTimeout),
      { parent: this, dependsOn: [access] },
    );
    this.apiServingAt = measurement(`${name}-api-serving-at`, this.apiServes, now, {
      parent: this,
    });

    this.kubeconfig = kubeconfig;
    this.talosconfig = pulumi.secret(
      talos.client.getConfigurationOutput(
        {
          clusterName: args.clusterName,
          clientConfiguration: args.clientConfiguration,
          endpoints: [...args.endpoints],
          nodes: [...args.nodes],
        },
        { parent: this },
      ).talosConfig,
    );
    this.registerOutputs({
      kubeconfig: this.kubeconfig,
      talosconfig: this.talosconfig,
      bootstrapAcceptedAt: this.bootstrapAcceptedAt,
      apiServingAt: this.apiServingAt,
    });
  }

  private bootstrap(
    name: string,
    args: ClusterBootstrapArgs,
    // A component's own dependsOn orders its children in a run, but not in the state.
    dependsOn: pulumi.ResourceOptions["dependsOn"],
  ): talos.machine.Bootstrap {
    const resourceName = `${name}-bootstrap`;
    const credentials = () => valueOf(pulumi.output(args.clientConfiguration));
    let takesOver = false;
    return new talos.machine.Bootstrap(
      resourceName,
      {
        node: args.node.ipAddress,
        endpoint: args.node.endpoint,
        clientConfiguration: args.clientConfiguration,
        // The provider retries AlreadyExists to the end: the end comes within the first minute.
        timeouts: { create: "45s" },
      },
      {
        parent: this,
        dependsOn,
        // Nothing is called there again, and one that was taken over has a port of its own run here.
        ignoreChanges: ["endpoint"],
        transforms: adopting(
          async ({ props, opts }) => {
            takesOver = true;
            const endpoint = await acknowledgingNode(await credentials());
            return { props: { ...(props as object), endpoint }, opts };
          },
          async () => isBootstrapped(args.node, await credentials()),
        ),
        hooks: hooks(resourceName, {
          beforeCreate: async ({ urn }) => {
            if (takesOver) return;
            await untilBootstrappable(
              args.node,
              await credentials(),
              { name: resourceName, urn },
              args.readyTimeout,
            );
          },
          onError: async ({ urn, errors }) =>
            explainLostReply(args.node, { name: resourceName, urn }, errors),
        }),
      },
    );
  }
}

function now(): string {
  return new Date().toISOString();
}
