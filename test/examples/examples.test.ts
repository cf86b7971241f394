import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { BootstrapTimeline } from "../../components";
import { textOf } from "../support/assertFailed";
import { ExampleStack } from "../support/exampleStack";
import { EXAMPLES, InstalledExamples } from "../support/installedExamples";
import { requireBinaries, TestLab } from "../support/testLab";

describe("the packed library and the examples that import it (linked, not fetched by npm)", function () {
  this.timeout(420_000);
  this.slow(2000);
  let examples: InstalledExamples;
  let lab: TestLab;

  before(async () => {
    examples = await InstalledExamples.install();
  });
  after(() => examples?.remove());

  describe("the archive", () => {
    it("holds the library, its declarations, schemas and the Talos API, and nothing else", () => {
      const rooms = new Set(
        examples.library.files
          .filter((file) => !/^dist\/.*\.proto$/.test(file))
          .map((file) => file.split("/").slice(0, 2).join("/")),
      );
      assert.deepEqual([...rooms].sort(), [
        ...["CHANGELOG.md", "LICENSE", "README.md"],
        ...["dist/components", "dist/library.js"],
        ...["package.json", "schemas/cluster.schema.json", "schemas/stack.schema.json"],
      ]);
      assert.deepEqual(
        examples.library.files.filter(
          (file) => !/\.(js|d\.ts|json|proto|md)$|^LICENSE$/.test(file),
        ),
        [],
      );
      assert.ok(examples.library.files.includes("dist/machine.proto"));
    });

    it("can be imported by an ES module, and its specification without Pulumi's SDK", () => {
      const program = `
        import { createRequire } from "node:module";
        import { parseClusterSpec } from "pulumi-talos-cilium/spec";
        const loaded = () => Object.keys(createRequire(import.meta.url).cache);
        const sdk = loaded().some((file) => file.includes("@pulumi"));
        const library = await import("pulumi-talos-cilium");
        console.log(sdk, typeof library.TalosCluster, parseClusterSpec === library.parseClusterSpec);`;
      const said = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
        cwd: examples.at("."),
      });
      assert.equal(said.toString(), "false function true\n");
    });

    it("is smaller than 300 KB", () =>
      assert.ok(examples.library.size < 300_000, `${examples.library.size} bytes`));

    it("names everything that it imports, as a dependency or as a peer, and no more", () => {
      const code = examples.library.files.filter((file) => /^dist.*\.js$/.test(file));
      const text = code
        .map((file) =>
          readFileSync(examples.at(`node_modules/pulumi-talos-cilium/${file}`), "utf8"),
        )
        .join("\n");
      const imports = [...text.matchAll(/require\("([^".][^"]*)"\)/g)]
        .map(([, name]) =>
          name!
            .split("/")
            .slice(0, name!.startsWith("@") ? 2 : 1)
            .join("/"),
        )
        .filter((name) => !name.startsWith("node:"));
      const named = { ...examples.manifest.dependencies, ...examples.manifest.peerDependencies };
      assert.deepEqual([...new Set(imports)].sort(), Object.keys(named).sort());
    });

    it("gives the spec to whoever has no Pulumi", () => {
      const bare = examples.at("bare");
      mkdirSync(bare);
      writeFileSync(
        path.join(bare, "index.js"),
        `const { parseClusterSpec } = require("pulumi-talos-cilium/spec");
        console.log(parseClusterSpec({}).problems.length, Object.keys(require.cache).filter((file) => file.includes("@pulumi")).length);`,
      );
      const answer = execFileSync(process.execPath, ["index.js"], { cwd: bare, encoding: "utf8" });
      assert.match(answer, /^[1-9]\d* 0\n$/);
    });

    it("types every example by its declarations", () => {
      const tsc = path.resolve("node_modules", "typescript7", "bin", "tsc");
      const sources = [...EXAMPLES, "clusterWithoutCNI"]
        .flatMap((name) => readdirSync(examples.at(name)).map((file) => path.join(name, file)))
        .filter((file) => file.endsWith(".ts"));
      const options = examples.at("wholeCluster/tsconfig.json");
      writeFileSync(
        examples.at("tsconfig.json"),
        JSON.stringify({ extends: options, files: sources, include: [] }),
      );
      execFileSync(process.execPath, [tsc, "-p", examples.folder], { encoding: "utf8" });
    });
  });

  describe("on the lab", () => {
    before(requireBinaries);
    after(() => lab?.stop());

    async function start(machines: number): Promise<void> {
      await lab?.stop();
      lab = await TestLab.start({ controlPlanes: machines });
    }
    it("wholeCluster and environments preview, each stack with its own machines", async () => {
      await start(1);
      for (const [program, stackName, machines] of [
        ["wholeCluster", "home", 1],
        ["environments", "staging", 1],
        ["environments", "production", 3],
      ] as const) {
        const stack = await ExampleStack.open(lab, examples.at(program), stackName);
        const preview = textOf(await stack.run("preview"));
        const applied = new Set(preview.match(/\S+-apply(?= +create)/g));
        assert.equal(applied.size, machines, preview);
      }
    });

    it("ciliumOnly makes the nodes of a cluster Ready that another tool left without a CNI", async () => {
      await start(1);
      const other = await ExampleStack.open(lab, examples.at("clusterWithoutCNI"), "home");
      await other.run("up");
      const { kubeconfig } = await other.outputs<{ kubeconfig: string }>();
      const stack = await examples.bringUp(lab, "ciliumOnly", "home", {
        "cilium-only:kubeconfig": kubeconfig,
      });
      const { times } = await stack.outputs<{ times: Record<string, string> }>();
      assert.ok(times["allReady"], JSON.stringify(times));
    });

    it("secretsAndCluster hands the secrets from one stack to the other, secret all the way", async () => {
      await start(1);
      const secrets = await examples.bringUp(lab, "secretsAndCluster/secrets", "home");
      const cluster = await examples.bringUp(lab, "secretsAndCluster/cluster", "home");
      const ids = await Promise.all(
        [secrets, cluster].map((stack) => stack.outputs<{ clusterId: string }>()),
      );
      assert.equal(ids[0]!.clusterId, ids[1]!.clusterId);
      assert.ok(await cluster.allReady());
      const { machineSecrets } = await secrets.outputs<{
        machineSecrets: { certs: { k8s: { key: string } } };
      }>();
      const printed = [...secrets.printed, ...cluster.printed].join("\n");
      assert.ok(!printed.includes(machineSecrets.certs.k8s.key));
    });

    it("twoClusters come up side by side, and a second run changes neither", async () => {
      await start(2);
      const stack = await examples.bringUp(lab, "twoClusters", "both");
      type Timelines = { bootstrapTimelines: Record<string, BootstrapTimeline> };
      const { bootstrapTimelines } = await stack.outputs<Timelines>();
      assert.deepEqual(Object.keys(bootstrapTimelines), ["east", "west"]);
      for (const each of Object.values(bootstrapTimelines)) assert.ok(each.allReady);
      assert.deepEqual([...lab.running.status().clusters].sort(), ["east", "west"]);
      const before = await lab.mutatingCalls();
      await stack.run("up", "--expect-no-changes");
      assert.deepEqual(await lab.mutatingCalls(), before);
    });
  });
});
