// The whole package takes a tenth of a second to load, and every preview waits for it.
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";

import { Component } from "../component";
import { ClusterApi } from "../gates/clusterApi";
import { untilClusterReady } from "../gates/clusterReady";
import type { ReadyTimes } from "../gates/timeline";
import { readTimes } from "../gates/timeline";
import { hashOf } from "../hash";
import type { ClusterAccess } from "../kubernetesProvider";
import { kubernetesProvider } from "../kubernetesProvider";
import { formatProblems } from "../problems";
import type { CiliumSpec, CiliumSpecInput } from "../spec";
import { DEFAULT_CHART_REPOSITORY, durationSeconds, parseCiliumSpec } from "../spec";
import { adopting, byImport, gate, hooks, measurement, valueOf } from "../step";
import type { ChartValues } from "../values";
import { certificateSecrets } from "./certificateSecrets";
import { isLocalChart } from "./chartProblems";
import { type Found, findRelease, healPendingRevision, nameTaken } from "./pendingRevision";
import { releaseValues } from "./releaseValues";

/** Seconds after which the gate gives up, where nothing is said. */
export const DEFAULT_READY_TIMEOUT = 900;

/** Seconds that Helm has for one operation. Nothing waits in it for pods: it only applies objects. */
export const DEFAULT_RELEASE_TIMEOUT = 120;

/** Any type of the provider, to ask which one the component was given. */
const SECRET_TYPE = "kubernetes:core/v1:Secret";

export interface CiliumArgs extends ClusterAccess {
  /** What to install: version, chart, values; see the cluster spec. */
  readonly cilium: CiliumSpecInput;
  /** Host that agents reach the API server at, for example `127.0.0.1` with KubePrism. */
  readonly k8sServiceHost?: string;
  readonly k8sServicePort?: number;
  /**
   * Hostnames that must be Ready before the gate opens. A cluster of one node has to name it, or to
   * set `operatorReplicas` to 1: two replicas of the operator find no place there.
   * @default the nodes that have joined by then
   */
  readonly nodes?: readonly string[];
  /** Seconds after which the gate gives up. @default 900 */
  readonly readyTimeout?: number;
}

/**
 * Cilium as the Helm release `cilium` in `kube-system`, and the gate behind it.
 *
 * Creates, in this order: a Kubernetes provider (unless `opts` gives one), the certificates in a
 * secret Stash and as three Secrets, the release, and the gate `<name>-ready` (a Stash), which opens
 * when agents, operator, CRDs and nodes are ready, with a measurement behind it. The release and
 * the Secrets stay in the cluster when they leave the stack. It installs no Gateway API CRDs.
 */
export class Cilium extends Component {
  /** The gate: depend on it to run when every node is Ready. */
  readonly ready: pulumi.CustomResource;
  /** The values that the chart gets, the user's included. */
  readonly values: ChartValues;
  readonly version: string;
  /** When the stages were passed; undefined while nothing is measured. */
  readonly times: pulumi.Output<ReadyTimes | undefined>;
  /** Raw children, for whoever has to depend on one. */
  readonly resources: { readonly release: Release };

  constructor(name: string, args: CiliumArgs, opts?: pulumi.ComponentResourceOptions) {
    super("talos-cilium:index:Cilium", name, { version: args.cilium.version }, opts);
    const cilium = this.validated(args.cilium);
    this.version = cilium.version;
    this.values = this.checkedValues(cilium, args);
    const provider = this.getProvider(SECRET_TYPE)
      ? undefined
      : kubernetesProvider(`${name}-kubernetes`, args, { parent: this });

    // A component's own dependsOn orders its children in a run, but not in the state.
    const child = { parent: this, provider, dependsOn: opts?.dependsOn };
    const kubeconfig = pulumi.output(args.kubeconfig);
    const secrets = cilium.hubble.enabled
      ? certificateSecrets(name, clusterName(this.values), kubeconfig, child)
      : [];
    const release = this.release(
      name,
      cilium,
      args,
      pulumi.mergeOptions(child, { dependsOn: secrets }),
    );
    this.ready = gate(
      `${name}-ready`,
      {
        cluster: args.clusterIdentifier,
        version: cilium.version,
        values: hashOf(this.values),
        nodes: args.nodes,
      },
      async () =>
        untilClusterReady(
          await valueOf(kubeconfig),
          args.nodes,
          args.readyTimeout ?? DEFAULT_READY_TIMEOUT,
        ),
      { parent: this, dependsOn: [release] },
    );
    this.times = measurement(
      `${name}-ready-times`,
      this.ready,
      async () => measureTimes(await valueOf(kubeconfig)),
      { parent: this },
    );
    this.resources = { release };
    this.registerOutputs({ version: this.version, times: this.times });
  }

