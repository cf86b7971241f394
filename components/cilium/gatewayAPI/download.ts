import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import { load } from "js-yaml";

import type { Manifest } from "../objects";
import { gatewayAPIReleases } from "./releases";

const SOURCE = "https://raw.githubusercontent.com/kubernetes-sigs/gateway-api";
const TIME_LIMIT_MS = 60_000;

/** Prints the texts of its arguments, which are URLs, as one JSON list. */
const FETCH_ALL = `
const texts = process.argv.slice(1).map(async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(url + ": " + answer.status + " " + answer.statusText);
  return answer.text();
});
Promise.all(texts).then(
  (all) => process.stdout.write(JSON.stringify(all)),
  (error) => { console.error(String(error.cause ?? error)); process.exitCode = 1; },
);`;

/**
 * The CRDs of a pinned release of Gateway API, downloaded once for this user and checked against
 * their SHA-256. It waits for the download: the resources of a program are made without waiting.
 *
 * @param source where the repository's files are. @default GitHub
 * @throws Error when they cannot be had, or are not what is pinned
 */
export function releasedCRDs(release: string, source = SOURCE): Manifest[] {
  const cached = path.join(cacheFolder(), `gateway-api-${release}.json`);
  if (existsSync(cached)) return JSON.parse(readFileSync(cached, "utf8")) as Manifest[];
  const { commit, files } = gatewayAPIReleases[release]!;
  const names = Object.keys(files);
  const folder = `${source}/${commit}/config/crd/standard`;
  const urls = names.map((name) => `${folder}/gateway.networking.k8s.io_${name}.yaml`);
  const manifests = fetchAll(urls).map((text, index) => {
    const name = names[index]!;
    if (createHash("sha256").update(text).digest("hex") !== files[name]) {
      throw new Error(`${urls[index]} is not the file that is pinned for Gateway API ${release}`);
    }
    return load(text) as Manifest;
  });
  mkdirSync(path.dirname(cached), { recursive: true });
  // Whole or not at all, also where two programs do this at once.
  writeFileSync(`${cached}.${process.pid}`, JSON.stringify(manifests));
  renameSync(`${cached}.${process.pid}`, cached);
  return manifests;
}

function fetchAll(urls: readonly string[]): string[] {
  try {
    const printed = execFileSync(process.execPath, ["-e", FETCH_ALL, ...urls], {
      encoding: "utf8",
      timeout: TIME_LIMIT_MS,
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_OPTIONS: "", NODE_USE_ENV_PROXY: "1" },
    });
    return JSON.parse(printed) as string[];
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(stderr?.trim() || message, { cause: error });
  }
}

function cacheFolder(): string {
  const root = process.env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache");
  return path.join(root, "pulumi-talos-cilium");
}
