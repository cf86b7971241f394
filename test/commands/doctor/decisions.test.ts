import assert from "node:assert/strict";

import { type ClockFacts, clockFinding } from "../../../commands/doctor/clock";
import { type BlockDisk, diskAt, selectedDisks } from "../../../commands/doctor/disks";
import { type EndpointFacts, endpointFindings } from "../../../commands/doctor/endpoint";
import { type Finding, formatFindings } from "../../../commands/doctor/finding";
import { type MachineState, machineFindings } from "../../../commands/doctor/machines";
import { type SourceAnswer, sourceFinding, sourcesOf } from "../../../commands/doctor/registries";
import { type ToolFacts, toolFindings } from "../../../commands/doctor/tools";
import { type ClusterSpecInput, parseClusterSpec } from "../../../components/spec";
import { clusterOf } from "../../../commands/new/answers";
import { ANSWERS } from "../support/environment";

function specOf(more: Partial<ClusterSpecInput> = {}) {
  const { spec } = parseClusterSpec({ ...clusterOf(ANSWERS), ...more });
  assert.ok(spec);
  return spec;
}

/** What is not ok, by level and subject; each says what to do. */
function told(findings: readonly Finding[]): string[] {
  const bad = findings.filter(({ level }) => level !== "ok");
  for (const { fix, subject } of bad) assert.ok(fix, `${subject} says nothing to do`);
  return bad.map(({ level, subject, message }) => `${level} ${subject}: ${message}`);
}

describe("toolFindings (that the tools work, a run shows)", () => {
  const GOOD: ToolFacts = {
    node: "20.19.0",
    npm: "10.8.0",
    pulumi: "3.259.0",
    languageHost: true,
    talosctl: "1.13.2",
    kubectl: "1.35.0",
    helm: "3.22.0",
    missingPackages: 0,
    plugins: [{ name: "talos", wanted: "0.8.1", installed: ["0.8.1"] }],
  };
  const cases: [string, Partial<ToolFacts>, RegExp | undefined][] = [
    ["all there", {}, undefined],
    [
      "only what is needed",
      { talosctl: undefined, kubectl: undefined, helm: undefined },
      undefined,
    ],
    ["an old Node", { node: "20.18.9" }, /fail Node\.js/],
    ["no npm", { npm: undefined }, /warn npm/],
    ["packages of another lockfile", { missingPackages: 3 }, /fail npm packages: 3 are missing/],
    ["no Pulumi", { pulumi: undefined, languageHost: false }, /^fail pulumi: [^]*PATH$/],
    ["an old Pulumi", { pulumi: "3.216.9" }, /fail pulumi: 3\.216\.9 is too old/],
    ["no language host", { languageHost: false }, /fail pulumi-language-nodejs/],
    [
      "no plugin",
      { plugins: [{ name: "talos", wanted: "0.8.1", installed: [] }] },
      /warn plugin talos: 0\.8\.1 is wanted, not installed/,
    ],
    [
      "a plugin of another minor of 0",
      { plugins: [{ name: "talos", wanted: "0.8.1", installed: ["0.7.0"] }] },
      /only 0\.7\.0 is installed/,
    ],
    ["another talosctl", { talosctl: "1.12.0" }, /warn talosctl/],
    ["a kubectl too far away", { kubectl: "1.34.1" }, /warn kubectl: 1\.34\.1 is 2 minors/],
  ];
  for (const [name, facts, expected] of cases) {
    it(name, () => {
      const lines = told(toolFindings({ ...GOOD, ...facts }, specOf()));
      assert.equal(lines.length, expected ? 1 : 0, lines.join("\n"));
      if (expected) assert.match(lines[0]!, expected);
    });
  }
});

