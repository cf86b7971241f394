import type { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";

import { Component } from "../component";
import { ClusterApi } from "../gates/clusterApi";
import { untilClusterReady } from "../gates/clusterReady";
import { untilCRDsEstablished } from "../gates/crdsEstablished";
import type { ReadyTimes } from "../gates/timeline";
import { readTimes } from "../gates/timeline";
import { hashOf } from "../hash";
import type { ClusterAccess } from "../kubernetesProvider";
import { kubernetesProvider } from "../kubernetesProvider";
import { logFindings } from "../logFindings";
import { migrationGate, migrationSteps } from "../migration/migration";
import { nodeConfigObject } from "../migration/nodeConfig";
import { forgottenMigration } from "../migration/problems";
import { ciliumInTheEnd, stagedCilium } from "../migration/staged";
import { formatProblems } from "../problems";
import type { CiliumSpec, CiliumSpecInput } from "../spec";
import { parseCiliumSpec } from "../spec";
import { meshSubnets } from "../spec/rules/features/clusterMesh";
import { gate, measurement, valueOf } from "../step";
import { judgeRelease, judgeWay } from "../upgradePath";
import type { ChartValues, Platform } from "../values";
import { awaitedOf } from "./awaited";
import type { KeyPair } from "./certificates";
import { type NamedSecrets, makeObjects } from "./ciliumObjects";
import { installedCRDs } from "./gatewayAPI/installedCRDs";
import { type HandOver, handOver } from "./handOver/handOver";
import { installation } from "./installation";
import { jobChangeFindings } from "./job/jobChange";
import { takeJobAway } from "./job/jobLeft";
import { keptValueFindings } from "./keptValues";
import { keyMaterial } from "./keyMaterial";
import { meshChangeFindings, meshMember } from "./meshChange";
import { neededKinds } from "./neededKinds";
import { type CiliumObject, ciliumObjects, foreignCRDs } from "./objects";
import { type PlatformNotes, platformNotes } from "./platform";
import { releaseValues } from "./releaseValues";

/** Seconds after which the gate gives up, where nothing is said. */
export const DEFAULT_READY_TIMEOUT = 900;

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
  /** How many of them have no taint that keeps Cilium's operator off. @default all */
  readonly operatorNodes?: number;
  /** Hostnames in the order in which a migration moves them. @default nodes */
  readonly movingOrder?: readonly string[];
  /** Whether control planes are the only nodes, and take no ordinary pods. @default false */
  readonly onlyControlPlanes?: boolean;
  /** Without `v`: what a chart that is rendered here asks for. @default what Helm takes for current */
  readonly kubernetesVersion?: string;
  /** Whether control planes carry the rendered chart, as {@link TalosCluster} sees to. @default false */
  readonly isInMachineConfiguration?: boolean;
  /** Seconds after which the gate gives up. @default 900 */
  readonly readyTimeout?: number;
  /** Secrets that `cilium` names, such as passwords of BGP peers. */
  readonly secrets?: NamedSecrets;
  /**
   * CA that signs Cilium's certificates, the one of the mesh. Only the first run reads it.
   * @default a new one
   */
  readonly ca?: pulumi.Input<KeyPair>;
  /** Networks of the pods in CIDR notation, which native routing and strict encryption go by. */
  readonly podSubnets?: readonly string[];
  /** Ids of rules that are not to be heard; those without which no cluster comes up are refused. */
  readonly silencedRules?: readonly string[];
  /**
   * What the machines run, by which values differ: Talos' limits, K3s' proxy to the API server and its
   * networks, or nothing that is known.
   * @default "talos"
   */
  readonly platform?: Platform;
  /** Version of Talos on the machines, by whose kernel features are judged. @default any */
  readonly talosVersion?: string;
  /** KubeSpan of the machines with its MTU in bytes. @default it is off */
  readonly kubeSpan?: { readonly mtu: number };
}

