import { gunzipSync } from "node:zlib";

const BLOCK = 512;

/**
 * The file in the gzip'd tar that Talos' Kubeconfig call answers with. Contents of several entries
 * are joined, as the Talos provider does; the trailer may be missing, as Talos writes none.
 * @throws when the archive is no gzip, is cut, or holds nothing. The text shows no content.
 */
export function kubeconfigFromArchive(archive: Uint8Array): string {
  let tar: Buffer;
  try {
    tar = gunzipSync(archive);
  } catch (error) {
    throw new Error(`the kubeconfig archive is no complete gzip: ${(error as Error).message}`);
  }
  const contents: Buffer[] = [];
  for (let offset = 0; offset + BLOCK <= tar.length;) {
    const header = tar.subarray(offset, offset + BLOCK);
    if (header.every((byte) => byte === 0)) {
      break;
    }
    const size = Number.parseInt(header.toString("latin1", 124, 136).replace(/[\0 ]+$/, ""), 8);
    const start = offset + BLOCK;
    if (!Number.isInteger(size) || start + size > tar.length) {
      throw new Error("the kubeconfig archive is cut or is no tar");
    }
    contents.push(tar.subarray(start, start + size));
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  if (contents.length === 0) {
    throw new Error("the kubeconfig archive holds no file");
  }
  return Buffer.concat(contents).toString("utf8");
}
