const DIGEST = /@sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$/;
/** Three numbers, first or behind words, as in `v1.20.0`, `1.27.3-alpine` and `controller-v1.9.0`. */
const FULL_VERSION = /^([a-z][a-z0-9]*[-_])*v?\d+(\.\d+){2}/i;
/** A channel, which a full version in front of it does not hold still: `1.20.0-dev` is built each night. */
const CHANNEL =
  /(^|[-_.])(latest|stable|edge|nightly|canary|snapshot|main|master|head|dev|develop)([-_.]|$)/i;
/** At least 7 hexadecimal digits, letters and numbers among them, as in `sha-60ee83e`. */
const COMMIT = /(^|[-_.])g?(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{7,64}(?![^-_.])/i;
/** As in `20260102`, `RELEASE.2026-01-02T…` and the seconds `1782916218`. */
const TIME = /(?<!\d)(\d{8,}|\d{4}-\d\d-\d\d)(?!\d)/;
/** Kubernetes' pause image counts its releases with two numbers, and publishes each once. */
const PAUSE = /(^|\/)pause:\d+\.\d+$/;

/**
 * Whether an image reference, as in `quay.io/cilium/cilium:v1.20.0`, stays the same image: by a digest,
 * or by a tag as {@link isPinnedTag} has it. What names none of these is taken to move.
 */
export function isPinnedImage(reference: string): boolean {
  if (reference.includes("@")) return DIGEST.test(reference);
  if (PAUSE.test(reference)) return true;
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  const at = name.indexOf(":");
  return at >= 0 && isPinnedTag(name.slice(at + 1));
}

/**
 * Whether a tag names a commit, a time, or a full version of three numbers and no channel. `latest`, `1`,
 * `1.27-alpine3`, `pr-12` and `1.20.0-dev` move.
 */
export function isPinnedTag(tag: string): boolean {
  return COMMIT.test(tag) || TIME.test(tag) || (FULL_VERSION.test(tag) && !CHANNEL.test(tag));
}
