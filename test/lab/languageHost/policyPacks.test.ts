import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";

const HOST = path.resolve(__dirname, "../../../lab/languageHost/bin/pulumi-language-nodejs");

/** Stands for `@pulumi/pulumi/cmd/run-policy-pack`: says how it was started, then does as it is told. */
const RUNNER = `
const { MODE, OF } = process.env;
console.log(JSON.stringify({ argv: process.argv.slice(2), cwd: process.cwd(), pid: process.pid, OF }));
console.error("a word of the pack");
if (MODE === "serve") setInterval(() => {}, 1000);
else process.exitCode = 3;
`;

interface Started {
  argv: string[];
  cwd: string;
  pid: number;
  OF: string;
}

describe("policy packs in the language host, over the wire (the SDK's runner is a stub; test/policy runs the real one)", () => {
  let folder: string;
  let host: ChildProcess;
  let client: LanguageRuntimeClient;

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "policy-pack-")));
    const sdk = path.join(folder, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    mkdirSync(sdk, { recursive: true });
    writeFileSync(path.join(sdk, "index.js"), RUNNER);
    host = spawn(HOST, ["127.0.0.1:4321"], { stdio: ["ignore", "pipe", "inherit"] });
    const [port] = (await once(createInterface({ input: host.stdout! }), "line")) as [string];
    client = new LanguageRuntimeClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  });

  afterEach(() => {
    client.close();
    host.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (mode: string, kind = "analyzer", directory = folder) =>
    client.runPlugin(
      new language.RunPluginRequest()
        .setKind(kind)
        .setPwd(tmpdir())
        .setArgsList(["127.0.0.1:4321"])
        .setEnvList([`MODE=${mode}`, "OF=a=b", `PATH=${process.env["PATH"]}`])
        .setInfo(
          new language.ProgramInfo()
            .setRootDirectory(directory)
            .setProgramDirectory(directory)
            .setEntryPoint("."),
        ),
    );

  /** All that comes, to the end of the call. */
  async function collect(call: grpc.ClientReadableStream<language.RunPluginResponse>) {
    const got = { stdout: "", stderr: "", exitCode: undefined as number | undefined };
    for await (const response of call as AsyncIterable<language.RunPluginResponse>) {
      if (response.hasStdout()) got.stdout += Buffer.from(response.getStdout_asU8()).toString();
      if (response.hasStderr()) got.stderr += Buffer.from(response.getStderr_asU8()).toString();
      if (response.hasExitcode()) got.exitCode = response.getExitcode();
    }
    return got;
  }

  it("starts the pack in its folder with the engine's address, and streams its words and its end", async () => {
    const { stdout, stderr, exitCode } = await collect(run("end"));
    const { argv, cwd, OF } = JSON.parse(stdout) as Started;
    assert.deepEqual(argv, ["127.0.0.1:4321", folder]);
    assert.equal(cwd, folder);
    assert.equal(OF, "a=b");
    assert.equal(stderr, "a word of the pack\n");
    assert.equal(exitCode, 3);
  });

  const servingPid = async (call: grpc.ClientReadableStream<language.RunPluginResponse>) => {
    call.on("error", () => undefined);
    const isStarted = (response: language.RunPluginResponse) => response.hasStdout();
    for (;;) {
      const [response] = (await once(call, "data")) as [language.RunPluginResponse];
      if (!isStarted(response)) continue;
      return (JSON.parse(Buffer.from(response.getStdout_asU8()).toString()) as Started).pid;
    }
  };

  it("ends a pack when the engine hangs up", async () => {
    const call = run("serve");
    const pid = await servingPid(call);
    call.cancel();
    await untilGone(pid);
  });

  it("ends a pack with itself", async () => {
    const pid = await servingPid(run("serve"));
    host.kill("SIGTERM");
    await untilGone(pid);
  });

  it("names what to do where the SDK is not installed", async () => {
    await assert.rejects(
      collect(run("end", "analyzer", tmpdir())),
      /@pulumi\/pulumi is not installed in .*: run "npm ci"/,
    );
  });

  it("refuses other plugins by their kind", async () => {
    await assert.rejects(collect(run("end", "resource")), /asked for a plugin of kind "resource"/);
  });
});

async function untilGone(pid: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    try {
      process.kill(pid, 0);
      // A zombie has ended too.
      if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))) return;
    } catch {
      return;
    }
    await sleep(20);
  }
  assert.fail(`process ${pid} still runs`);
}
