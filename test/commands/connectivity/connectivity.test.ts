import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { V1Namespace } from "@kubernetes/client-node";

import { checkCiliumCli, testArguments } from "../../../commands/connectivity/ciliumCli";
import { runTest } from "../../../commands/connectivity/runTest";
import {
  type NamespaceApi,
  TEST_NAMESPACES,
  missingNamespaces,
  removeNamespaces,
} from "../../../commands/connectivity/testNamespaces";
import { cliVersionText } from "../../../components/cilium/cli/cliVersion";
import { parseClusterSpec } from "../../../components/spec";
import { minimalCluster } from "../../components/spec/minimalCluster";
import { standInCilium } from "./standInCilium";

/** Namespaces in memory; in a cluster they take a while to go. */
class Namespaces implements NamespaceApi {
  readonly made = new Map<string, V1Namespace>();
  readonly seen: V1Namespace[] = [];

  constructor(...there: V1Namespace[]) {
    for (const namespace of there) this.made.set(namespace.metadata!.name!, namespace);
  }

  read = (name: string) => Promise.resolve(this.made.get(name));

  create = (namespace: V1Namespace) => {
    this.seen.push(namespace);
    this.made.set(namespace.metadata!.name!, namespace);
    return Promise.resolve();
  };

  remove = (name: string) => {
    this.made.delete(name);
    return Promise.resolve();
  };
}

describe("npm run connectivity (a program of the test stands in for the CLI; nothing is tested)", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "connectivity-test-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe("the CLI", () => {
    const said = (line: string) => `${line} compiled with go1.24.0 on linux/amd64\n`;
    for (const [what, text, message] of [
      ["is new", said("cilium-cli: v0.18.9"), undefined],
      ["is the oldest", said("cilium-cli: v0.16.14"), undefined],
      [
        "is too old",
        said("cilium-cli: v0.16.13"),
        /cilium-cli 0\.16\.13 is too old.*0\.16\.14 or newer/,
      ],
      ["is not there", undefined, /the cilium CLI is not on PATH: install it from https:/],
      ["is the agent's", "Client: 1.14.0\n", /says no version of cilium-cli/],
    ] as const) {
      it(`${what}: ${message ? "refused" : "taken"}`, () => {
        if (message) assert.throws(() => checkCiliumCli(text), message);
        else checkCiliumCli(text);
      });
    }

    it("is asked for its version on PATH", () => {
      const env = standInCilium(folder, "cilium-cli: v0.18.9");
      assert.equal(cliVersionText(env), "cilium-cli: v0.18.9\n");
      assert.equal(cliVersionText({ PATH: path.join(folder, "empty") }), undefined);
    });

    it("is told of one node where pods have no other, and the user's arguments come last", () => {
      const node = (hostname: string, machineType: string, last: number) => ({
        ...{ hostname, machineType, ipAddress: `10.5.0.${last}`, installDisk: "/dev/sda" },
      });
      const specOf = (changes: object) =>
        parseClusterSpec({ ...minimalCluster(), ...changes }).spec!;
      const nodes = [node("cp-1", "controlplane", 11), node("worker-1", "worker", 21)];
      const one = testArguments(specOf({ nodes, allowSchedulingOnControlPlanes: false }), ["--x"]);
      assert.deepEqual(one.slice(-2), ["--single-node", "--x"]);
      const two = testArguments(specOf({ nodes, allowSchedulingOnControlPlanes: true }), []);
      assert.deepEqual(two, [
        ...["connectivity", "test", "--test-namespace", "cilium-test", "--namespace-labels"],
        ["enforce", "audit", "warn"]
          .map((mode) => `pod-security.kubernetes.io/${mode}=privileged`)
          .join(","),
      ]);
    });
  });

  describe("the namespaces", () => {
    it("are made where they are missing, also of those that a killed run left", async () => {
      const [first] = await missingNamespaces(new Namespaces());
      const missing = await missingNamespaces(new Namespaces(first!));
      assert.deepEqual(
        missing.map(({ metadata }) => metadata!.name),
        TEST_NAMESPACES.slice(1),
      );
    });

    it("of somebody else's test are left alone", async () => {
      const theirs = new Namespaces({ metadata: { name: "cilium-test-1" } });
      await assert.rejects(
        missingNamespaces(theirs),
        /namespace cilium-test-1 is there.*kubectl delete namespace cilium-test-1/,
      );
    });

    it("that still go away are waited for by the user", async () => {
      const metadata = { name: "cilium-test-1", deletionTimestamp: new Date() };
      await assert.rejects(missingNamespaces(new Namespaces({ metadata })), /still going away/);
    });

    it("that do not go are named", async () => {
      const stuck = new Namespaces({ metadata: { name: "cilium-test-ccnp2" } });
      stuck.remove = () => Promise.resolve();
      const left = await removeNamespaces(stuck, { goneWithin: 20, every: 5 });
      assert.deepEqual(left, ["cilium-test-ccnp2"]);
    });
  });

  describe("a run", () => {
    const run = (
      namespaces: NamespaceApi,
      deed: string,
      { timeLimit = 60_000, interrupt = new AbortController().signal } = {},
    ) =>
      runTest({
        ...{ namespaces, kubeconfig: "apiVersion: v1\n", args: ["connectivity", "test"] },
        ...{ timeLimit, interrupt, onLine: () => undefined },
        env: standInCilium(folder, "cilium-cli: v0.18.9", deed),
      });

    it("gives the CLI the cluster, its exit code on, and takes the namespaces away", async () => {
      const namespaces = new Namespaces();
      const end = await run(namespaces, "exit 3");
      assert.deepEqual(end, { exitCode: 3, ended: "byItself", left: [] });
      assert.equal(readFileSync(path.join(folder, "called-with"), "utf8"), "connectivity test\n");
      assert.equal(readFileSync(path.join(folder, "kubeconfig"), "utf8"), "apiVersion: v1\n");
      assert.equal(namespaces.made.size, 0);
      for (const { metadata } of namespaces.seen) {
        assert.equal(metadata!.labels!["pod-security.kubernetes.io/enforce"], "privileged");
      }
      assert.equal(namespaces.seen.length, 3);
    });

    it("that is interrupted tells the CLI so, waits for it, and takes the namespaces away", async () => {
      const namespaces = new Namespaces();
      const controller = new AbortController();
      const { signal: interrupt } = controller;
      const goes = run(
        namespaces,
        `trap 'echo > "${folder}/told"; exit 1' INT; while :; do sleep 0.05; done`,
        { interrupt },
      );
      while (!existsSync(path.join(folder, "kubeconfig"))) await new Promise(setImmediate);
      setTimeout(() => controller.abort(), 50);
      assert.equal((await goes).ended, "byInterrupt");
      assert.ok(existsSync(path.join(folder, "told")));
      assert.equal(namespaces.made.size, 0);
    });

    it("that takes too long is ended, and takes the namespaces away", async () => {
      const namespaces = new Namespaces();
      const end = await run(namespaces, "sleep 30", { timeLimit: 200 });
      assert.equal(end.ended, "byTimeLimit");
      assert.equal(namespaces.made.size, 0);
    });

    it("that cannot make its namespaces takes away those that it made", async () => {
      const namespaces = new Namespaces();
      const { create } = namespaces;
      namespaces.create = (namespace) =>
        namespaces.made.size > 0 ? Promise.reject(new Error("forbidden")) : create(namespace);
      await assert.rejects(run(namespaces, "true"), /forbidden/);
      assert.equal(namespaces.made.size, 0);
      assert.equal(existsSync(path.join(folder, "called-with")), false);
    });
  });
});
