const MOVING_WORD =
  /(^|[-_.])(latest|stable|edge|nightly|rolling|canary|snapshot|dev|develop|main|master|head|trunk)([-_.]|$)/i;
const STAYS: readonly RegExp[] = [
  // A full version, as in 1.20.0, v1.20.0-rc.1 or 3.6.8-0.
  /(^|[^\d.])\d+\.\d+\.\d+/,
  // A commit.
  /(^|[^\da-z])(?=[a-f]*\d)[\da-f]{7,40}([^\da-z]|$)/i,
  // A date, or the number of a build.
  /\d{4}-\d\d-\d\d|\d{5,}/,
];

/**
 * Whether an image reference, as in `quay.io/cilium/cilium:v1.20.0`, stays the same image: by a digest,
 * or by a tag that names a full version, a commit, a date or the number of a build. `latest`, `1`,
 * `1.20` and `22-alpine` move. No tag of registry.k8s.io does, where `pause:3.10` is a full version.
 */
export function isPinnedImage(reference: string): boolean {
  if (reference.includes("@sha256:")) return true;
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  const at = name.indexOf(":");
  if (at < 0) return false;
  const tag = name.slice(at + 1);
  return isPinnedTag(tag) || (reference.startsWith("registry.k8s.io/") && /\d\.\d/.test(tag));
}

/** Whether a tag names a full version, a commit, a date or the number of a build. */
export function isPinnedTag(tag: string): boolean {
  return !MOVING_WORD.test(tag) && STAYS.some((form) => form.test(tag));
}

/** A file of a repository in a version of it. */
const RAW_FILE =
  /^https?:\/\/(?:raw\.githubusercontent\.com\/[^/]+\/[^/]+|[^/]+\/.+?\/raw)\/(?:refs\/tags\/)?([^/]+)\//i;

/** Whether a URL names the newest of something or a branch, as `…/main/…` and `…/releases/latest/…` do. */
export function isMovingURL(url: string): boolean {
  if (!/^https?:/i.test(url)) return false;
  const ref = RAW_FILE.exec(url)?.[1];
  if (ref !== undefined) return !isPinnedTag(ref);
  return /\/(latest|main|master|develop|head|refs\/heads)(\/|$)/i.test(url);
}
