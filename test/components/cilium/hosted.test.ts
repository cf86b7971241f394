import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";

import { fetchDigest } from "../../../components/cilium/hosted/fetchDigest";
import { unwritable, writeHosted } from "../../../components/cilium/hosted/hostedFile";
import { hostedFindings } from "../../../components/cilium/hosted/hostedFindings";

const MANIFEST = {
  file: "cilium.yaml",
  url: "http://127.0.0.1:1/cilium.yaml",
  sha256: "a".repeat(64),
};

describe("hostedFindings", () => {
  it("says nothing of the very bytes, and names what differs", () => {
    assert.deepEqual(hostedFindings(MANIFEST, { sha256: MANIFEST.sha256 }), []);
    const [stale] = hostedFindings(MANIFEST, { sha256: "b".repeat(64) });
    assert.equal(stale?.id, "hosted-stale");
    assert.match(stale.reason, /bbbb….*cilium\.yaml, just rendered, aaaa/);
    const [unreachable] = hostedFindings(MANIFEST, { failure: "the server answers 404" });
    assert.equal(unreachable?.id, "hosted-unreachable");
    assert.match(unreachable.reason, /^the server answers 404;/);
    assert.match(unreachable.fix, /^put cilium\.yaml there/);
  });
});

describe("writeHosted", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "hosted-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("makes the folders, and leaves a file alone that is the same", () => {
    assert.deepEqual(writeHosted("a/b/cilium.yaml", "one", folder), []);
    const file = path.join(folder, "a/b/cilium.yaml");
    utimesSync(file, 1, 1);
    assert.deepEqual(writeHosted("a/b/cilium.yaml", "one", folder), []);
    assert.equal(statSync(file).mtimeMs, 1000);
    assert.deepEqual(writeHosted("a/b/cilium.yaml", "two", folder), []);
    assert.equal(readFileSync(file, "utf8"), "two");
  });

  it("says what keeps it from being written", () => {
    mkdirSync(path.join(folder, "taken"));
    writeHosted("file", "text", folder);
    for (const [file, reason] of [
      ["taken", /taken is a folder$/],
      ["file/cilium.yaml", /file is no folder: /],
      ["file/deeper/cilium.yaml", /file\/deeper is no folder: it, or what is above it, is a file$/],
      ["/proc/nowhere/cilium.yaml", /\/proc\/nowhere/],
    ] as const) {
      const [problem] = writeHosted(file, "text", folder);
      assert.equal(problem?.id, "hosted-file", file);
      assert.equal(problem.got, file);
      assert.match(problem.reason, reason);
    }
  });

  for (const [code, reason] of [
    ["EACCES", "whoever runs this may not write /srv/cilium.yaml"],
    ["EPERM", "whoever runs this may not write /srv/cilium.yaml"],
    ["EROFS", "the file system of /srv/cilium.yaml is read-only"],
    ["ENOSPC", "no space left"],
  ] as const) {
    it(`knows ${code}`, () => {
      const error = { code, message: "no space left" };
      assert.equal(unwritable("cilium.yaml", "/srv/cilium.yaml", error).reason, reason);
    });
  }
});

/** The program waits for the answer, so that this thread could not give it. */
const SERVER = `
const { parentPort } = require("node:worker_threads");
const { createServer } = require("node:http");
const server = createServer(({ url }, response) => {
  if (url === "/cilium.yaml") response.end("kind: ConfigMap\\n");
  else if (url === "/moved") response.writeHead(302, { location: "/cilium.yaml" }).end();
  else if (url !== "/silent") response.writeHead(404).end();
}).listen(0, "127.0.0.1", () => parentPort.postMessage(server.address()));
`;

describe("fetchDigest (from a loopback address)", function () {
  this.timeout(60_000);
  let server: Worker;
  let url: string;

  before(async () => {
    server = new Worker(SERVER, { eval: true });
    const [{ port }] = (await once(server, "message")) as [AddressInfo];
    url = `http://127.0.0.1:${port}`;
  });
  after(() => server.terminate());

  it("gives the digest of the bytes, behind a redirection too", () => {
    const sha256 = createHash("sha256").update("kind: ConfigMap\n").digest("hex");
    assert.deepEqual(fetchDigest(`${url}/cilium.yaml`), { sha256 });
    assert.deepEqual(fetchDigest(`${url}/moved`), { sha256 });
  });

  it("says why there is none, and waits for no silent server", () => {
    assert.deepEqual(fetchDigest(`${url}/nothing`), { failure: "the server answers 404" });
    assert.deepEqual(fetchDigest(`${url}/silent`, 0.3), { failure: "no answer within 0.3 s" });
    const refused = fetchDigest("http://127.0.0.1:1/cilium.yaml");
    assert.match("failure" in refused ? refused.failure : "", /ECONNREFUSED|bad port/);
  });
});
