import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, type Server, createServer as createTcp } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { clockFinding } from "../../../commands/doctor/clock";
import type { Finding } from "../../../commands/doctor/finding";
import { lookAtEndpoint } from "../../../commands/doctor/lookAtEndpoint";
import { lookAtMachine } from "../../../commands/doctor/lookAtMachine";
import { lookAtSource } from "../../../commands/doctor/lookAtSource";
import { talosCredentials } from "../../../commands/doctor/talosconfig";
import { stringify } from "yaml";
import { type Answers, clusterOf, parseMachine } from "../../../commands/new/answers";
import { parseClusterSpec } from "../../../components/spec";
import { certificateAuthority, serverCertificate } from "../../../lab/nodes/certificates";
import { TestMachines } from "../../support/machines";
import { ANSWERS, ROOT, runCommand } from "../support/environment";

describe("lookAtMachine (simulated machines: their TLS and calls are Talos', their clocks ours)", () => {
  let test: TestMachines;
  const node = () => {
    const controlPlanes = [parseMachine(`cp-1=${test.address(0)}`)];
    const answers: Answers = { ...ANSWERS, controlPlanes, workers: [] };
    return parseClusterSpec(clusterOf(answers)).spec!.nodes[0]!;
  };
  const look = (withCredentials = false) =>
    lookAtMachine(node(), withCredentials ? test.cluster.admin : undefined);
  beforeEach(async () => (test = await TestMachines.start(1)));
  afterEach(() => test.stop());

  it("sees one in maintenance: version, disks, clock", async () => {
    const { state, ...clock } = await look();
    assert.ok(state.kind === "maintenance");
    assert.equal(state.version, "v1.13.0");
    assert.deepEqual(
      state.disks.map(({ devPath }) => devPath),
      ["/dev/nvme0n1", "/dev/sda"],
    );
    assert.equal(clockFinding("cp-1", clock).level, "ok");
    assert.ok(clock.times && clock.certificate);
  });

  it("sees a clock that is an hour ahead", async () => {
    await test.node(0).setFaults({ clockOffsetSeconds: 3600 });
    const finding = clockFinding("cp-1", await look());
    assert.equal(finding.level, "fail");
    assert.match(finding.message, /^3(599|600|601) s ahead of/);
  });

  it("sees a configured one, and into it with its talosconfig only", async () => {
    await test.configure(0, test.cluster.controlPlane("cp-1"));
    assert.equal((await look()).state.kind, "locked");
    const { state } = await look(true);
    assert.ok(state.kind === "configured");
    assert.equal(state.disks.length, 2);
  });

  it("says of one of another cluster that the talosconfig is not its own", async () => {
    await test.configure(0, test.cluster.controlPlane("cp-1"));
    await test.node(0).setFaults({ foreignPKI: true });
    const { state } = await look(true);
    assert.ok(state.kind === "unreachable");
    assert.match(state.fault.what, /other machine secrets/);
  });

  it("says what is wrong with one that is off, and with one that is silent", async () => {
    await test.node(0).setFaults({ portClosed: true });
    const off = (await look()).state;
    assert.ok(off.kind === "unreachable");
    assert.match(off.fault.what, /connection refused/);
    await test.node(0).setFaults({ portClosed: false, blackHole: true });
    const silent = (await look()).state;
    assert.ok(silent.kind === "unreachable");
    assert.match(silent.fault.what, /does not answer/);
  });
});

