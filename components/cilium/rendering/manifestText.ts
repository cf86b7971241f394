import { type Tags, parseAllDocuments, stringify } from "yaml";

import type { Manifest } from "../objects";

/** YAML as Go's libraries read it: version 1.1, where `0400` is octal; dates and base-60 numbers stay text. */
const GO_YAML = {
  version: "1.1",
  merge: true,
  prettyErrors: false,
  customTags: (tags: Tags): Tags =>
    tags.filter(
      (tag) =>
        typeof tag === "string" ||
        (tag.tag !== "tag:yaml.org,2002:timestamp" && !("format" in tag && tag.format === "TIME")),
    ),
} as const;

/** Helm's marks of ownership: with them Helm takes over what it did not install. */
export const MANAGED_BY_HELM = ["app.kubernetes.io/managed-by", "Helm"] as const;
const RELEASE = {
  "meta.helm.sh/release-name": "cilium",
  "meta.helm.sh/release-namespace": "kube-system",
};

/** The objects of what Helm rendered, in Helm's order, marked as those of its release. Pure. */
export function renderedObjects(yaml: string): Manifest[] {
  const documents = parseAllDocuments(yaml, GO_YAML);
  return (Array.isArray(documents) ? documents : []).flatMap((document) => {
    if (document.errors[0]) throw document.errors[0];
    const object = document.toJS({ maxAliasCount: 10_000 }) as Manifest | null;
    return object?.kind ? [ownedByRelease(object)] : [];
  });
}

function ownedByRelease(object: Manifest): Manifest {
  const { labels, annotations, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...labels, [MANAGED_BY_HELM[0]]: MANAGED_BY_HELM[1] },
      annotations: { ...annotations, ...RELEASE },
    },
  };
}

/** Whether an object bears the annotations of the release. Pure. */
export function isOfRelease({ metadata: { annotations } }: Manifest): boolean {
  return Object.entries(RELEASE).every(([key, value]) => annotations?.[key] === value);
}

/** Objects as one text with sorted keys: the same objects are the same bytes. Pure. */
export function manifestText(objects: readonly Manifest[]): string {
  const options = { version: "1.1", sortMapEntries: true, lineWidth: 0 } as const;
  return objects.map((object) => stringify(object, options)).join("---\n");
}

/** Whether there is key material among them, and the whole has to be kept secret. Pure. */
export function hasKeys(objects: readonly Manifest[]): boolean {
  return objects.some(
    ({ kind, data, stringData }) =>
      kind === "Secret" &&
      Object.keys({ ...(data as object), ...(stringData as object) }).length > 0,
  );
}
