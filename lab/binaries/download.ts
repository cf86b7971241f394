import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { chmod, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";

import { abortAfter } from "../timeLimit";
import type { Download } from "./catalog";

export interface DownloadLimits {
  /** Milliseconds until the server has answered. @default 5000 */
  connect?: number;
  /** Milliseconds for everything. @default 300000 */
  total?: number;
}

const CONNECT = 5_000;
const TOTAL = 300_000;

/**
 * Downloads an official release, verifies its checksum, and only then unpacks it.
 *
 * @param folder where the programs go, made at the end in one step; nothing is there on failure
 * @param name what the download is called there when it is a program and not an archive
 * @throws Error when the server does not answer in time or the checksum is another
 */
export async function downloadRelease(
  download: Download,
  folder: string,
  name: string,
  limits: DownloadLimits = {},
): Promise<void> {
  const checksums = await (await request(download.checksumUrl, limits)).text();
  const expected = checksumOf(checksums, path.posix.basename(new URL(download.url).pathname));
  if (!expected) throw new Error(`${download.checksumUrl} does not know ${download.url}`);
  const response = await request(download.url, limits);
  const staging = `${folder}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  try {
    const file = path.join(staging, download.members ? "archive" : name);
    await pipeline(Readable.from(response.body ?? []), createWriteStream(file));
    const actual = await checksum(file, expected.length === 128 ? "sha512" : "sha256");
    if (actual !== expected) {
      throw new Error(`${download.url}: checksum is ${actual}, published is ${expected}`);
    }
    if (download.members) {
      await unpack(file, staging, download.members);
      await rm(file);
    } else {
      await chmod(file, 0o755);
    }
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * The checksum of a file in a checksum file: a bare one, or lines of checksum and file name.
 *
 * @returns lower-case hex, SHA-256 or SHA-512
 */
export function checksumOf(text: string, fileName: string): string | undefined {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+\*?/));
  const bare = lines.filter((words) => words[0]);
  const line =
    bare.length === 1 && bare[0]?.length === 1
      ? bare[0]
      : lines.find((words) => words[1] !== undefined && path.basename(words[1]) === fileName);
  const value = line?.[0]?.toLowerCase();
  return value && /^([0-9a-f]{64}|[0-9a-f]{128})$/.test(value) ? value : undefined;
}

async function request(url: string, limits: DownloadLimits): Promise<Response> {
  const connect = new AbortController();
  const timer = setTimeout(
    () => connect.abort(new Error("no answer in time")),
    limits.connect ?? CONNECT,
  );
  try {
    const signal = abortAfter(limits.total ?? TOTAL, connect.signal);
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response;
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new Error(`${url}: ${reason}`);
  } finally {
    clearTimeout(timer);
  }
}

async function checksum(file: string, algorithm: "sha256" | "sha512"): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function unpack(archive: string, folder: string, members: string[]): Promise<void> {
  const entries = extract();
  const found = new Set<string>();
  entries.on("entry", (header, stream, next) => {
    const name = path.posix.basename(header.name);
    if (header.type !== "file" || !members.includes(name) || found.has(name)) {
      stream.on("end", next).resume();
      return;
    }
    found.add(name);
    const file = createWriteStream(path.join(folder, name), { mode: 0o755 });
    pipeline(stream, file).then(() => next(), next);
  });
  await pipeline(createReadStream(archive), createGunzip(), entries);
  const missing = members.filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`${archive} holds no ${missing.join(", ")}`);
}
