import { isPinnedTag } from "./imageReference";

const CHANNEL = /\/(latest|stable|nightly|canary|main|master|develop|trunk|head)(\/|$)/i;

/** What stands before the git revision in the address of a single file. */
const BEFORE_REVISION = [
  /^https?:\/\/raw\.githubusercontent\.com\/[^/]+\/[^/]+\//i,
  /^https?:\/\/github\.com\/[^/]+\/[^/]+\/(raw|blob|tree)\//i,
  /^https?:\/\/gist\.githubusercontent\.com\/[^/]+\/[^/]+\/raw\//i,
  /^https?:\/\/[^/]+\/.+?\/-\/(raw|blob)\//i,
  /^https?:\/\/cdn\.jsdelivr\.net\/gh\/[^/]+\/[^/@]+@?/i,
];

/**
 * Whether what a URL gives changes by itself: a file of a git host whose revision is neither a full version
 * nor a commit, or a path with a word such as `latest`. A URL that says nothing of this passes: a server of
 * one's own is one's own care.
 */
export function isMovingURL(url: string): boolean {
  if (!/^https?:/i.test(url)) return false;
  const path = url.replace(/[?#].*$/, "");
  const before = BEFORE_REVISION.find((each) => each.test(path));
  return before ? !isPinnedRevision(path.replace(before, "")) : CHANNEL.test(path);
}

/** @param path `<revision>/<file>`; behind `refs/tags/` the revision may have slashes of its own */
function isPinnedRevision(path: string): boolean {
  const tag = /^refs\/tags\/(.*)$/i.exec(path)?.[1];
  if (tag !== undefined) return tag.split("/").some(isPinnedTag);
  return isPinnedTag(path.split("/")[0]!);
}
