import type { V1ConfigMap } from "@kubernetes/client-node";
import type { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";

import { notAwaitingCNI } from "../gates/awaitingCNI";
import type { ClusterApi } from "../gates/clusterApi";
import { type FaultsOf, LastingFaults } from "../gates/clusterReady";
import { notReady } from "../gates/notReady";
import { paced } from "../gates/poll";
import { type RenderedSettings, staleManifestFaults } from "../gates/staleManifest";
import { staleObjectFaults } from "../gates/staleObjects";
import { kubernetesProvider } from "../kubernetesProvider";
import { formatProblems } from "../problems";
import { isByTalos } from "../spec";
import { gate, valueOf } from "../step";
import { appliedAnew } from "./appliedAnew";
import { ciliumByCLI } from "./cli/ciliumByCLI";
import { TALOS, takeFieldsOver } from "./fieldManagers";
import { untilJobDone } from "./job/jobDone";
import { staleReleaseFaults } from "./job/staleReleaseFaults";
import { ciliumManifests } from "./manifests";
import type { Manifest } from "./objects";
import { newestRelease } from "./pendingRevision";
import { type ReleaseArgs, ciliumRelease } from "./release";
import { type RenderedCilium, renderCilium } from "./rendering/renderCilium";

export interface InstallationArgs extends ReleaseArgs {
  /** Without `v`; charts ask for it. */
  readonly kubernetesVersion?: string;
  readonly clusterIdentifier: pulumi.Input<string>;
  /** Whether control planes carry the rendered chart, see `CiliumArgs`. */
  readonly isInMachineConfiguration?: boolean;
}

/** Cilium as its method installs it. */
export interface Installation {
  readonly release?: Release;
  /** What the readiness gate comes behind. */
  readonly behind: readonly pulumi.Resource[];
  /** What keeps the gate shut. */
  readonly faultsOf: FaultsOf;
}

/**
 * Installs Cilium by the method that the spec names.
 *
 * @param prerequisites what agents or operator look for when they start
 * @throws ResourceError where the method cannot be had here
 */
export function installation(
  name: string,
  args: InstallationArgs,
  prerequisites: readonly pulumi.Resource[],
  opts: pulumi.CustomResourceOptions,
): Installation {
  const behind = pulumi.mergeOptions(opts, { dependsOn: [...prerequisites] });
  const { installMethod, managedBy } = args.cilium;
  if (managedBy && installMethod !== "none")
    return { behind: prerequisites, faultsOf: notHandedOver };
  if (isByTalos(installMethod) && !args.isInMachineConfiguration) {
    throw new pulumi.ResourceError(noMachines(installMethod), opts.parent, true);
  }
  switch (installMethod) {
    case "release": {
      const release = ciliumRelease(`${name}-release`, args, behind);
      return { release, behind: [release], faultsOf: notReady };
    }
    case "manifests": {
      const { objects } = renderedFor(args, opts.parent);
      const upserting = kubernetesProvider(`${name}-manifests-kubernetes`, args, opts, {
        upsertExistingObjects: true,
        // Helm, Talos or Cilium's CLI have made them, and none of these writes to them any more.
        enablePatchForce: true,
      });
      const made = ciliumManifests(name, objects, args.kubeconfig, {
        ...behind,
        provider: upserting,
      });
      return { behind: made, faultsOf: notReady };
    }
    case "cli": {
      // The engine makes it, and no provider of the cluster.
      const { parent, dependsOn } = behind;
      const made = ciliumByCLI(`${name}-cli`, args, { parent, dependsOn });
      return { behind: [made], faultsOf: notReady };
    }
    case "inline":
    case "hosted": {
      const { objects } = renderedFor(args, opts.parent);
      return { behind: prerequisites, faultsOf: staleFaults(args, objects) };
    }
    case "job":
      return byJob(name, args, prerequisites, opts);
    case "none":
      return { behind: prerequisites, faultsOf: notAwaitingCNI };
  }
}

/** What is handed over has to run: nothing here installs it. */
const notHandedOver: FaultsOf = (snapshot, expected) => [
  ...(snapshot.daemonSets.some(({ metadata }) => metadata?.name === "cilium")
    ? []
    : [NOTHING_RUNS]),
  ...notReady(snapshot, expected),
];

function byJob(
  name: string,
  args: InstallationArgs,
  prerequisites: readonly pulumi.Resource[],
  { parent, dependsOn }: pulumi.CustomResourceOptions,
): Installation {
  const { cilium, kubeconfig, clusterIdentifier, readyTimeout } = args;
  const wanted = { version: cilium.version, values: args.values };
  const done = gate(
    `${name}-job`,
    { cluster: clusterIdentifier, cli: cilium.cli },
    async () => untilJobDone(await valueOf(kubeconfig), readyTimeout),
    { parent, dependsOn },
  );
  let isAsWanted = false;
  return {
    behind: [...prerequisites, done],
    faultsOf: async (snapshot, expected) => {
      // Half a megabyte, which is read once: a Job that has ended changes it no more.
      if (!isAsWanted) {
        const stale = staleReleaseFaults(await newestRelease(await valueOf(kubeconfig)), wanted);
        if (stale.length > 0) throw new LastingFaults(stale);
        isAsWanted = true;
      }
      return notReady(snapshot, expected);
    },
  };
}

function staleFaults(
  { kubernetesVersion }: InstallationArgs,
  objects: readonly Manifest[],
): FaultsOf {
  const settings = settingsOf(objects);
  const cure = `talosctl upgrade-k8s --to ${kubernetesVersion}`;
  let isTalos = false;
  const compared = paced(async (api: ClusterApi) => {
    // Else what another method brought stays, whatever Talos applies over it.
    if (!isTalos) await takeFieldsOver(api, objects, TALOS);
    isTalos = true;
    const seen = await appliedAnew(api, objects);
    return staleObjectFaults(seen.objects, seen.left, cure);
  });
  return async (snapshot, expected, api) => {
    const config = await api.get<V1ConfigMap>(CONFIG);
    const faults = notReady(snapshot, expected);
    const stale = staleManifestFaults(settings, snapshot, config, cure);
    // A question for each object, and of interest only at the end.
    return [...faults, ...stale, ...(faults.length > 0 ? [] : await compared(api))];
  };
}

function renderedFor(args: InstallationArgs, parent: pulumi.Resource | undefined): RenderedCilium {
  const { cilium, values, kubernetesVersion } = args;
  const { rendered, problems } = renderCilium(cilium, values, kubernetesVersion);
  if (!rendered) throw new pulumi.ResourceError(formatProblems(problems), parent, true);
  return rendered;
}

/** What the gate looks for of a rendered chart. Pure. */
export function settingsOf(objects: readonly Manifest[]): RenderedSettings {
  const named = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  const config = named("ConfigMap", "cilium-config")?.["data"] as Record<string, string>;
  const agents = named("DaemonSet", "cilium")?.["spec"] as Agents | undefined;
  return { config: config ?? {}, image: agents?.template.spec.containers[0]?.image };
}

interface Agents {
  readonly template: { readonly spec: { readonly containers: readonly { image?: string }[] } };
}

const CONFIG = "/api/v1/namespaces/kube-system/configmaps/cilium-config";
const NOTHING_RUNS =
  "with managedBy nothing here installs Cilium: leave it out until Cilium runs, then hand it over";

function noMachines(method: string): string {
  return `installMethod ${method} puts Cilium into the configuration of machines, and this component has none: use TalosCluster, or another method`;
}