/** A server on a free port of loopback. */
async function listening<T extends Server>(server: T): Promise<{ server: T; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

describe("lookAtEndpoint and lookAtSource (servers on loopback)", () => {
  const servers: Server[] = [];
  const start = async <T extends Server>(server: T) => {
    servers.push(server);
    return (await listening(server)).port;
  };
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  async function https(status: number, body: object): Promise<number> {
    const { cert, key } = await serverCertificate(await certificateAuthority(), {
      commonName: "kube-apiserver",
      names: ["127.0.0.1"],
    });
    return start(
      createHttps({ cert, key }, (_request, response) =>
        response.writeHead(status).end(JSON.stringify(body)),
      ),
    );
  }

  it("knows a Kubernetes API by its refusal of strangers", async () => {
    const port = await https(401, { kind: "Status", apiVersion: "v1", code: 401 });
    assert.deepEqual(await lookAtEndpoint(`https://127.0.0.1:${port}`), {
      addresses: ["127.0.0.1"],
      answer: { kind: "http", status: 401, isKubernetes: true },
    });
  });

  it("reads the version of one that tells it", async () => {
    const { answer } = await lookAtEndpoint(
      `https://127.0.0.1:${await https(200, { gitVersion: "v1.36.3" })}`,
    );
    assert.ok(answer?.kind === "http" && answer.version === "v1.36.3");
  });

  it("tells a port without TLS from a closed one", async () => {
    const plain = await start(createTcp((socket) => socket.end("HTTP/1.1 400 Bad\r\n\r\n")));
    const { answer } = await lookAtEndpoint(`https://127.0.0.1:${plain}`);
    assert.ok(answer?.kind === "error");
    assert.match(`${answer.error.code} ${answer.error.message}`, /EPROTO|wrong version|ERR_SSL/);
    servers.splice(0).forEach((server) => server.close());
    const closed = (await lookAtEndpoint(`https://127.0.0.1:${plain}`)).answer;
    assert.ok(closed?.kind === "error");
    assert.match(closed.error.message, /ECONNREFUSED/);
  });

  it("asks the fallback only when no mirror answers", async () => {
    const asked: string[] = [];
    const serve = (status: number) =>
      createHttp((request, response) => {
        asked.push(`${request.method} ${request.url}`);
        response.writeHead(status).end();
      });
    const [good, broken] = [await start(serve(401)), await start(serve(500))];
    const source = (port: number) => ({
      subject: "s",
      isFetchedHere: false,
      urls: [`http://127.0.0.1:${port}/v2/`],
      fallback: `http://127.0.0.1:${good}/fallback`,
    });
    assert.deepEqual(await lookAtSource(source(good)), [
      { url: `http://127.0.0.1:${good}/v2/`, status: 401 },
    ]);
    assert.equal((await lookAtSource(source(broken))).length, 2);
    assert.deepEqual(asked, ["HEAD /v2/", "HEAD /v2/", "HEAD /fallback"]);
  });

  it("does not go round a proxy, save to loopback", async () => {
    const env = { HTTPS_PROXY: "http://127.0.0.1:1", NO_PROXY: "example.com" };
    const [url, loopback] = ["https://registry.invalid/v2/", "https://127.0.0.1:1/v2/"];
    const source = { subject: "s", isFetchedHere: true, urls: [url, loopback] };
    const [first, second] = await lookAtSource(source, env);
    assert.deepEqual(first, { url, proxied: true });
    assert.ok(second && "error" in second);
  });
});

describe("talosCredentials", () => {
  let dir: string;
  const write = (text: string) => writeFileSync(path.join(dir, "talosconfig"), text);
  beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), "talosconfig-"))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("takes the current context of the file in the folder, and none where there is none", () => {
    assert.equal(talosCredentials(undefined, {}, dir), undefined);
    const contexts = { other: { ca: "x" }, home: { ca: "a", crt: "b", key: "c" } };
    write(stringify({ context: "home", contexts }));
    assert.deepEqual(talosCredentials(undefined, {}, dir), { ca: "a", cert: "b", key: "c" });
  });

  it("shows nothing of a file that it cannot use", () => {
    write("context: [hunter2");
    assert.throws(() => talosCredentials(undefined, {}, dir), /is no YAML$/);
    write(stringify({ context: "home", contexts: { home: { key: "hunter2" } } }));
    assert.throws(
      () => talosCredentials(undefined, {}, dir),
      /no credentials in its context "home"$/,
    );
    assert.throws(() => talosCredentials("nowhere", {}, dir), /is not there$/);
  });
});

describe("doctor, as npm runs it, where nothing answers", function () {
  this.timeout(60_000);
  let test: TestMachines;
  let dir: string;
  beforeEach(async () => {
    test = await TestMachines.start(3);
    dir = mkdtempSync(path.join(tmpdir(), "doctor-"));
  });
  afterEach(async () => {
    await test.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it("ends with a finding for each, and exits with 1", async () => {
    // Silent servers: every look lasts as long as it is given.
    const silent = await listening(createTcp());
    for (const index of [0, 1, 2]) await test.node(index).setFaults({ blackHole: true });
    const url = `http://127.0.0.1:${silent.port}`;
    const answers: Answers = {
      ...ANSWERS,
      controlPlanes: [0, 1, 2].map((index) =>
        parseMachine(`cp-${index + 1}=${test.address(index)}`),
      ),
      workers: [],
      endpoint: `https://127.0.0.1:${silent.port}`,
    };
    const cluster = {
      ...clusterOf(answers),
      registryMirrors: { "*": { endpoints: [url], skipFallback: true } },
      cilium: { version: "1.20.0", repositoryOpts: { repo: url } },
    };
    writeFileSync(
      path.join(dir, "Pulumi.dead.yaml"),
      stringify({ config: { "talos-cilium:cluster": cluster } }),
    );
    const ran = runDoctor(["Pulumi.dead.yaml", "--json"], dir);
    silent.server.close();
    const { ok, findings } = JSON.parse(ran.stdout) as { ok: boolean; findings: Finding[] };
    assert.equal(ok, false);
    assert.equal(ran.status, 1);
    assert.ok(ran.milliseconds < 15_000, `${ran.milliseconds} ms`);
    const failed = (group: string) =>
      findings.filter((finding) => finding.group === group && finding.level !== "ok").length;
    assert.equal(failed("machines"), 3);
    assert.equal(failed("registries"), 4);
    for (const { level, fix, subject } of findings) {
      if (level !== "ok") assert.ok(fix, `${subject} says nothing to do`);
    }
  });
});

describe("doctor, as npm runs it, without a stack", function () {
  this.timeout(60_000);

  it("looks at tools alone without a stack, and refuses one that is not there", () => {
    assert.match(runDoctor([], ROOT).stdout, /^tools\n {2}ok {4}Node\.js/);
    const { status, stderr } = runDoctor(["nowhere"], ROOT);
    assert.equal(status, 1);
    assert.match(stderr, /there is no stack "nowhere"/);
  });
});

// Not synchronous machines: they live in this process and have only to be silent.
function runDoctor(args: string[], cwd: string) {
  return runCommand("doctor", args, { cwd, env: { TALOSCONFIG: "" } });
}
