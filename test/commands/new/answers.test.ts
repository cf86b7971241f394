import assert from "node:assert/strict";
import { PassThrough } from "node:stream";

import {
  type Answers,
  type Machine,
  clusterOf,
  parseMachine,
  problemsOf,
} from "../../../commands/new/answers";
import { environmentProblems } from "../../../commands/new/environmentProblems";
import { networksOf } from "../../../commands/new/networks";
import { PINNED_VERSIONS, RENOVATE_HINTS, contractOf } from "../../../commands/new/pinnedVersions";
import { ask } from "../../../commands/new/questions";
import { releaseFindings } from "../../../components/cilium/releaseValues";
import { readStackText } from "../../../commands/stackFile/readStackFile";
import {
  NEWEST_CONTRACT_MINOR,
  ciliumKubernetes,
  ciliumMaintained,
  talosKubernetes,
} from "../../../components/spec/compatibility";
import { parseVersion } from "../../../components/spec/versions";
import { ANSWERS, writtenFile } from "../support/environment";

const NONE: Answers = { ...ANSWERS, controlPlanes: [], workers: [], installDisk: undefined };

describe("the pinned versions (that each release exists, Renovate knows)", () => {
  it("are of the newest minors that go together", () => {
    const minor = (version: string) => parseVersion(version)?.minor;
    const talos = NEWEST_CONTRACT_MINOR;
    const cilium = Math.max(...ciliumMaintained);
    assert.equal(minor(PINNED_VERSIONS.talosVersion), talos);
    assert.equal(minor(PINNED_VERSIONS.ciliumVersion), cilium);
    const kubernetes = Math.min(talosKubernetes[talos]!.to, ciliumKubernetes[cilium]!.to);
    assert.equal(minor(PINNED_VERSIONS.kubernetesVersion), kubernetes);
  });

  it("stand in the file with the hint that raises each", () => {
    const text = writtenFile();
    for (const key of ["talosVersion", "kubernetesVersion", "ciliumVersion"] as const) {
      assert.ok(text.includes(`${PINNED_VERSIONS[key]} # ${RENOVATE_HINTS[key]}\n`), key);
    }
  });

  for (const [talosVersion, contract] of [
    ["v1.12.4", "v1.12"],
    ["v1.13.0", "v1.13"],
    ["v1.14.0", "v1.13"],
    ["nonsense", "v1.13"],
  ] as const) {
    it(`begin with contract ${contract} for Talos ${talosVersion}`, () => {
      assert.equal(contractOf(talosVersion), contract);
    });
  }
});

describe("the written file", () => {
  const cases: [string, Answers][] = [
    ["of two machines", ANSWERS],
    ["of a single machine", { ...ANSWERS, workers: [] }],
    [
      "with an IPv6 machine",
      { ...NONE, installDisk: "/dev/sda", controlPlanes: [parseMachine("a=fd00::1")] },
    ],
    ["behind a name", { ...ANSWERS, endpoint: "https://api.example.org:6443" }],
    ["of a throw-away cluster", { ...ANSWERS, protect: false }],
    ["whose name looks like a number", { ...ANSWERS, clusterName: "1.10" }],
    ["whose name looks like a date", { ...ANSWERS, clusterName: "2020-01-01" }],
    ["whose name looks like a number of YAML 1.1", { ...ANSWERS, clusterName: "0777" }],
    ["whose name needs quotes", { ...ANSWERS, clusterName: "a: b # c" }],
  ];
  for (const [name, answers] of cases) {
    it(`${name} is valid, without a warning, and says what was answered`, () => {
      const { spec, problems, warnings } = readStackText(writtenFile(answers));
      assert.deepEqual([...problems, ...warnings], []);
      assert.deepEqual(releaseFindings(spec!, false), []);
      const { nodes, ...cluster } = clusterOf(answers);
      assert.equal(spec?.clusterName, cluster.clusterName);
      assert.equal(spec?.clusterEndpoint, cluster.clusterEndpoint);
      assert.equal(spec?.protect, cluster.protect);
      assert.deepEqual(
        spec?.nodes.map(({ hostname }) => hostname),
        nodes.map(({ hostname }) => hostname),
      );
    });
  }
});

describe("environmentProblems", () => {
  for (const name of ["home", "eu.prod", "a_b-1"]) {
    it(`takes ${name}`, () => assert.deepEqual(environmentProblems(name, "/nowhere"), []));
  }
  for (const name of ["", "my home", "a/b", "é", "x".repeat(101)]) {
    it(`refuses ${JSON.stringify(name)}`, () => {
      const [problem] = environmentProblems(name, "/nowhere");
      assert.equal(problem?.id, "environment-name");
    });
  }
});

describe("networksOf", () => {
  const machines = (count: number, address: string): Machine[] =>
    Array.from({ length: count }, (_, index) => ({
      hostname: `w-${index}`,
      ipAddress: address
        .replace("X", String(Math.floor(index / 200)))
        .replace("Y", String((index % 200) + 1)),
    }));

  for (const [count, address, networks] of [
    [256, "172.16.X.Y", {}],
    [257, "172.16.X.Y", { podSubnets: ["10.244.0.0/15"] }],
    [513, "172.16.X.Y", { podSubnets: ["10.244.0.0/14"] }],
    [1025, "172.16.X.Y", { podSubnets: ["10.240.0.0/13"] }],
    [256, "fd00::X:Y", { podSubnets: ["fd00:10:244::/56"], serviceSubnets: ["fd00:10:96::/112"] }],
    [600, "fd00::X:Y", { podSubnets: ["fd00:10:244::/54"], serviceSubnets: ["fd00:10:96::/112"] }],
  ] as const) {
    it(`gives ${count} machines at ${address} ${JSON.stringify(networks)}, and the file holds`, () => {
      const all = machines(count, address);
      assert.deepEqual(networksOf(all), networks);
      const answers = { ...ANSWERS, controlPlanes: all.slice(0, 1), workers: all.slice(1) };
      const { spec, problems } = readStackText(writtenFile(answers));
      assert.deepEqual(problems, []);
      assert.deepEqual(releaseFindings(spec!, false), []);
    });
  }
});

