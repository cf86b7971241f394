import { stringify } from "yaml";

import { gatewayCRDs } from "../../components/cilium/gatewayAPI/crds";
import { type Manifest, ciliumObjects } from "../../components/cilium/objects";
import { releaseValues, surroundingsOf } from "../../components/cilium/releaseValues";
import { manifestText } from "../../components/cilium/rendering/manifestText";
import { renderCilium } from "../../components/cilium/rendering/renderCilium";
import { sharedPatches } from "../../components/patches";
import type { Problem } from "../../components/problems";
import type { CiliumSpec, ClusterSpec } from "../../components/spec";
import { ciliumSecrets } from "../../components/spec/cilium/namedSecrets";
import { minorNumber } from "../../components/values";

/** What Omni needs of a cluster that it makes itself. */
export interface OmniFiles {
  /** Texts by their path in the folder. */
  readonly files: ReadonlyMap<string, string>;
  /** What names them in Omni's cluster template. */
  readonly template: string;
  readonly problems: readonly Problem[];
}

/**
 * Config patches and manifests for Omni, which has the machines, their keys and the bootstrap: what
 * is about one machine, or would be a key in a file, is not among them. The same spec gives the same bytes.
 *
 * @param directory what a relative path of a chart is relative to
 */
export function omniFiles(spec: ClusterSpec, directory: string): OmniFiles {
  const cilium = withoutKeys(spec.cilium);
  const { values, problems } = releaseValues(cilium, surroundingsOf(spec), directory);
  const refused = [...keyProblems(spec), ...problems];
  if (refused.length > 0) return { files: new Map(), template: "", problems: refused };
  const rendering = renderCilium(cilium, values, spec.kubernetesVersion, directory);
  if (!rendering.rendered) return { files: new Map(), template: "", problems: rendering.problems };

  const { cluster, controlPlane } = sharedPatches(spec);
  const patches = {
    cluster: { ...cluster, ...numbered(spec.configPatches) },
    "control-plane": { ...controlPlane, ...numbered(spec.controlPlaneConfigPatches) },
    workers: numbered(spec.workerConfigPatches),
  };
  const objects = ciliumObjects(cilium);
  const before = objects.filter(({ when }) => when === "beforeRelease");
  const first = [...gatewayCRDs(cilium, directory), ...before].map(({ manifest }) => manifest);
  const last = objects.filter((each) => !before.includes(each)).map(({ manifest }) => manifest);
  const manifests = { first, cilium: rendering.rendered.objects, last };

  const files = new Map<string, string>();
  for (const [scope, texts] of Object.entries(patches)) {
    for (const [topic, text] of Object.entries(texts)) files.set(patchFile(scope, topic), text);
  }
  for (const [name, list] of manifestsOf(manifests))
    files.set(manifestFile(name), manifestText(list));
  return { files, template: templateOf(spec, patches, manifestsOf(manifests)), problems: [] };
}

type Patches = Readonly<Record<string, Readonly<Record<string, string>>>>;
type NamedManifests = readonly (readonly [name: string, objects: readonly Manifest[]])[];

/** In the order in which they are needed: CRDs, Cilium, what is made of Cilium's own CRDs. */
function manifestsOf(manifests: Readonly<Record<string, readonly Manifest[]>>): NamedManifests {
  return Object.entries(manifests).filter(([, objects]) => objects.length > 0);
}

/** Certificates that the program would make and keep are made by a Job of the chart here. */
function withoutKeys(cilium: CiliumSpec): CiliumSpec {
  const { hubble } = cilium;
  return {
    ...cilium,
    installMethod: "manifests",
    ...(makesCertificates(cilium) && {
      hubble: { ...hubble, tls: { method: "cronJob" as const } },
    }),
  };
}

function makesCertificates({ hubble: { enabled, tls } }: CiliumSpec): boolean {
  return enabled && (tls?.method ?? "stack") === "stack";
}

/** Whatever would put a key into a file, or needs one that the program makes. */
export function keyProblems(spec: ClusterSpec): Problem[] {
  const { clusterMesh, encryption, version } = spec.cilium;
  const keys = [
    ...ciliumSecrets(spec.cilium).map(({ propertyPath }) => propertyPath),
    ...(clusterMesh ? ["cilium.clusterMesh"] : []),
    ...(encryption?.type === "ipsec" && encryption.ipsec?.existingSecret === undefined
      ? ["cilium.encryption"]
      : []),
    ...(spec.configPatchesFrom.length > 0 ? ["configPatchesFrom"] : []),
    // Up to 1.18 the Job is a hook of Helm's, and here is no Helm.
    ...(makesCertificates(spec.cilium) && minorNumber(version) < 19 ? ["cilium.hubble.tls"] : []),
  ];
  return keys.map((propertyPath) => ({
    id: "omni-secret",
    propertyPath,
    reason: "it stands for a key, and the files for Omni are for everybody to read",
    fix: "leave it out here, and bring the key into the cluster or into Omni by other means",
  }));
}

function numbered(patches: readonly string[]): Record<string, string> {
  return Object.fromEntries(patches.map((text, index) => [`own-${index + 1}`, text]));
}

function patchFile(scope: string, topic: string): string {
  return `patches/${scope}-${topic}.yaml`;
}

function manifestFile(name: string): string {
  return `manifests/${name}.yaml`;
}

/** Documents of a cluster template without machines, which only Omni knows. */
function templateOf(spec: ClusterSpec, patches: Patches, manifests: NamedManifests): string {
  const filesOf = (scope: string) =>
    Object.keys(patches[scope] ?? {}).map((topic) => ({ file: patchFile(scope, topic) }));
  const documents = [
    {
      kind: "Cluster",
      name: spec.clusterName,
      kubernetes: {
        version: `v${spec.kubernetesVersion}`,
        manifests: manifests.map(([name]) => ({ name, file: manifestFile(name), mode: "full" })),
      },
      talos: { version: spec.talosVersion },
      patches: filesOf("cluster"),
    },
    { kind: "ControlPlane", machines: [], patches: filesOf("control-plane") },
    { kind: "Workers", machines: [], patches: filesOf("workers") },
  ];
  return documents.map((document) => stringify(document)).join("---\n");
}
