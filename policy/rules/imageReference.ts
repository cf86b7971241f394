const MOVING_WORD = /(^|[-_.])(latest|stable|edge|nightly|main|master|head)([-_.]|$)/i;
const SHORT_VERSION = /^v?\d{1,4}(\.\d{1,4})?(-[a-z]+)*$/i;

/**
 * Whether an image reference, as in `quay.io/cilium/cilium:v1.20.0`, stays the same image: by a digest,
 * or by a tag that names a full version. `latest`, `1`, `1.20` and `22-alpine` move.
 */
export function isPinnedImage(reference: string): boolean {
  if (reference.includes("@sha256:")) return true;
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  const at = name.indexOf(":");
  return at >= 0 && isPinnedTag(name.slice(at + 1));
}

/** Whether a tag names a full version, a commit or a date. */
export function isPinnedTag(tag: string): boolean {
  return /\d/.test(tag) && !SHORT_VERSION.test(tag) && !MOVING_WORD.test(tag);
}

/** Whether a URL names the newest of something or a branch, as `…/main/…` and `…/releases/latest/…` do. */
export function isMovingURL(url: string): boolean {
  return /^https?:/i.test(url) && /\/(latest|main|master|head|refs\/heads)(\/|$)/i.test(url);
}
