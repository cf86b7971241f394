import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { pack } from "tar-stream";

import { checksumOf, downloadRelease } from "../../../lab/binaries/download";

const sha256 = (data: Buffer) => createHash("sha256").update(data).digest("hex");
const sha512 = (data: Buffer) => createHash("sha512").update(data).digest("hex");

describe("downloadRelease (from a server of its own; not whether upstream's addresses still hold)", () => {
  let dir: string;
  let server: Server;
  let base: string;
  let files: Record<string, Buffer | "silence">;

  beforeEach(async () => {
    dir = mkdtempSync(path.join(tmpdir(), "download-"));
    files = {};
    server = createServer((request, response) => {
      const file = files[request.url ?? ""];
      if (file === "silence") return;
      response.writeHead(file ? 200 : 404).end(file);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const folder = () => path.join(dir, "helm-3");
  const nothingLeft = () => assert.deepEqual(readdirSync(dir), []);

  it("takes a program whose checksum stands alone in a file", async () => {
    const program = Buffer.from("#!/bin/sh\n");
    files = { "/kubectl": program, "/kubectl.sha256": Buffer.from(`${sha256(program)}\n`) };
    const download = { url: `${base}/kubectl`, checksumUrl: `${base}/kubectl.sha256` };
    await downloadRelease(download, folder(), "kubectl");
    const file = path.join(folder(), "kubectl");
    assert.equal(readFileSync(file, "utf8"), "#!/bin/sh\n");
    assert.equal(statSync(file).mode & 0o111, 0o111);
  });

  it("takes the named files out of an archive", async () => {
    const archive = await tarball({ "linux/helm": "helm", "linux/README.md": "read me" });
    files = { "/h.tar.gz": archive, "/sums": Buffer.from(`${sha512(archive)}  h.tar.gz\n`) };
    const download = { url: `${base}/h.tar.gz`, checksumUrl: `${base}/sums`, members: ["helm"] };
    await downloadRelease(download, folder(), "helm");
    assert.deepEqual(readdirSync(folder()), ["helm"]);
  });

  it("refuses another checksum and leaves nothing behind", async () => {
    const wrong = sha256(Buffer.from("other"));
    files = { "/kubectl": Buffer.from("x"), "/kubectl.sha256": Buffer.from(wrong) };
    const download = { url: `${base}/kubectl`, checksumUrl: `${base}/kubectl.sha256` };
    await assert.rejects(
      downloadRelease(download, folder(), "kubectl"),
      /checksum is .* published/,
    );
    nothingLeft();
  });

  it("refuses what has no published checksum", async () => {
    files = { "/kubectl": Buffer.from("x"), "/sums": Buffer.from(`${"0".repeat(64)}  other\n`) };
    const download = { url: `${base}/kubectl`, checksumUrl: `${base}/sums` };
    await assert.rejects(downloadRelease(download, folder(), "kubectl"), /does not know/);
    nothingLeft();
  });

  it("gives up on a server that does not answer", async () => {
    files = { "/sums": "silence" };
    const download = { url: `${base}/kubectl`, checksumUrl: `${base}/sums` };
    const started = Date.now();
    await assert.rejects(
      downloadRelease(download, folder(), "kubectl", { connect: 200 }),
      /no answer in time/,
    );
    assert(Date.now() - started < 2000);
    nothingLeft();
  });

  it("refuses an archive without the program", async () => {
    const archive = await tarball({ "linux/README.md": "read me" });
    files = { "/h.tar.gz": archive, "/sums": Buffer.from(sha256(archive)) };
    const download = { url: `${base}/h.tar.gz`, checksumUrl: `${base}/sums`, members: ["helm"] };
    await assert.rejects(downloadRelease(download, folder(), "helm"), /holds no helm/);
    assert.equal(existsSync(folder()), false);
  });
});

describe("checksumOf", () => {
  const hex = "a".repeat(64);
  const cases: [string, string, string | undefined][] = [
    ["bare", `${hex}\n`, hex],
    ["line of sha256sum", `${"b".repeat(64)}  other\n${hex}  etcd.tar.gz\n`, hex],
    ["binary mode and a folder", `${hex} *./out/etcd.tar.gz`, hex],
    ["upper case", `${hex.toUpperCase()}  etcd.tar.gz`, hex],
    ["other files only", `${hex}  other\n`, undefined],
    ["an error page", "<html>Not found</html>", undefined],
    ["empty", "", undefined],
  ];
  for (const [name, text, expected] of cases) {
    it(`${name}: ${expected ? "found" : "none"}`, () =>
      assert.equal(checksumOf(text, "etcd.tar.gz"), expected));
  }
});

async function tarball(entries: Record<string, string>): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(entries)) archive.entry({ name, mode: 0o755 }, text);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}