describe("parseMachine", () => {
  for (const [text, hostname, ipAddress] of [
    ["cp-1=10.0.0.1", "cp-1", "10.0.0.1"],
    ["cp-1 = fd00::1", "cp-1", "fd00::1"],
    ["cp-1", "cp-1", ""],
    ["10.0.0.1", "", "10.0.0.1"],
    ["fd00::1", "", "fd00::1"],
  ] as const) {
    it(`reads ${text}`, () => assert.deepEqual(parseMachine(text), { hostname, ipAddress }));
  }
});

describe("problemsOf", () => {
  for (const [text, fix] of [
    ["cp-1", "write its address behind it, as in cp-1=10.5.0.11"],
    ["10.5.0.11", "write its name before it, as in cp-1=10.5.0.11"],
    ["a=10.5.0.11,b=10.5.0.12", "name one machine at a time, each as <name>=<address>"],
  ] as const) {
    it(`says what to write in place of ${text}`, () => {
      const { problems } = problemsOf({ ...ANSWERS, controlPlanes: [parseMachine(text)] });
      const [problem, ...more] = problems.filter(({ about }) => about === "controlPlanes");
      assert.deepEqual([problem?.fix, more], [fix, []]);
    });
  }

  const about = (answers: Answers) =>
    problemsOf(answers).problems.map((each) => [each.about, each.id]);

  it("has nothing against answers that hold", () => assert.deepEqual(about(ANSWERS), []));

  it("misses machines and disk at once, and asks for one disk", () => {
    assert.deepEqual(about(NONE), [
      ["controlPlanes", "no-control-plane"],
      ["installDisk", "no-install-disk"],
    ]);
    const diskless = { ...ANSWERS, installDisk: undefined };
    assert.deepEqual(about(diskless), [["installDisk", "no-install-disk"]]);
    const misspelled = { ...ANSWERS, installDisk: "sda" };
    assert.deepEqual(about(misspelled), [["installDisk", "install-disk-path"]]);
  });

  it("says which answer each problem is of", () => {
    const wrong = {
      ...ANSWERS,
      endpoint: "10.5.0.11",
      controlPlanes: [parseMachine("cp-1=nowhere")],
      workers: [parseMachine("w_1=10.5.0.21")],
      ciliumVersion: "v1.20.0",
    };
    assert.deepEqual(
      new Set(about(wrong)),
      new Set([
        ["workers", "hostname"],
        ["ciliumVersion", "version-format"],
        ["endpoint", "endpoint-scheme"],
        ["controlPlanes", "node-address"],
      ]),
    );
  });

  it("does not blame an endpoint that nobody gave", () => {
    const wrong = { ...ANSWERS, controlPlanes: [parseMachine("cp-1=nowhere")] };
    assert.deepEqual(about(wrong), [["controlPlanes", "node-address"]]);
  });
});

describe("ask (over streams; a terminal shows the same)", () => {
  /** Types a line whenever a question has been asked. */
  async function type(lines: string[], given: (keyof Answers)[] = [], initial = NONE) {
    const terminal = { input: new PassThrough(), output: new PassThrough() };
    let shown = "";
    terminal.output.on("data", (part: Buffer) => {
      shown += part.toString();
      if (!part.toString().endsWith(": ")) return;
      const line = lines.shift();
      if (line === undefined) terminal.input.end();
      else terminal.input.write(`${line}\n`);
    });
    const answers = await ask(initial, new Set(given), terminal);
    return { answers, shown, left: lines };
  }

  it("takes what is shown for an empty line", async () => {
    const lines = ["", "cp-1=10.5.0.11", "", "", "", "", "", "", ""];
    const { answers, shown } = await type(lines);
    assert.deepEqual(problemsOf(answers).problems, []);
    assert.equal(answers.endpoint, "https://10.5.0.11:6443");
    assert.equal(answers.installDisk, "/dev/sda");
    assert.match(shown, /Talos \[v1\.13\.0\]: /);
    assert.match(shown, /\[\/dev\/sda\]/);
  });

  it("asks again for what the spec refuses, and for that alone", async () => {
    const lines = [
      "",
      "cp-1=10.5.0.300",
      "",
      "https://10.5.0.11:6443",
      "",
      "",
      "",
      "",
      "no",
      "cp-1=10.5.0.11",
    ];
    const { answers, shown, left } = await type(lines);
    assert.match(shown, /node-address/);
    assert.deepEqual(answers.controlPlanes, [{ hostname: "cp-1", ipAddress: "10.5.0.11" }]);
    assert.equal(answers.protect, false);
    assert.deepEqual(left, []);
  });

  it("asks nothing of what was given", async () => {
    const all: (keyof Answers)[] = [
      "clusterName",
      "controlPlanes",
      "workers",
      "endpoint",
      "talosVersion",
      "kubernetesVersion",
      "ciliumVersion",
      "protect",
    ];
    const { answers, left } = await type(["/dev/nvme0n1"], all, {
      ...ANSWERS,
      installDisk: undefined,
    });
    assert.equal(answers.installDisk, "/dev/nvme0n1");
    assert.deepEqual(left, []);
  });

  it("gives up with its terminal", async () => {
    await assert.rejects(type(["home"]), /given up/);
  });
});
