import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { withCacheLock } from "../../../lab/binaries/cacheLock";
import { BINARY_NAMES, catalog, type BinaryName } from "../../../lab/binaries/catalog";
import { cacheFolder, cachedPath } from "../../../lab/binaries/cacheFolder";
import { ensureBinaries } from "../../../lab/binaries/ensureBinaries";

const known = catalog({ os: "linux", arch: "x64" });

describe("ensureBinaries (with shell scripts for binaries; no Go build, which takes minutes)", () => {
  let dir: string;
  let steps: string[];
  const at = (...segments: string[]) => path.join(dir, ...segments);
  const progress = {
    step(title: string) {
      steps.push(title);
      return { update: () => undefined, end: () => undefined };
    },
  };

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "binaries-"));
    steps = [];
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const script = (file: string, says = "") => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
    return file;
  };
  const env = (more: NodeJS.ProcessEnv = {}) => ({
    PATH: at("path"),
    XDG_CACHE_HOME: at("c"),
    ...more,
  });
  const cache = () => cacheFolder(env());
  const cached = (name: BinaryName) => script(cachedPath(cache(), known[name]));
  const nowhere = {
    ...known,
    etcd: { ...known.etcd, download: undefined },
    helm: { ...known.helm, download: undefined },
  };
  const ensure = (names: BinaryName[], environment = env()) =>
    ensureBinaries(names, { progress, env: environment, catalog: nowhere });

  it("takes a folder that the user names before everything else, whatever version is in it", async () => {
    const file = script(at("own/etcd"), "etcd Version: 3.4.0");
    script(at("path/etcd"), "etcd Version: 3.6.8");
    cached("etcd");
    assert.deepEqual(await ensure(["etcd"], env({ LAB_BIN: at("own") })), {
      etcd: { path: file, origin: "LAB_BIN" },
    });
    assert.deepEqual(await ensure(["etcd"], env({ KUBEBUILDER_ASSETS: at("own") })), {
      etcd: { path: file, origin: "KUBEBUILDER_ASSETS" },
    });
  });

  it("takes PATH where the version fits, before the cache", async () => {
    const file = script(at("path/etcd"), "etcd Version: 3.6.8");
    cached("etcd");
    assert.deepEqual((await ensure(["etcd"])).etcd, { path: file, origin: "PATH" });
  });

  it("passes over a version on PATH that does not fit, and one that does not start", async () => {
    script(at("path/etcd"), "etcd Version: 3.4.27");
    script(at("path/helm"), "no version here");
    assert.equal(
      (cached("etcd"), cached("helm"), await ensure(["etcd", "helm"])).etcd.origin,
      "cache",
    );
    assert.equal((await ensure(["helm"])).helm.origin, "cache");
  });

  it("asks a changed program on PATH again", async () => {
    script(at("path/etcd"), "etcd Version: 3.4.27");
    cached("etcd");
    await ensure(["etcd"]);
    script(at("path/etcd"), "etcd Version: 3.6.10");
    assert.equal((await ensure(["etcd"])).etcd.origin, "PATH");
  });

  it("shows no progress and waits for nobody when everything is there", async () => {
    cached("etcd");
    await ensure(["etcd"]);
    assert.deepEqual(steps, []);
  });

  it("says in one sentence what cannot be had, why, and the ways out", async () => {
    await assert.rejects(ensure(["etcd", "helm"]), (error: Error) => {
      assert.match(
        error.message,
        /^etcd, helm cannot be had here, because there is no Go toolchain/,
      );
      for (const way of [/LAB_BIN/, /downloads/, /Go 1\.26/]) assert.match(error.message, way);
      assert.equal(error.message.split("\n").length, 1);
      return true;
    });
  });

  it("knows every binary on every platform, and builds each with its own version in it", () => {
    for (const os of ["linux", "darwin"]) {
      const all = catalog({ os, arch: "arm64" });
      assert.deepEqual(Object.keys(all).sort(), [...BINARY_NAMES].sort());
      for (const { download } of Object.values(all)) {
        if (download) assert.match(download.url, new RegExp(`${os}.arm64`));
      }
    }
    assert.equal(catalog({ os: "darwin", arch: "arm64" })["kube-apiserver"].download, undefined);
  });
});

describe("withCacheLock", () => {
  let cache: string;
  beforeEach(() => (cache = mkdtempSync(path.join(tmpdir(), "cache-lock-"))));
  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  it("lets one work at a time, and says for whom the other waits", async () => {
    const order: string[] = [];
    const waits: number[] = [];
    const work = (name: string) =>
      withCacheLock(
        cache,
        async () => {
          order.push(`${name} begins`);
          await new Promise((resolve) => setTimeout(resolve, 50));
          order.push(`${name} ends`);
        },
        (pid) => waits.push(pid),
      );
    await Promise.all([work("a"), work("b")]);
    assert.deepEqual(order, ["a begins", "a ends", "b begins", "b ends"]);
    assert.deepEqual(waits, [process.pid]);
  });

  it("takes the lock of a lab that was killed", async () => {
    writeFileSync(path.join(cache, ".lock"), `${spawnSync("true").pid}`);
    assert.equal(
      await withCacheLock(
        cache,
        async () => "done",
        () => assert.fail("waited"),
      ),
      "done",
    );
  });
});