describe("clockFinding", () => {
  const at = (machine: number, server: number): ClockFacts => ({
    times: { machine: machine * 1000, server: server * 1000, here: 0 },
  });
  const certificate = (from: number, to: number): ClockFacts => ({
    certificate: { from: from * 1000, to: to * 1000, here: 0 },
  });
  const cases: [string, ClockFacts, Finding["level"], RegExp, RegExp?][] = [
    ["in time", at(1, 0), "ok", /agrees/],
    ["a little behind", at(-20, 0), "warn", /^20 s behind/, /the machine's clock/],
    ["far ahead", at(3600, 0), "fail", /^3600 s ahead of/, /the machine's clock/],
    ["this computer far behind", at(3600, 3599), "fail", /ahead of/, /this computer's clock/],
    ["no more than a certificate", certificate(-100, 100), "ok", /no more is known/],
    ["a certificate of the future", certificate(300, 900), "fail", /at least 300 s ahead/],
    ["a certificate of the past", certificate(-900, -30), "warn", /at least 30 s behind/],
    ["nothing", {}, "warn", /nothing is known/],
  ];
  for (const [name, facts, level, message, fix] of cases) {
    it(name, () => {
      const finding = clockFinding("cp-1", facts);
      assert.equal(finding.level, level);
      assert.match(finding.message, message);
      if (fix) assert.match(finding.fix ?? "", fix);
    });
  }
});

const DISK: BlockDisk = {
  devPath: "/dev/sda",
  size: "100000000000",
  prettySize: "100 GB",
  model: "Samsung SSD 870",
  serial: "S6",
  modalias: "scsi:t-0x00",
  uuid: "",
  wwid: "naa.5002",
  busPath: "/pci0000:00/0000:00:1f.2",
  transport: "sata",
  rotational: false,
  readonly: false,
  cdrom: false,
  symlinks: ["/dev/disk/by-id/wwn-0x5002"],
};
const NVME = { ...DISK, devPath: "/dev/nvme0n1", transport: "nvme", size: "500000000000" };

describe("disks (Talos chooses by the same expressions, in its own language)", () => {
  it("finds a disk by its path and by a link", () => {
    assert.equal(diskAt([DISK], "/dev/sda"), DISK);
    assert.equal(diskAt([DISK], "/dev/disk/by-id/wwn-0x5002"), DISK);
    assert.equal(diskAt([DISK], "/dev/sdb"), undefined);
  });

  const cases: [string, Parameters<typeof selectedDisks>[1], BlockDisk[]][] = [
    ["nothing", {}, [DISK, NVME]],
    ["a size", { size: "== 100GB" }, [DISK]],
    ["a size without comparison", { size: "500 GB" }, [NVME]],
    ["at least", { size: ">= 200GB" }, [NVME]],
    ["at most, in powers of two", { size: "<= 94GiB" }, [DISK]],
    ["no size at all", { size: "big" }, []],
    ["a type", { type: "nvme" }, [NVME]],
    ["ssd, which is all that does not turn", { type: "ssd" }, [DISK, NVME]],
    ["hdd", { type: "hdd" }, []],
    ["a pattern", { model: "Samsung*870", busPath: "/pci*/*1f.?" }, [DISK, NVME]],
    ["a pattern that fits in part only", { model: "Samsung" }, []],
  ];
  for (const [name, selector, expected] of cases) {
    it(`selects by ${name}`, () => {
      assert.deepEqual(selectedDisks([DISK, NVME], selector), expected);
    });
  }

  it("never selects what cannot be installed to", () => {
    const others = [
      { ...DISK, readonly: true },
      { ...DISK, cdrom: true },
      { ...DISK, transport: "" },
    ];
    assert.deepEqual(selectedDisks(others, {}), []);
  });
});

describe("machineFindings", () => {
  const up = (kind: "maintenance" | "configured", version = "v1.13.0"): MachineState => ({
    kind,
    version,
    disks: [DISK],
  });
  const fault = { what: "it does not answer", fix: "Switch it on", final: false };
  const cases: [string, MachineState, RegExp | undefined, object?][] = [
    ["in maintenance", up("maintenance"), undefined],
    ["newer media", up("maintenance", "v1.14.1"), undefined],
    ["media older than the contract", up("maintenance", "v1.12.0"), /fail .*contract v1\.13/],
    ["configured", up("configured"), undefined],
    [
      "configured with another Talos",
      up("configured", "v1.12.3"),
      /warn .*v1\.12\.3 and not v1\.13\.0/,
    ],
    ["locked", { kind: "locked" }, /warn .*its own cluster's talosconfig/],
    ["away", { kind: "unreachable", fault }, /fail cp-1 \(10\.5\.0\.11\): it does not answer/],
    [
      "another disk",
      up("maintenance"),
      /fail .*no disk \/dev\/sdb: it has \/dev\/sda \(100 GB\)/,
      { installDisk: "/dev/sdb" },
    ],
    ["a selector that picks", up("maintenance"), undefined, { diskSelector: { type: "ssd" } }],
    [
      "a selector that picks none",
      up("maintenance"),
      /fail .*picks no disk/,
      { diskSelector: { type: "hdd" } },
    ],
  ];
  for (const [name, state, expected, disk] of cases) {
    it(name, () => {
      const spec = specOf();
      const node = { ...spec.nodes[0]!, ...(disk && { installDisk: undefined }), ...disk };
      const times = { machine: 0, server: 0, here: 0 };
      const lines = told(machineFindings(node, { state, times }, spec));
      assert.equal(lines.length, expected ? 1 : 0, lines.join("\n"));
      if (expected) assert.match(lines[0]!, expected);
    });
  }
});

describe("endpointFindings", () => {
  const http = (status: number, isKubernetes: boolean): EndpointFacts => ({
    addresses: ["10.5.0.11"],
    answer: { kind: "http", status, isKubernetes },
  });
  const error = (message: string): EndpointFacts => ({
    addresses: ["10.5.0.11"],
    answer: { kind: "error", error: new Error(message) },
  });
  const cases: [string, EndpointFacts, number, RegExp | undefined][] = [
    ["nothing yet", error("connect ECONNREFUSED"), 0, undefined],
    ["nothing, though machines are up", error("connect ECONNREFUSED"), 2, /warn .*nothing serves/],
    ["the cluster", http(401, true), 2, undefined],
    ["another cluster", http(200, true), 0, /fail .*no machine of this cluster is configured/],
    ["something else", http(200, false), 0, /fail .*no Kubernetes API \(200\)/],
    ["a load balancer alone", http(503, false), 0, undefined],
    ["a load balancer with nothing behind", http(503, false), 2, /fail .*\(503\)/],
    ["no TLS", error("EPROTO wrong version number"), 0, /fail .*no TLS/],
    [
      "no name",
      { addresses: new Error("getaddrinfo ENOTFOUND api") },
      0,
      /fail .*cannot be resolved/,
    ],
    ["a worker's address", { addresses: ["10.5.0.21"] }, 0, /fail .*worker-1, a worker/],
  ];
  for (const [name, facts, configured, expected] of cases) {
    it(name, () => {
      const lines = told(endpointFindings(facts, specOf(), configured));
      assert.equal(lines.length, expected ? 1 : 0, lines.join("\n"));
      if (expected) assert.match(lines[0]!, expected);
    });
  }
});

describe("sources", () => {
  const urls = (more: Partial<ClusterSpecInput>) =>
    sourcesOf(specOf(more)).map(({ urls: each, fallback }) => [...each, fallback]);
  const OWN = ["ghcr.io", "registry.k8s.io", "quay.io"].map((host) => [
    `https://${host}/v2/`,
    undefined,
  ]);

  it("are the chart's repository and the registries", () => {
    assert.deepEqual(urls({}), [["https://helm.cilium.io/index.yaml", undefined], ...OWN]);
  });

  for (const [chart, url] of [
    ["oci://quay.io/cilium/charts/cilium", "https://quay.io/v2/"],
    ["https://example.org/cilium.tgz", "https://example.org/cilium.tgz"],
    ["./lab/charts/cilium", undefined],
  ] as const) {
    it(`are asked for the chart ${chart} at ${url ?? "no place"}`, () => {
      const found = urls({ cilium: { version: "1.20.0", chart } });
      assert.deepEqual(found, [...(url ? [[url, undefined]] : []), ...OWN]);
    });
  }

  it("are the mirrors first, and the registry behind them unless it is excluded", () => {
    const registryMirrors = {
      "ghcr.io": { endpoints: ["https://m.example.org/"] },
      "*": { endpoints: ["https://all.example.org/v2/x"], overridePath: true, skipFallback: true },
    };
    assert.deepEqual(urls({ registryMirrors }).slice(1, 3), [
      ["https://m.example.org/v2/", "https://ghcr.io/v2/"],
      ["https://all.example.org/v2/x/", undefined],
    ]);
  });

  const source = (isFetchedHere: boolean) => ({ subject: "s", isFetchedHere, urls: ["u", "v"] });
  const dead = { url: "u", error: new Error("timed out") };
  const cases: [string, boolean, SourceAnswer[], Finding["level"]][] = [
    ["one that answers", true, [dead, { url: "v", status: 200 }], "ok"],
    ["a registry that wants a token", false, [{ url: "u", status: 401 }], "ok"],
    ["a chart that is not there", true, [{ url: "u", status: 404 }], "fail"],
    ["a chart's repository that is dead", true, [dead], "fail"],
    ["a registry that is dead", false, [dead], "warn"],
    ["a proxy", true, [{ url: "u", proxied: true }], "warn"],
  ];
  for (const [name, isFetchedHere, answers, level] of cases) {
    it(`judges ${name}`, () => {
      const finding = sourceFinding(source(isFetchedHere), answers);
      assert.equal(finding.level, level);
      told([finding]);
    });
  }
});

describe("formatFindings", () => {
  it("groups, aligns, says what to do, and counts", () => {
    const group = "tools";
    const text = formatFindings([
      { level: "ok", group, subject: "a", message: "fine" },
      { level: "fail", group, subject: "bcd", message: "wrong", fix: "mend it" },
      { level: "warn", group: "clocks", subject: "e", message: "late", fix: "set it" },
    ]);
    assert.equal(
      text,
      [
        "tools",
        "  ok    a    fine",
        "  fail  bcd  wrong",
        "        → mend it",
        "clocks",
        "  warn  e    late",
        "        → set it",
        "",
        "1 ok, 1 warn, 1 fail",
      ].join("\n"),
    );
  });
});
