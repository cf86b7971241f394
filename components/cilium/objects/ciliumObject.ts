/** A plain Kubernetes manifest; it holds no secret. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** An object that a feature of Cilium needs beside the chart. */
export interface CiliumObject {
  /**
   * `beforeRelease`: what agents or operator look for when they start.
   * `afterReady`: what needs the operator's CRDs, or nodes with a network.
   * `afterCRDs`: what needs CRDs that somebody else installs; a gate of its own waits for them.
   */
  readonly when: "beforeRelease" | "afterReady" | "afterCRDs";
  readonly manifest: Manifest;
  /** Whether it stays in the cluster whatever leaves the spec: others use it too. @default false */
  readonly stays?: boolean;
  /** Name of an object further up in the same feature that has to be there as long as this one is. */
  readonly behind?: string;
  /** For a Secret: what its keys hold, as names of the component's `secrets`. */
  readonly secretData?: Readonly<Record<string, string>>;
}

/** Names of the CRDs of `cilium.io` that these objects need: the operator registers them. Pure. */
export function requiredCRDs(objects: readonly CiliumObject[]): string[] {
  const names = objects
    .filter(({ manifest }) => manifest.apiVersion.startsWith("cilium.io/"))
    .map(({ manifest }) => `${plural(manifest.kind)}.cilium.io`);
  return [...new Set(names)].sort();
}

/** Names of the CRDs of others that objects wait for. Pure. */
export function foreignCRDs(objects: readonly CiliumObject[]): string[] {
  const names = objects
    .filter(({ when }) => when === "afterCRDs")
    .map(({ manifest: { apiVersion, kind } }) => `${plural(kind)}.${apiVersion.split("/")[0]}`);
  return [...new Set(names)].sort();
}

/** Where the API server has an object. Pure. */
export function pathOf(manifest: Manifest): string {
  return `${collectionOf(manifest)}/${manifest.metadata.name}`;
}

/** Where the API server has all objects of this kind and namespace. Pure. */
export function collectionOf({ apiVersion, kind, metadata: { namespace } }: Manifest): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${plural(kind)}`;
}

/** The word for a kind in paths of the API, for those that are used here. */
function plural(kind: string): string {
  const word = kind.toLowerCase();
  if (word === "endpoints") return word;
  if (/[^aeo]y$/.test(word)) return word.replace(/y$/, "ies");
  return word.endsWith("s") ? `${word}es` : `${word}s`;
}
