import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { parse } from "yaml";

import { testArguments } from "../../commands/connectivity/ciliumCli";
import { cliArguments, cliValues } from "../../components/cilium/cli/cliArguments";
import { underPlainNames } from "../../components/cilium/cli/plainNames";
import { type ClusterSpec, parseCiliumSpec } from "../../components/spec";
import { type CiliumCLI, ciliumCLI } from "../support/ciliumCLI";

const CHART = path.resolve(__dirname, "../../lab/charts/cilium");

describe("Cilium's CLI as the lab has it (the real one where PATH has it, else what stands in for it)", function () {
  this.timeout(60_000);
  let cli: CiliumCLI;
  let folder: string;

  before(() => {
    cli = ciliumCLI();
    console.log(`      ${cli.says}`);
    folder = mkdtempSync(path.join(tmpdir(), "cilium-cli-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** With a cluster that is not there: nothing of this may need one. */
  function run(...args: string[]) {
    const kubeconfig = path.join(folder, "kubeconfig");
    const name = "rancher-desktop";
    const text = {
      ...{ apiVersion: "v1", kind: "Config", "current-context": name },
      clusters: [{ name, cluster: { server: "https://127.0.0.1:1" } }],
      users: [{ name, user: {} }],
      contexts: [{ name, context: { cluster: name, user: name } }],
    };
    writeFileSync(kubeconfig, underPlainNames(JSON.stringify(text)));
    const env = { ...process.env, KUBECONFIG: kubeconfig, XDG_CACHE_HOME: folder };
    const { status, stdout, stderr } = spawnSync("cilium", args, { encoding: "utf8", env });
    return { status, stdout, printed: `${stdout}\n${stderr}` };
  }

  function valuesOf(values: object): unknown {
    const file = path.join(folder, "values.yaml");
    writeFileSync(file, JSON.stringify(values));
    const cilium = parseCiliumSpec({ version: "1.20.0", chart: CHART }).spec!;
    const args = cliArguments("install", cilium, file);
    const { status, stdout, printed } = run(...args, "--dry-run-helm-values");
    assert.equal(status, 0, printed);
    return parse(stdout);
  }

  it("takes the arguments that it gets, and adds no value where none is left to guess", () => {
    const values = { kubeProxyReplacement: true, operator: { replicas: 2 } };
    const given = cliValues(values);
    assert.deepEqual(valuesOf(given), given);
  });

  it("guesses what is left out", () => {
    const { routingMode, tunnelProtocol, operator, cluster } = valuesOf({}) as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      { routingMode, tunnelProtocol },
      { routingMode: "tunnel", tunnelProtocol: "vxlan" },
    );
    assert.deepEqual(
      { operator, cluster },
      { operator: { replicas: 1 }, cluster: { name: "cluster" } },
    );
  });

  it("takes what npm run connectivity gives it (of the real one alone: what stands in tests nothing)", function () {
    if (cli.isStandIn) this.skip();
    const spec = { nodes: [], allowSchedulingOnControlPlanes: true } as unknown as ClusterSpec;
    const args = testArguments(spec, ["--print-image-artifacts"]);
    assert.ok(args.includes("--single-node"), args.join(" "));
    const { status, printed } = run(...args);
    assert.equal(status, 0, printed);
    assert.match(printed, /quay\.io\/cilium\/alpine-curl/);
  });

  for (const [what, args, said] of [
    ["another command", ["instal"], /unknown command "instal" for "cilium"/],
    ["a flag that it has not", ["install", "--repo", "x"], /unknown flag: --repo/],
    ["a flag of upgrade", ["install", "--reset-values"], /unknown flag: --reset-values/],
    ["no folder of a chart", ["install", "--chart-directory", "/nowhere"], /load Helm chart dir/],
  ] as const) {
    it(`refuses ${what}, with exit code 1`, () => {
      const { status, printed } = run(...args);
      assert.equal(status, 1, printed);
      assert.match(printed, said);
    });
  }

  it("refuses an archive where a folder is asked for", () => {
    const archive = path.join(folder, "cilium.tgz");
    writeFileSync(archive, "");
    const { status, printed } = run("upgrade", "--chart-directory", archive);
    assert.equal(status, 1, printed);
    assert.match(printed, /failed to load Helm chart directory/);
  });
});
