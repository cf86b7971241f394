import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { parse, stringify } from "yaml";

import { ciMatrix } from "../../examples/fleet/ciMatrix";
import { reviewProblems } from "../../examples/fleet/fleetProblems";
import { fleetStack } from "../../examples/fleet/fleetStack";
import { type Fleet, parseFleet } from "../../examples/fleet/parseFleet";
import { readEnvironments } from "../../examples/fleet/readEnvironments";
import { writeFleet } from "../../examples/fleet/writeFleet";

const EXAMPLE = path.resolve(__dirname, "..", "..", "examples", "fleet");
const read = (...names: string[]) => readFileSync(path.join(...names), "utf8");
const fleet = parse(read(EXAMPLE, "fleet.yaml")) as Fleet;
const ROOT = path.resolve(EXAMPLE, "..", "..");

type Spec = Record<string, unknown>;
const specOf = (stack: object) => (stack as { spec: Spec }).spec;

describe("a fleet of operator Stacks (no operator runs them here)", function () {
  this.timeout(60_000);
  let folder: string;
  let environments: string;
  let stacks: string;
  let fleetFile: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "fleet-"));
    [environments, stacks] = [path.join(folder, "environments"), path.join(folder, "stacks")];
    mkdirSync(environments);
    fleetFile = path.join(folder, "fleet.yaml");
    writeFleetFile({ underReview: {} });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const writeFleetFile = (changes: Spec) =>
    writeFileSync(fleetFile, stringify({ ...fleet, ...changes }));
  const write = () => writeFleet(fleetFile, environments, stacks);
  /** Each problem that is said, in the order of its saying. */
  const problems = (): string[] => {
    try {
      write();
    } catch (error) {
      return (error as Error).message.split("\n");
    }
    return [];
  };

  /** One machine on an address of its own. */
  function writeEnvironment(index: number, changes: Spec = {}, beside: Spec = {}): void {
    const name = `site-${index}`;
    writeFileSync(
      path.join(environments, `Pulumi.${name}.yaml`),
      stringify({ config: { "talos-cilium:cluster": clusterOf(index, changes), ...beside } }),
    );
  }

  function clusterOf(index: number, changes: Spec = {}): Spec {
    const ipAddress = `10.${index >> 8}.${index & 255}.10`;
    return {
      clusterName: `site-${index}`,
      clusterEndpoint: `https://${ipAddress}:6443`,
      talosVersion: "v1.13.0",
      configContract: "v1.13",
      kubernetesVersion: "1.36.3",
      allowSchedulingOnControlPlanes: true,
      podSubnets: ["172.16.0.0/16"],
      serviceSubnets: ["172.17.0.0/16"],
      nodes: [
        { hostname: "cp-1", ipAddress, machineType: "controlplane", installDisk: "/dev/sda" },
      ],
      cilium: { version: "1.20.0" },
      ...changes,
    };
  }

  it("is generated as it is checked in", () => {
    writeFleet(path.join(EXAMPLE, "fleet.yaml"), path.join(EXAMPLE, "environments"), stacks);
    const texts = (where: string) => readdirSync(where).map((file) => [file, read(where, file)]);
    assert.deepEqual(texts(path.join(EXAMPLE, "stacks")), texts(stacks));
  });

  it("previews what is under review, from its branch, and updates the rest at one commit", () => {
    const read = readEnvironments(path.join(EXAMPLE, "environments"));
    const [berlin, lab] = read.environments.map((each) => specOf(fleetStack(each, fleet)));
    const of = (spec: Spec) => [spec["preview"], spec["branch"], spec["commit"]];
    assert.deepEqual(of(lab!), [true, "refs/heads/lab-third-node", undefined]);
    assert.deepEqual(of(berlin!), [undefined, undefined, fleet.commit]);
  });

  it("takes what is encrypted from a Secret and leaves it out of the configuration", () => {
    const secure = "v1:abc";
    const clear = { "p:cluster": { clusterName: "x" }, "p:tls": { secure, port: 443 } };
    const config = { "p:token": { secure }, "aws:token": { secure }, ...clear };
    const spec = specOf(fleetStack({ name: "x", config }, fleet));
    assert.deepEqual(spec["config"], clear);
    const ref = (key: string) => ({ type: "Secret", secret: { name: "x-config", key } });
    assert.deepEqual(spec["secretsRef"], {
      "p:token": ref("p.token"),
      "aws:token": ref("aws.token"),
    });
  });

  it("looks for drift at times that are spread out and stay", () => {
    const seconds = Array.from({ length: 500 }, (_, index) => {
      const stack = fleetStack({ name: `site-${index}`, config: {} }, fleet);
      return specOf(stack)["resyncFrequencySeconds"] as number;
    });
    assert.ok(Math.min(...seconds) >= fleet.driftSeconds);
    assert.ok(Math.max(...seconds) < fleet.driftSeconds * 1.1);
    assert.ok(new Set(seconds).size > 400);
  });

  it("generates 500 in seconds, and writes only the changed one the next time", () => {
    for (let index = 0; index < 500; index++) writeEnvironment(index);
    const { user } = process.cpuUsage();
    assert.equal(write().written.length, 500);
    const seconds = (process.cpuUsage().user - user) / 1e6;
    assert.ok(seconds < 10, `${seconds} s of processor time`);

    const times = () =>
      readdirSync(stacks).map((file) => statSync(path.join(stacks, file)).mtimeMs);
    const before = times();
    assert.equal(write().unchanged.length, 500);
    assert.deepEqual(times(), before);

    writeEnvironment(7, { kubernetesVersion: "1.36.2" });
    rmSync(path.join(environments, "Pulumi.site-8.yaml"));
    const { written, removed, unchanged } = write();
    assert.deepEqual([written, removed, unchanged.length], [["site-7"], ["site-8"], 498]);
  });

  describe("writes nothing where there is a problem", () => {
    it("and names those of all files", () => {
      writeFleetFile({ underReview: {}, driftSeconds: undefined });
      writeEnvironment(1);
      writeEnvironment(2, { kubernetesVersion: "latest" });
      writeFileSync(path.join(environments, "Pulumi.empty.yaml"), "");
      writeFileSync(path.join(environments, "Pulumi.tab.yaml"), "config:\n\ta: 1\n");
      writeFileSync(path.join(environments, "Pulumi.twice.yaml"), "config: {}\nconfig: {}\n");
      const heads = problems().filter((line) => /^\S+\.yaml: /.test(line));
      assert.deepEqual(
        heads.map((line) => line.split(/; | at line/)[0]),
        [
          "fleet.yaml: driftSeconds it is required and has no default",
          "Pulumi.tab.yaml: Tabs are not allowed as indentation",
          "Pulumi.twice.yaml: Map keys must be unique",
          "Pulumi.empty.yaml: the stack configuration holds no cluster",
          "Pulumi.site-2.yaml: kubernetesVersion it is no version of three numbers",
        ],
      );
      assert.ok(!existsSync(stacks));
    });

    it("such as a misspelt name under review, whose environment would be updated", () => {
      writeEnvironment(1);
      writeFleetFile({ underReview: { "site-l": "refs/heads/x" } });
      assert.deepEqual(problems(), [
        "fleet.yaml: underReview.site-l there is no such environment; did you mean site-1?",
      ]);
      assert.deepEqual(reviewProblems(["paris"], ["oslo"]), [
        "fleet.yaml: underReview.paris there is no such environment; remove it",
      ]);
    });

    const NO_NAME =
      "the operator takes up to 42 small letters, digits and -, beginning with a letter; rename the file";
    const RENAME = ", and a stack that is there by pulumi stack rename";
    const names: [string, string][] = [
      ["EU_West", `${NO_NAME} to Pulumi.eu-west.yaml${RENAME}`],
      ["eu.west", `${NO_NAME} to Pulumi.eu-west.yaml${RENAME}`],
      ["1st", `${NO_NAME}${RENAME}`],
      ["x".repeat(43), `${NO_NAME}${RENAME}`],
    ];
    for (const [name, problem] of names) {
      it(`such as ${name}, for which the operator could make no Service`, () => {
        const config = { "talos-cilium:cluster": clusterOf(1) };
        const file = `Pulumi.${name}.yaml`;
        writeFileSync(path.join(environments, file), stringify({ config }));
        assert.deepEqual(problems(), [`${file}: ${problem}`]);
      });
    }

    it("such as an encrypted value inside another one, which no Secret could hold", () => {
      writeEnvironment(1, {}, { "other:settings": { list: [{ token: { secure: "v1:abc" } }] } });
      assert.deepEqual(problems(), [
        "Pulumi.site-1.yaml: other:settings it holds an encrypted value; encrypt the whole key, or give it its own",
      ]);
    });

    const OTHER_MACHINE =
      "write that of this machine, or add the endpoint by which alone it is reached";
    const machine = (ipAddress: string, endpoint?: string) => ({
      nodes: [
        { hostname: "cp-1", ipAddress, machineType: "controlplane", installDisk: "/dev/sda" },
      ].map((node) => (endpoint === undefined ? node : { ...node, endpoint })),
    });
    const shared: [string, Spec, string[]][] = [
      [
        "a machine of another environment",
        machine("10.0.1.10"),
        [`nodes[0].ipAddress 10.0.1.10 stands in Pulumi.site-1.yaml, too; ${OTHER_MACHINE}`],
      ],
      [
        "the endpoint of another environment",
        { clusterEndpoint: "https://10.0.1.10:6443/" },
        [
          "clusterEndpoint https://10.0.1.10:6443 stands in Pulumi.site-1.yaml, too; write that of this cluster",
        ],
      ],
      [
        "an address that is used at two sites",
        machine("10.0.1.10", "site-2.example.org:50000"),
        [],
      ],
      ["the name of another cluster", { clusterName: "site-1" }, []],
    ];
    for (const [what, changes, expected] of shared) {
      it(`${expected.length > 0 ? "such as" : "but takes"} ${what}`, () => {
        writeEnvironment(1);
        writeEnvironment(2, changes);
        assert.deepEqual(
          problems(),
          expected.map((problem) => `Pulumi.site-2.yaml: ${problem}`),
        );
      });
    }

    it("such as a stack file with another ending, whose Stack would be removed", () => {
      writeEnvironment(1);
      write();
      const at = (name: string) => path.join(environments, name);
      renameSync(at("Pulumi.site-1.yaml"), at("Pulumi.site-1.yml"));
      assert.deepEqual(problems(), [
        "Pulumi.site-1.yml: stack files are called Pulumi.<environment>.yaml; rename it to Pulumi.site-1.yaml",
      ]);
      assert.ok(existsSync(path.join(stacks, "site-1.yaml")));
    });

    it("such as a file of somebody else where a Stack would be", () => {
      writeEnvironment(1);
      mkdirSync(stacks);
      writeFileSync(path.join(stacks, "site-1.yaml"), "kind: Kustomization\n");
      assert.match(
        problems().join("\n"),
        /site-1\.yaml: it is no Stack of this fleet .*move it away$/,
      );
      assert.equal(read(stacks, "site-1.yaml"), "kind: Kustomization\n");
    });
  });

  it("leaves what it did not write, whatever that is", () => {
    writeEnvironment(1);
    writeEnvironment(2);
    write();
    const stack = parse(read(stacks, "site-2.yaml")) as { metadata: object };
    const foreign: Record<string, string> = {
      "README.md": "words\n",
      "kustomization.yaml": "kind: Kustomization\n",
      "other.yaml": stringify({ ...stack, metadata: { name: "other" } }),
      "secret.yaml": stringify({ ...stack, kind: "Secret" }),
      "broken.yaml": "a:\n\tb: 1\n",
      "empty.yaml": "",
    };
    for (const [file, text] of Object.entries(foreign)) {
      writeFileSync(path.join(stacks, file), text);
    }
    mkdirSync(path.join(stacks, "folder.yaml"));
    rmSync(path.join(environments, "Pulumi.site-2.yaml"));
    assert.deepEqual(write(), { written: [], removed: ["site-2"], unchanged: ["site-1"] });
    const left = [...Object.keys(foreign), "folder.yaml", "site-1.yaml"];
    assert.deepEqual(readdirSync(stacks).sort(), left.sort());
  });

  describe("fleet.yaml", () => {
    const cases: [string, Spec, string[]][] = [
      ["without underReview", { underReview: undefined }, []],
      ["with an empty underReview", { underReview: null }, []],
      [
        "with a review of no branch, which would be an update",
        { underReview: { lab: "" } },
        ["underReview.lab it must not be empty; write it, or remove the key"],
      ],
      [
        "with numbers for texts",
        { commit: 1234567, image: 3 },
        [
          "commit it must be a text; write it in quotes",
          "image it must be a text; write it in quotes",
        ],
      ],
      [
        "with a branch for a commit, so that every push would run every cluster",
        { commit: "main" },
        ["commit it must have 40 hexadecimal digits; git rev-parse HEAD prints them"],
      ],
      ["with a token of a private repository", { gitToken: { name: "git", key: "token" } }, []],
      ["with a repository by SSH", { repository: "ssh://git@github.com/acme/clusters" }, []],
      [
        "with a password in the repository's address",
        { repository: "https://me:hunter2@github.com/acme/clusters" },
        [
          "repository it holds a password, which every Stack would show; remove it, and name a Secret that holds it in gitToken",
        ],
      ],
      [
        "with a look for drift each second",
        { driftSeconds: 1 },
        ["driftSeconds it must be at least 60; each look is a whole run"],
      ],
      [
        "with misspelt keys",
        { underReviews: {}, credentials: { A: { name: "a", keys: "b" } } },
        [
          "credentials.A.key it is required and has no default; add it",
          "credentials.A there is no key keys (did you mean key?); rename or remove it",
          "there is no key underReviews (did you mean underReview?); rename or remove it",
        ],
      ],
    ];
    for (const [what, changes, expected] of cases) {
      it(`${what} ${expected.length > 0 ? "is refused" : "is taken"}`, () => {
        const parsed = parseFleet({ ...fleet, ...changes });
        assert.deepEqual(
          parsed.problems,
          expected.map((problem) => `fleet.yaml: ${problem}`),
        );
        assert.equal(parsed.fleet === undefined, expected.length > 0);
      });
    }
  });

  describe("CI matrix", () => {
    const all = Array.from({ length: 500 }, (_, index) => `e${index}`);
    const cases: [string, string[], string[]][] = [
      ["a changed stack file runs its environment", ["fleet/environments/Pulumi.e3.yaml"], ["e3"]],
      ["a dot in the name is part of it", ["fleet/environments/Pulumi.eu.west.yaml"], ["eu.west"]],
      ["a stack file of another program runs none", ["other/Pulumi.e3.yaml", "Pulumi.e3.yaml"], []],
      ["what the operator takes runs none", ["fleet/stacks/e3.yaml", "fleet/fleet.yaml"], []],
      [
        "documentation runs none",
        ["README.md", "docs/fleet.md", ".github/workflows/fleet.yml"],
        [],
      ],
      ["a stack file that is gone runs none", ["fleet/environments/Pulumi.gone.yaml"], []],
    ];
    for (const [what, changed, expected] of cases) {
      it(what, () => {
        assert.deepEqual(
          ciMatrix(changed, [...all, "eu.west"], "fleet").map((job) => job.environments),
          expected,
        );
      });
    }

    it("a changed program runs every environment once, in no more jobs than a matrix takes", () => {
      const jobs = ciMatrix(["index.ts"], all, "fleet");
      assert.equal(jobs.length, 256);
      const ran = jobs.flatMap((job) => job.environments.split(" "));
      assert.deepEqual(ran.sort(), [...all].sort());
    });
  });

  it("says what a command line is not, and generates nothing", () => {
    const generate = path.join(EXAMPLE, "generate.ts");
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ["--import", "tsx", generate, ...args], {
        cwd: ROOT,
        encoding: "utf8",
        input: "examples/fleet/environments/Pulumi.oslo.yaml\n",
      });
    const { status, stdout, stderr } = run("--matrx");
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^error: Unknown option '--matrx'/);
    assert.equal(run("--matrix").stdout, '{"include":[{"environments":"oslo"}]}\n');
  });

  describe("workflow (its scripts, with stand-ins for what they call)", () => {
    const workflow = parse(read(EXAMPLE, "workflow.yml")) as {
      jobs: Record<string, { steps: { id?: string; run?: string }[] }>;
    };
    const lastScript = (job: string) => workflow.jobs[job]!.steps.at(-1)!.run!;

    /** Runs a script as GitHub does. @param commands text of the programs that it calls */
    function runScript(script: string, env: NodeJS.ProcessEnv, commands: Record<string, string>) {
      for (const [name, text] of Object.entries(commands)) {
        writeFileSync(path.join(folder, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
      }
      const output = path.join(folder, "output");
      writeFileSync(output, "");
      const { status, stdout } = spawnSync("bash", ["-e", "-c", script], {
        encoding: "utf8",
        env: {
          PATH: `${folder}:${process.env["PATH"]}`,
          RUNNER_TEMP: folder,
          GITHUB_OUTPUT: output,
          ...env,
        },
      });
      return { status, stdout, output: readFileSync(output, "utf8") };
    }

    const git = 'case "$*" in ls-files) echo all;; *gone*) exit 128;; *) echo "$*";; esac';
    const cases: [string, string, number, string][] = [
      ["compares with the base", "c0ffee", 0, "jobs=diff --name-only --no-renames c0ffee HEAD\n"],
      ["takes all files of a new branch", "0".repeat(40), 0, "jobs=all\n"],
      ["fails where git does, and deploys nothing in green", "gone", 128, ""],
    ];
    for (const [what, BASE, status, output] of cases) {
      it(what, () => {
        const ran = runScript(lastScript("matrix"), { BASE }, { git, npx: "cat" });
        assert.deepEqual([ran.status, ran.output], [status, output]);
      });
    }

    it("makes a stack before its first run, and goes on behind one that fails", () => {
      const env = { VERB: "up --yes", ENVIRONMENTS: "bad good" };
      const pulumi = 'echo "$*"; [[ "$*" != "up "*bad* ]]';
      const { status, stdout } = runScript(lastScript("run"), env, { pulumi });
      const of = (name: string) => [
        `stack select --create --non-interactive acme/talos-cilium/${name}`,
        `up --yes --non-interactive --stack acme/talos-cilium/${name} --config-file examples/fleet/environments/Pulumi.${name}.yaml`,
      ];
      assert.deepEqual(stdout.trim().split("\n"), [...of("bad"), ...of("good")]);
      assert.equal(status, 1);
    });
  });
});
