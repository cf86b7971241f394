import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { status, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import {
  RequirePulumiVersionResponse,
  SetRootResourceResponse,
} from "@pulumi/pulumi/proto/engine_pb";
import {
  RegisterResourceResponse,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { tooOld } from "../../components/component";
import { OLDEST_CLI } from "../../components/oldestCli";
import { FakeEngine } from "../support/fakeEngine";

const INSTALL = "install it from https://www.pulumi.com/docs/install and run again";
const ROOT = path.resolve(__dirname, "../..");
const COMMANDS = path.join(ROOT, "commands");
const MACHINE_SECRETS = path.join(ROOT, "components/machineSecrets");

type Unary<Response> = (call: unknown, done: sendUnaryData<Response>) => void;

/** Registers what it is told to, as every engine does. */
const monitor = {
  supportsFeature: ((_, done) =>
    done(
      null,
      new SupportsFeatureResponse().setHassupport(true),
    )) as Unary<SupportsFeatureResponse>,
  registerResource: (
    { request }: ServerUnaryCall<RegisterResourceRequest, RegisterResourceResponse>,
    done: sendUnaryData<RegisterResourceResponse>,
  ) => {
    const urn = `urn:pulumi:test::old-cli::${request.getType()}::${request.getName()}`;
    done(null, new RegisterResourceResponse().setUrn(urn).setObject(request.getObject()));
  },
  registerResourceOutputs: ((_, done) => done(null, new Empty())) as Unary<Empty>,
};

describe("Component under engines (a stand-in that answers as Pulumi's would; no CLI runs)", function () {
  this.timeout(120_000);
  let engine: FakeEngine;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "old-cli-"));
    const program = `
      require(${JSON.stringify(path.join(COMMANDS, "typeScript"))}).loadTypeScript(${JSON.stringify(ROOT)});
      const existing = { machineSecrets: { cluster: { id: "c" } }, clientConfiguration: {} };
      const { MachineSecrets } = require(${JSON.stringify(MACHINE_SECRETS)});
      new MachineSecrets("m", { configContract: "v1.13", existing });`;
    writeFileSync(path.join(folder, "index.js"), program);
    writeFileSync(path.join(folder, "package.json"), "{}");
  });
  afterEach(() => {
    engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a program with one component. @returns its exit code and the errors that a user would see */
  async function run(answer?: (range: string) => string | undefined) {
    engine = await FakeEngine.start({
      monitor,
      engine: {
        setRootResource: (_: unknown, done: sendUnaryData<SetRootResourceResponse>) =>
          done(null, new SetRootResourceResponse()),
        ...(answer && {
          requirePulumiVersion: (
            { request }: { request: { getPulumiVersionRange(): string } },
            done: sendUnaryData<RequirePulumiVersionResponse>,
          ) => {
            const refusal = answer(request.getPulumiVersionRange());
            if (refusal) done({ code: status.UNKNOWN, details: refusal });
            else done(null, new RequirePulumiVersionResponse());
          },
        }),
      },
    });
    const program = spawn(
      process.execPath,
      [
        ...["--require", path.join(COMMANDS, "compileCache")],
        ...["--require", path.join(COMMANDS, "lazyPackages")],
        require.resolve("@pulumi/pulumi/cmd/run"),
      ].concat(
        ["--monitor", engine.address, "--engine", engine.address, "--project", "old-cli"],
        ["--stack", "test", "--pwd", folder, "--dry-run", "."],
      ),
      {
        stdio: "ignore",
        env: { TALOS_CILIUM_COMPILED: path.join(ROOT, ".lab/.compiled"), ...process.env },
      },
    );
    const [code] = (await once(program, "exit")) as [number];
    const errors = engine.messages.filter(({ severity }) => severity === "ERROR");
    return { code, errors: errors.map(({ message }) => message) };
  }

  it("ends with one sentence under a CLI that is too old", async () => {
    const { code, errors } = await run(
      (range) => `Pulumi CLI version 3.216.0 does not satisfy the version range "${range}"`,
    );
    assert.equal(code, 32);
    assert.deepEqual(errors, [
      `pulumi-talos-cilium needs Pulumi CLI ${OLDEST_CLI} or newer, and this is 3.216.0: ${INSTALL}`,
    ]);
  });

  it("ends so too under one that is so old that it cannot be asked", async () => {
    const { code, errors } = await run();
    assert.equal(code, 32);
    assert.deepEqual(errors, [tooOld("")]);
  });

  it("goes on under one that is new enough", async () => {
    const asked: string[] = [];
    const { code, errors } = await run((range) => void asked.push(range));
    assert.deepEqual([code, errors, asked], [0, [], [`>=${OLDEST_CLI}`]]);
  });
});
