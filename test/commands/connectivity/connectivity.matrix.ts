import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import type { V1NamespaceList } from "@kubernetes/client-node";

import { INTERRUPTED } from "../../../lab/cli/interrupts";
import { labBinaries, requireBinaries, TestLab } from "../../support/testLab";
import { ROOT } from "../support/environment";
import { standInCilium } from "./standInCilium";

const NAMESPACES = ["cilium-test-1", "cilium-test-ccnp1", "cilium-test-ccnp2"];

describe("npm run connectivity on a real API server (a program of the test stands in for the CLI)", function () {
  this.timeout(900_000);
  this.slow(60_000);
  let lab: TestLab;
  const at = (...names: string[]) => path.join(lab.dir, ...names);

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start();
    await lab.up();
    writeFileSync(at("admin"), await lab.kubeconfig(), { mode: 0o600 });
  });
  after(() => lab?.stop());

  /** Starts the command; while it "tests", the stand-in writes down the namespaces, as it sees them. */
  function start(deed = "true"): { child: ChildProcess; ended: Promise<string> } {
    const kubectl = labBinaries()!["kubectl"]!;
    const look = `"${kubectl}" get namespaces -o json > "${at("seen.part")}" && mv "${at("seen.part")}" "${at("seen")}"`;
    const env = standInCilium(at("bin"), "cilium-cli: v0.18.9", `${look}; ${deed}`);
    const child = spawn(
      process.execPath,
      [
        ...[path.join(ROOT, "commands/start.mjs"), "connectivity"],
        ...[at(`Pulumi.${lab.stackName}.yaml`), "--kubeconfig", at("admin")],
      ],
      { env: { ...env, INIT_CWD: ROOT }, stdio: ["ignore", "pipe", "pipe"] },
    );
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
    }
    return { child, ended: once(child, "close").then(() => printed) };
  }

  async function left(): Promise<string[]> {
    const names = await lab.kubectl(["get", "namespaces", "-o=jsonpath={.items[*].metadata.name}"]);
    return names.split(" ").filter((name) => NAMESPACES.includes(name));
  }

  it("makes namespaces that may hold any pod, and takes them away", async () => {
    const { child, ended } = start("exit 4");
    const printed = await ended;
    assert.equal(child.exitCode, 4, printed);
    const { items } = JSON.parse(readFileSync(at("seen"), "utf8")) as V1NamespaceList;
    for (const name of NAMESPACES) {
      const { labels } = items.find(({ metadata }) => metadata!.name === name)!.metadata!;
      for (const mode of ["enforce", "audit", "warn"]) {
        assert.equal(labels![`pod-security.kubernetes.io/${mode}`], "privileged");
      }
    }
    assert.deepEqual(await left(), []);
  });

  it("takes them away after Ctrl-C", async () => {
    writeFileSync(at("seen"), "");
    const { child, ended } = start("while :; do sleep 0.1; done");
    while (child.exitCode === null && !readFileSync(at("seen"), "utf8")) await pause(100);
    assert.deepEqual(await left(), NAMESPACES);
    child.kill("SIGINT");
    const printed = await ended;
    assert.equal(child.exitCode, INTERRUPTED, printed);
    assert.deepEqual(await left(), []);
  });

  it("leaves the namespace of somebody else's test alone", async () => {
    await lab.kubectl(["create", "namespace", "cilium-test-1"]);
    const { child, ended } = start(`touch "${at("tested")}"`);
    assert.match(await ended, /error: namespace cilium-test-1 is there, and this command did not/);
    assert.equal(child.exitCode, 1);
    assert.deepEqual(await left(), ["cilium-test-1"]);
    assert.ok(!existsSync(at("tested")));
  });
});