/**
 * Cilium as the Helm release `cilium` in `kube-system`, and the gate behind it.
 *
 * Creates, in this order: a Kubernetes provider (unless `opts` gives one), the certificates in a
 * secret Stash and as three Secrets, the release, and the gate `<name>-ready` (a Stash), which opens
 * when agents, operator, CRDs and nodes are ready, with a measurement behind it; then the objects of
 * the features that `cilium` asks for; CRDs of Gateway API come before the release. With another
 * `installMethod` there is no release: with `manifests` each object of the chart is a resource, with
 * `cli` there is the Stash `<name>-cli` behind `<name>-cli-attempt` in its place, with `inline`,
 * `hosted` and `job` Talos brought it before, with `none` the gate opens when every node waits for
 * nothing but its CNI. With `managedBy` nothing installs it, and the gate vouches for the one that runs;
 * a migration has steps of its own on both sides of the gate. What installs Cilium, the certificates and
 * those CRDs stay in the cluster when they leave the stack.
 */
export class Cilium extends Component {
  /** The gate: depend on it to run when every node is Ready, or waits for nothing but a CNI (`none`). */
  readonly ready: pulumi.CustomResource;
  /** The values that the chart gets, the user's included. */
  readonly values: ChartValues;
  readonly version: string;
  /** What Flux or Argo CD goes on with, where `managedBy` names one. */
  readonly handOver: HandOver | undefined;
  /** What has to be done on machines of the platform K3s: flags of its server, lines that clean up. */
  readonly platformNotes: PlatformNotes | undefined;
  /** CA of Cilium, secret: the other clusters of a mesh get it as `ca`. None without Hubble and mesh. */
  readonly ca: pulumi.Output<KeyPair> | undefined;
  /** When the stages were passed; undefined while nothing is measured. */
  readonly times: pulumi.Output<ReadyTimes | undefined>;
  /** Raw children, for whoever has to depend on one; no release where `installMethod` makes none. */
  readonly resources: { readonly release: Release | undefined };

