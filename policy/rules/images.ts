import type { PatchDocument } from "./configPatches";
import type { Finding } from "./finding";
import { isMovingURL, isPinnedImage, isPinnedTag } from "./imageReference";
import { isObject, nodesOf, pathText, type Leaf } from "./propertyTree";

/** Images in Helm values: `image: text`, or one of `repository` and `tag`. Left out: the chart's own. */
export function valuesImageFindings(values: unknown): Finding[] {
  return findings(values, ["values"], ({ path, value }) => {
    const key = path.at(-1);
    if (typeof value === "string" && value !== "" && (key === "image" || key === "override")) {
      return isPinnedImage(value) ? undefined : value;
    }
    if (!isObject(value)) return undefined;
    const { repository, tag, digest, useDigest } = value;
    const isImage = typeof repository === "string" || /image$/i.test(key ?? "");
    const hasDigest = typeof digest === "string" && digest !== "" && useDigest !== false;
    if (!isImage || typeof tag !== "string" || tag === "" || hasDigest) return undefined;
    return isPinnedTag(tag)
      ? undefined
      : `${typeof repository === "string" ? repository : ""}:${tag}`;
  });
}

/** Images of the containers in a Kubernetes object. */
export function objectImageFindings(object: unknown, at: readonly string[] = []): Finding[] {
  return findings(object, at, ({ path, value }) => {
    const isContainers = /containers$/i.test(path.at(-3) ?? "") && path.at(-1) === "image";
    return isContainers && typeof value === "string" && !isPinnedImage(value) ? value : undefined;
  });
}

/** Images and manifests by URL in a machine's config patches. */
export function patchImageFindings(documents: readonly PatchDocument[]): Finding[] {
  return documents.flatMap(({ path, content }) =>
    path.at(-1) === "contents"
      ? objectImageFindings(content, path)
      : findings(content, path, ({ path: at, value }) => {
          if (typeof value !== "string") return undefined;
          const isMoving = at.at(-1) === "image" ? !isPinnedImage(value) : isMovingURL(value);
          return isMoving ? value : undefined;
        }),
  );
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
