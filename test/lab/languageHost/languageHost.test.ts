import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { LanguageHostModule } from "../../../lab/engine/languageHost";

const HOST = path.resolve(__dirname, "../../../lab/languageHost/bin/pulumi-language-nodejs");
const ENGINE = "127.0.0.1:4321";

// Plain JavaScript, for a CLI that starts it by name.
const { serve } = createRequire(__filename)(
  "../../../lab/languageHost/languageHost.js",
) as LanguageHostModule;

/** Stands for `@pulumi/pulumi/cmd/run`: writes down how it was started, then ends as the test says. */
const RUNNER = `
const { spawn } = require("node:child_process");
const { writeFileSync } = require("node:fs");
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^PULUMI_/.test(name)));
const seen = { argv: process.argv.slice(2), execArgv: process.execArgv, cwd: process.cwd(), env };
if (process.env.TEST_SLEEP) seen.child = spawn("sleep", ["300"]).pid;
writeFileSync("seen.json", JSON.stringify({ ...seen, pid: process.pid }));
if (process.env.TEST_SLEEP) setInterval(() => {}, 1000);
else process.exit(Number(process.env.TEST_EXIT ?? 0));
`;

describe("language host, over the wire (the SDK's runner is a stub; the engine tests run the real one)", () => {
  let folder: string;
  let stop: () => unknown = () => undefined;
  let client: LanguageRuntimeClient;

  /** In this process, as the lab's engine has it. */
  async function start(env: Record<string, string> = {}): Promise<void> {
    const host = serve({ engineAddress: ENGINE, env: { ...process.env, ...env } });
    stop = host.stop;
    connect(await host.port);
  }

  /** By its name, as the CLI does it. */
  async function startProcess(): Promise<void> {
    const host = spawn(HOST, ["--tracing", "x", ENGINE], { stdio: ["ignore", "pipe", "inherit"] });
    stop = () => host.kill("SIGKILL");
    const [port] = (await once(createInterface({ input: host.stdout }), "line")) as [string];
    connect(port);
  }

  function connect(port: number | string): void {
    client = new LanguageRuntimeClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  }

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "language-host-"));
    const sdk = path.join(folder, "node_modules/@pulumi/pulumi/cmd/run");
    mkdirSync(sdk, { recursive: true });
    writeFileSync(path.join(sdk, "index.js"), RUNNER);
  });

  afterEach(async () => {
    client?.close();
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const info = (options: Record<string, never> = {}) =>
    new language.ProgramInfo()
      .setRootDirectory(folder)
      .setProgramDirectory(folder)
      .setEntryPoint(".")
      .setOptions(Struct.fromJavaScript(options));

  function request(options?: Record<string, never>): language.RunRequest {
    const run = new language.RunRequest()
      .setProject("talos-cilium")
      .setStack("dev")
      .setPwd(folder)
      .setProgram(".")
      .setDryrun(true)
      .setParallel(8)
      .setMonitorAddress("127.0.0.1:37021")
      .setOrganization("organization")
      .setConfigsecretkeysList(["talos-cilium:bgpPassword"])
      .setInfo(info(options));
    run.getConfigMap().set("talos-cilium:cluster", '{"clusterName":"dev"}');
    return run;
  }

  const run = (asked: language.RunRequest) =>
    new Promise<language.RunResponse>((resolve, reject) =>
      client.run(asked, (error, response) => (error ? reject(error) : resolve(response))),
    );

  const seen = () =>
    JSON.parse(readFileSync(path.join(folder, "seen.json"), "utf8")) as {
      argv: string[];
      execArgv: string[];
      cwd: string;
      pid: number;
      child: number;
      env: Record<string, string>;
    };

  const untilSeen = async () => {
    for (;;) {
      try {
        return seen();
      } catch {
        await sleep(20);
      }
    }
  };

  it("starts the program with the engine, the monitor and the stack as the SDK's runner reads them", async () => {
    await startProcess();
    assert.deepEqual((await run(request())).toObject(), { error: "", bail: false });
    const { argv, cwd, env } = seen();
    assert.deepEqual(argv, [
      ...["--monitor", "127.0.0.1:37021", "--engine", ENGINE],
      ...["--organization", "organization", "--project", "talos-cilium"],
      ...["--root-directory", folder, "--stack", "dev", "--pwd", folder, "--parallel", "8"],
      ...["--dry-run", "."],
    ]);
    assert.equal(cwd, folder);
    assert.equal(env.PULUMI_CONFIG, '{"talos-cilium:cluster":"{\\"clusterName\\":\\"dev\\"}"}');
    assert.equal(env.PULUMI_CONFIG_SECRET_KEYS, '["talos-cilium:bgpPassword"]');
    assert.equal(env.PULUMI_NODEJS_TYPESCRIPT, "true");
  });

  it("says nothing of a dry run in an update", async () => {
    await start();
    await run(request().setDryrun(false));
    assert(!seen().argv.includes("--dry-run"));
  });

  it("passes nodeargs and typescript on", async () => {
    await start();
    const options = { typescript: false, nodeargs: `--stack-size=900 --title "two words"` };
    await run(request(options as unknown as Record<string, never>));
    assert.deepEqual(seen().execArgv, ["--stack-size=900", "--title", "two words"]);
    assert.equal(seen().env.PULUMI_NODEJS_TYPESCRIPT, "false");
  });

  it("answers bail for 32, since the program has told the user what is wrong", async () => {
    await start({ TEST_EXIT: "32" });
    assert.deepEqual((await run(request())).toObject(), { error: "", bail: true });
  });

  it("answers an error for any other exit code", async () => {
    await start({ TEST_EXIT: "3" });
    const { error, bail } = (await run(request())).toObject();
    assert.equal(error, "Program exited with non-zero exit code: 3");
    assert.equal(bail, false);
  });

  it("names what to do where the SDK is not installed", async () => {
    await start();
    const elsewhere = request().setInfo(info().setProgramDirectory(tmpdir()));
    await assert.rejects(run(elsewhere), /@pulumi\/pulumi is not installed in .*: run "npm ci"/);
  });

  it("ends the program and what it started when it is cancelled", async () => {
    await start({ TEST_SLEEP: "1" });
    const running = run(request());
    const { pid, child } = await untilSeen();
    await new Promise((resolve) => client.cancel(new Empty(), resolve));
    assert.match((await running).getError(), /ended by SIGKILL/);
    await untilGone(pid);
    await untilGone(child);
  });

  it("ends with a parent that could not say goodbye, and takes the program with it", async () => {
    // The shell stands for a CLI that is killed with SIGKILL.
    const shell = spawn("sh", ["-c", `"${HOST}" ${ENGINE} & wait`], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, TEST_SLEEP: "1" },
    });
    const [port] = (await once(createInterface({ input: shell.stdout }), "line")) as [string];
    connect(port);
    run(request()).catch(() => undefined);
    const { pid, child } = await untilSeen();
    shell.kill("SIGKILL");
    await untilGone(pid);
    await untilGone(child);
  });

  it("names no packages, so that nothing is looked for elsewhere", async () => {
    await start();
    const response = await new Promise<language.GetRequiredPackagesResponse>((resolve, reject) =>
      client.getRequiredPackages(
        new language.GetRequiredPackagesRequest().setInfo(info()),
        (error, answer) => (error ? reject(error) : resolve(answer)),
      ),
    );
    assert.deepEqual(response.getPackagesList(), []);
  });

  it("says which Node runs the program", async () => {
    await start();
    const about = await new Promise<language.AboutResponse>((resolve, reject) =>
      client.about(new language.AboutRequest(), (error, answer) =>
        error ? reject(error) : resolve(answer),
      ),
    );
    assert.equal(about.getVersion(), process.version);
    assert.equal(about.getExecutable(), process.execPath);
  });

  it("ends with what npm ended with where it could not install", async () => {
    const bin = path.join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(path.join(bin, "npm"), "#!/bin/sh\necho no >&2\nexit 3\n", { mode: 0o755 });
    await start({ PATH: `${bin}:${process.env["PATH"]}` });
    const call = client.installDependencies(
      new language.InstallDependenciesRequest().setInfo(info()),
    );
    const seen = async () => {
      for await (const each of call) void each;
    };
    await assert.rejects(seen(), /npm install exited with 3/);
  });

  it("lists the packages of package.json with the versions of the lockfile", async () => {
    const lock = {
      packages: {
        "": {},
        "node_modules/a": { version: "1.2.3" },
        "node_modules/@s/b": { version: "2.0.0" },
        "node_modules/a/node_modules/c": { version: "3.0.0" },
      },
    };
    writeFileSync(path.join(folder, "package-lock.json"), JSON.stringify(lock));
    writeFileSync(path.join(folder, "package.json"), '{"dependencies":{"a":"*","@s/b":"*"}}');
    await start();
    const ask = (transitive: boolean) =>
      new Promise<string[]>((resolve, reject) =>
        client.getProgramDependencies(
          new language.GetProgramDependenciesRequest()
            .setInfo(info())
            .setTransitivedependencies(transitive),
          (error, answer) =>
            error
              ? reject(error)
              : resolve(
                  answer.getDependenciesList().map((one) => `${one.getName()}@${one.getVersion()}`),
                ),
        ),
      );
    assert.deepEqual(await ask(false), ["a@1.2.3", "@s/b@2.0.0"]);
    assert.deepEqual(await ask(true), ["a@1.2.3", "@s/b@2.0.0", "c@3.0.0"]);
  });
});

async function untilGone(pid: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(20);
  }
  assert.fail(`process ${pid} still runs`);
}