  constructor(name: string, args: CiliumArgs, opts?: pulumi.ComponentResourceOptions) {
    super("talos-cilium:index:Cilium", name, { version: args.cilium.version }, opts);
    const wanted = this.validated(args.cilium, args.silencedRules);
    const cilium = stagedCilium(wanted);
    this.version = cilium.version;
    // Rules are asked about the end, and what they find is said at every stage.
    const last = this.checkedValues(ciliumInTheEnd(wanted), args);
    this.values = cilium === wanted ? last : releaseValues(cilium, args).values;
    this.platformNotes = platformNotes(args.platform, this.values, args.podSubnets);
    const provider =
      this.getProvider(SECRET_TYPE) ??
      kubernetesProvider(`${name}-kubernetes`, args, { parent: this });

    // A component's own dependsOn orders its children in a run, but not in the state.
    const above = { parent: this, provider, dependsOn: opts?.dependsOn };
    const kubeconfig = pulumi.output(args.kubeconfig);
    const readyTimeout = args.readyTimeout ?? DEFAULT_READY_TIMEOUT;
    const { migration } = cilium;
    const moving = migration && {
      ...{ clusterIdentifier: args.clusterIdentifier, cilium: wanted, kubeconfig, readyTimeout },
      order: args.movingOrder ?? args.nodes ?? [],
    };
    const child = moving
      ? {
          ...above,
          dependsOn: [migrationGate(name, moving, { parent: this, dependsOn: opts?.dependsOn })],
        }
      : above;
    const objects = [
      ...installedCRDs(cilium, this),
      ...ciliumObjects(cilium),
      ...(migration?.stage === "nodes" ? [nodeConfigObject()] : []),
    ];
    const awaited = awaitedOf(cilium, objects);
    const objectsOf = (when: CiliumObject["when"], options: typeof child) =>
      makeObjects(
        name,
        objects.filter((object) => object.when === when),
        { secrets: args.secrets ?? {}, kubeconfig },
        options,
      );
    const keys = keyMaterial(
      name,
      cilium,
      { cluster: clusterName(this.values), ca: args.ca },
      kubeconfig,
      child,
    );
    this.ca = keys.ca;
    this.handOver = handOver(
      name,
      { cilium, values: this.values, kubeconfig, readyTimeout },
      child,
    );
    const prerequisites = [...keys.secrets, ...objectsOf("beforeRelease", child)];
    const { release, behind, faultsOf } = installation(
      name,
      {
        ...{ ...args, cilium, values: this.values, kubeconfig, readyTimeout, provider },
        served: neededKinds(cilium),
      },
      prerequisites,
      child,
    );
    const member = meshMember(this.values);
    this.ready = gate(
      `${name}-ready`,
      {
        cluster: args.clusterIdentifier,
        version: cilium.version,
        values: hashOf(this.values),
        nodes: args.nodes,
        ...awaited,
        // Absent where a release is made, so that no gate of an older version opens again.
        ...(!release && { installMethod: cilium.installMethod, managedBy: cilium.managedBy }),
        // The policy pack finds it nowhere else where the values are no part of a resource.
        ...((cilium.installMethod === "hosted" || cilium.managedBy) && {
          encryption: this.values["encryption"] ?? { enabled: false },
        }),
        ...(member && { meshMember: member }),
        ...(migration && migration.stage !== "planned" && { podSubnets: migration.podSubnets }),
      },
      async () => {
        const access = await valueOf(kubeconfig);
        // Talos alone makes the Job, and elsewhere the kubeconfig need not see cluster-wide rights.
        const mayHaveJob = args.talosVersion !== undefined && cilium.installMethod !== "job";
        if (mayHaveJob) await takeJobAway(access, readyTimeout);
        const expected = { nodes: args.nodes, ...awaited };
        await untilClusterReady(access, expected, readyTimeout, faultsOf);
      },
      // What Cilium comes behind, the gate does too where nothing stands between the two.
      pulumi.mergeOptions(
        { parent: this, dependsOn: [...behind] },
        release ? {} : { dependsOn: child.dependsOn },
      ),
      async ({ oldInputs, newInputs }) => {
        const [from, to] = [oldInputs, newInputs].map(
          (inputs) => (inputs?.["input"] ?? {}) as object,
        );
        judgeRelease(this, from, to, args.silencedRules);
        const found = [
          ...jobChangeFindings(from!, to!),
          ...keptValueFindings(from!, to!),
          ...meshChangeFindings(from!, to!, cilium.values),
          ...forgottenMigration(from, to, this.values),
        ];
        judgeWay(found, this, args.silencedRules);
      },
    );
    const behindReady = objectsOf("afterReady", { ...child, dependsOn: [this.ready] });
    if (moving)
      migrationSteps(name, moving, { parent: this, dependsOn: [this.ready, ...behindReady] });
    const foreign = foreignCRDs(objects);
    if (foreign.length > 0) {
      const established = gate(
        `${name}-crds`,
        { cluster: args.clusterIdentifier, crds: foreign },
        async () => untilCRDsEstablished(await valueOf(kubeconfig), foreign, readyTimeout),
        { parent: this, dependsOn: [this.ready] },
      );
      objectsOf("afterCRDs", { ...child, dependsOn: [established] });
    }
    this.times = measurement(
      `${name}-ready-times`,
      this.ready,
      async () => measureTimes(await valueOf(kubeconfig)),
      { parent: this },
    );
    this.resources = { release };
    this.registerOutputs({
      version: this.version,
      times: this.times,
      ...(this.handOver && { handOver: this.handOver.manifests }),
      ...(this.platformNotes && { platformNotes: this.platformNotes }),
    });
  }

  private validated(input: CiliumSpecInput, silencedRules?: readonly string[]): CiliumSpec {
    const { spec, problems, ...heard } = parseCiliumSpec(input, silencedRules);
    if (!spec) throw new pulumi.ResourceError(formatProblems(problems), this, true);
    logFindings(this, heard, silencedRules);
    return spec;
  }

  private checkedValues(cilium: CiliumSpec, args: CiliumArgs): ChartValues {
    const { values, ...heard } = releaseValues(cilium, args);
    // The rules of a cluster have said it by now; where only Cilium is, nobody has.
    const overlaps = [...meshSubnets({ cilium, podSubnets: [...(args.podSubnets ?? [])] })];
    const problems = [
      ...heard.problems,
      ...overlaps.map((finding) => ({ id: "mesh-subnets", ...finding })),
    ];
    if (problems.length > 0) throw new pulumi.ResourceError(formatProblems(problems), this, true);
    logFindings(this, heard, args.silencedRules);
    return values;
  }
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
