import { isManifest, type PatchDocument } from "./configPatches";
import type { Finding } from "./finding";
import { isPinnedImage } from "./imageReference";
import { isMovingURL } from "./manifestURL";
import { isObject, nodesOf, pathText, valueAt, type Leaf } from "./propertyTree";

/**
 * Images in Helm values: `image: text`, or one of `repository` and `tag`. Left out: the chart's own.
 *
 * @param at where the values stand in the resource
 */
export function valuesImageFindings(
  values: unknown,
  at: readonly string[] = ["values"],
): Finding[] {
  return findings(values, at, ({ path, value, parent }) => {
    const key = path.at(-1);
    if (typeof value === "string" && value !== "" && (key === "image" || key === "override")) {
      const beside = key === "image" ? tagText(valueAt(parent, "tag")) : "";
      return movingImage(beside === "" ? value : `${value}:${beside}`);
    }
    if (!isObject(value)) return undefined;
    const { repository, digest, useDigest } = value;
    const tag = tagText(value["tag"]);
    const isImage = typeof repository === "string" || /image$/i.test(key ?? "");
    const hasDigest = typeof digest === "string" && digest !== "" && useDigest !== false;
    if (!isImage || tag === "" || hasDigest) return undefined;
    return movingImage(`${typeof repository === "string" ? repository : ""}:${tag}`);
  });
}

/** Images of the containers and the volumes in a Kubernetes object. */
export function objectImageFindings(object: unknown, at: readonly string[] = []): Finding[] {
  return findings(object, at, (leaf) =>
    isContainerImage(leaf) || isVolumeImage(leaf) ? movingImage(leaf.value) : undefined,
  );
}

/** Images and manifests by URL in a machine's configuration. */
export function patchImageFindings(documents: readonly PatchDocument[]): Finding[] {
  return documents.flatMap((document) => {
    const { path, content } = document;
    if (isManifest(document)) return objectImageFindings(content, path);
    return findings(content, path, (leaf) => {
      if (leaf.path.at(-1) === "image" || isVolumeImage(leaf)) return movingImage(leaf.value);
      return isManifestList(leaf.path.at(-2)) ? movingURL(leaf.value) : undefined;
    });
  });
}

/** URLs that `yaml.ConfigFile` and `yaml.ConfigGroup` read their objects from. @param props of one */
export function manifestFileFindings(props: unknown): Finding[] {
  return findings(props, [], ({ path, value }) =>
    path[0] === "file" || path[0] === "files" ? movingURL(value) : undefined,
  );
}

function isContainerImage({ path }: Leaf): boolean {
  return /containers$/i.test(path.at(-3) ?? "") && path.at(-1) === "image";
}

function isVolumeImage({ path }: Leaf): boolean {
  return path.at(-4) === "volumes" && path.at(-2) === "image" && path.at(-1) === "reference";
}

/** `cluster.extraManifests`, and `manifests` of `cluster.externalCloudProvider`. */
function isManifestList(key: string | undefined): boolean {
  return key === "extraManifests" || key === "manifests";
}

function movingImage(value: unknown): string | undefined {
  return typeof value === "string" && !isPinnedImage(value) ? value : undefined;
}

function movingURL(value: unknown): string | undefined {
  return typeof value === "string" && isMovingURL(value) ? value : undefined;
}

/** YAML reads an unquoted `1.20` as a number. */
function tagText(tag: unknown): string {
  return typeof tag === "string" || typeof tag === "number" ? String(tag) : "";
}

/** @param movingOf the reference that moves, at a node of the tree; undefined where none does */
function findings(
  tree: unknown,
  at: readonly string[],
  movingOf: (leaf: Leaf) => string | undefined,
): Finding[] {
  return [...nodesOf(tree)].flatMap((leaf) => {
    const moving = movingOf(leaf);
    if (moving === undefined) return [];
    return {
      propertyPath: pathText([...at, ...leaf.path]),
      got: moving,
      reason: "what runs changes without a change of the stack, from one machine to the next too",
      fix: "name a full version, as in v1.20.0, or a digest",
    };
  });
}