  private validated(input: CiliumSpecInput): CiliumSpec {
    const { spec, problems } = parseCiliumSpec(input);
    if (!spec) throw new pulumi.ResourceError(formatProblems(problems), this, true);
    return spec;
  }

  private checkedValues(cilium: CiliumSpec, args: CiliumArgs): ChartValues {
    const { values, problems, warnings } = releaseValues(cilium, args);
    if (problems.length > 0) throw new pulumi.ResourceError(formatProblems(problems), this, true);
    if (warnings.length > 0) void pulumi.log.warn(formatProblems(warnings, "Warnings"), this);
    return values;
  }

  private release(
    name: string,
    cilium: CiliumSpec,
    args: CiliumArgs,
    opts: pulumi.CustomResourceOptions,
  ): Release {
    const { chart, version, timeout } = cilium;
    const resourceName = `${name}-release`;
    const readyTimeout = args.readyTimeout ?? DEFAULT_READY_TIMEOUT;
    const timeLimit = timeout
      ? durationSeconds(timeout)
      : Math.min(DEFAULT_RELEASE_TIMEOUT, readyTimeout);
    let found: Found | undefined;
    const heal = async () =>
      healPendingRevision(await valueOf(pulumi.output(args.kubeconfig)), timeLimit);
    return new Release(
      resourceName,
      {
        name: "cilium",
        namespace: "kube-system",
        chart,
        version,
        repositoryOpts: repositoryOf(cilium),
        values: this.values,
        timeout: timeLimit,
        // As Helm's own command line: without it every revision stays, half a megabyte each in etcd.
        maxHistory: 10,
        // Helm's wait passes with no agent ready on a small cluster; the gate behind it does not.
        skipAwait: true,
      },
      {
        ...opts,
        // The engine takes this from the old state: it cannot be added on the day it is needed.
        retainOnDelete: true,
        transforms: adopting(byImport("kube-system/cilium"), async () => {
          const kubeconfig = await valueOf(pulumi.output(args.kubeconfig));
          found = await findRelease(kubeconfig, version, this.values);
          return found === "ours";
        }),
        hooks: hooks(resourceName, {
          beforeCreate: async ({ urn }) => {
            // The transform looked a moment ago, and the window is too short to look twice.
            const newest = found === "none" ? undefined : await heal();
            if (!newest) return;
            const provider = opts.provider ?? this.getProvider(SECRET_TYPE);
            const providerUrn = provider && (await valueOf(provider.urn));
            throw new Error(nameTaken(newest, { name: resourceName, urn }, providerUrn));
          },
          beforeUpdate: async () => void (await heal()),
        }),
      },
    );
  }
}

/** A bare name wants a repository; a path or a URL is one already. Pure. */
export function repositoryOf({ chart, repositoryOpts }: CiliumSpec): CiliumSpec["repositoryOpts"] {
  const isBareName = !chart.includes("/") && !isLocalChart(chart);
  return isBareName ? { repo: DEFAULT_CHART_REPOSITORY, ...repositoryOpts } : repositoryOpts;
}

function clusterName(values: ChartValues): string | undefined {
  return (values["cluster"] as { name?: string } | undefined)?.name;
}

/** A cluster that cannot be asked costs the measurement, not the run. */
async function measureTimes(kubeconfig: string): Promise<ReadyTimes | undefined> {
  try {
    return await readTimes(await ClusterApi.connect(kubeconfig));
  } catch {
    return undefined;
  }
}
