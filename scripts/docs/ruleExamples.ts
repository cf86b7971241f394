import { readFileSync, readdirSync } from "node:fs";
import { basename, resolve } from "node:path";

import { environmentProblems } from "../../commands/new/environmentProblems";
import { keyProblems } from "../../commands/omni/omniFiles";
import { readStackText } from "../../commands/stackFile/readStackFile";
import { apiServerWarnings } from "../../components/cilium/apiServerWarnings";
import {
  chartProblems,
  chartTagProblems,
  chartWarnings,
} from "../../components/cilium/chartProblems";
import { gatewayCRDsProblems } from "../../components/cilium/gatewayAPI/crds";
import { versionProblems } from "../../components/cilium/cli/cliVersion";
import { handOverProblems, handOverWarnings } from "../../components/cilium/handOver/chartSource";
import { unwritable } from "../../components/cilium/hosted/hostedFile";
import { hostedFindings } from "../../components/cilium/hosted/hostedFindings";
import { jobChangeFindings } from "../../components/cilium/job/jobChange";
import { keptValueFindings } from "../../components/cilium/keptValues";
import { meshChangeFindings } from "../../components/cilium/meshChange";
import { methodProblems, methodWarnings } from "../../components/cilium/methodProblems";
import { platformProblems } from "../../components/cilium/platform";
import { pruningFindings } from "../../components/cilium/pruning";
import { sizeProblems } from "../../components/cilium/rendering/clusterRendering";
import {
  FRESH_KEYS,
  HELM_MISSING,
  HOSTED_KEYS,
  notRendered,
} from "../../components/cilium/rendering/refusals";
import { latchProblems } from "../../components/latch";
import { machineChangeFindings, notedMachines } from "../../components/machineChange";
import type { Problem } from "../../components/problems";
import { parseCiliumSpec } from "../../components/spec";
import { upgradePathFindings } from "../../components/upgradePath";
import {
  type ChartValues,
  checkClashes,
  checkTalosValues,
  checkValues,
  minorNumber,
} from "../../components/values";
import { valuesFixtures } from "../../test/support/valuesFixtures";
import { migrationExamples } from "./migrationExamples";

const ROOT = resolve(__dirname, "../..");
const FIXTURES = resolve(ROOT, "test/fixtures");

/** What the program says when a rule fires, and whether it goes on. */
export interface RuleExample extends Problem {
  readonly warns: boolean;
}

/** One example for each rule about a stack file, by id: what is said of the files under test/fixtures. */
export function stackFileExamples(): Map<string, RuleExample> {
  const examples = new Map<string, RuleExample>();
  for (const kind of ["invalid", "valid"]) {
    for (const file of readdirSync(resolve(FIXTURES, kind)).sort()) {
      if (!file.endsWith(".yaml") || file.startsWith("everything")) continue;
      const reading = readStackText(readFileSync(resolve(FIXTURES, kind, file), "utf8"));
      const found = [
        ...reading.problems.map((problem) => ({ ...problem, warns: false })),
        ...reading.warnings.map((warning) => ({ ...warning, warns: true })),
      ];
      for (const example of found) {
        // A file that is named after its fault shows it best.
        const isBest = basename(file, ".yaml").replace(/^warns-/, "") === example.id;
        if (isBest || !examples.has(example.id)) examples.set(example.id, example);
      }
    }
  }
  return examples;
}

/** What is said of a file before anything in it is read. */
export function fileExamples(): Map<string, RuleExample> {
  const problems = [
    ...readStackText("config:\n\ttalos-cilium:cluster: {}\n").problems,
    ...environmentProblems("my home", ""),
    ...environmentProblems("dev", resolve(ROOT, "Pulumi.dev.yaml")),
  ];
  return new Map(problems.map((problem) => [problem.id, { ...problem, warns: false }]));
}

/** One example for each rule about values that do not go together, of the files under test/fixtures/values. */
export function clashExamples(): Map<string, RuleExample> {
  const examples = new Map<string, RuleExample>();
  for (const { name, rule, version, nodes, fails } of valuesFixtures()) {
    const context = { minor: minorNumber(version), nodes };
    const { problems, warnings } = checkClashes(fails, fails, context);
    const found = [
      ...problems.map((problem) => ({ ...problem, warns: false })),
      ...warnings.map((warning) => ({ ...warning, warns: true })),
    ];
    const example = found.find(({ id }) => id === rule);
    if (example && (name === rule || !examples.has(rule))) examples.set(rule, example);
  }
  return examples;
}

const VERSION = "1.20.0";
const CLI = "0.19.7";
const WITHOUT_INSTALLER = {
  version: VERSION,
  installMethod: "none",
  lbIPAM: { pools: { home: { blocks: [{ cidr: "10.5.0.128/26" }] } } },
};

/** Specs that do not go with their way of installing Cilium. */
const METHODS = [
  WITHOUT_INSTALLER,
  { version: VERSION, installMethod: "inline", gatewayAPI: {} },
  { version: VERSION, installMethod: "hosted", hosted: { url: "ftp://10.5.0.5/cilium.yaml" } },
  { version: VERSION, installMethod: "job" },
  {
    version: VERSION,
    installMethod: "cli",
    chart: "./cilium-1.20.0.tgz",
    cli: { version: CLI },
  },
];
const JOB = { installMethod: "job", version: VERSION } as const;
const HOSTED = {
  file: "cilium-home.yaml",
  url: "http://10.5.0.5/cilium.yaml",
  sha256: "a54bb2f5e2af41c1ac2ff8ac1b4c8c8cd0e2f7d9b4d3a8d6f0f3ad9d4c1d0f7b",
};

const withIPsec = () => {
  const { spec } = readStackText(readFileSync(resolve(FIXTURES, "valid/minimal.yaml"), "utf8"));
  return {
    ...spec!,
    cilium: parseCiliumSpec({ version: VERSION, encryption: { type: "ipsec" } }).spec!,
  };
};

const withCRDs = (crds: string) =>
  parseCiliumSpec({ version: VERSION, gatewayAPI: { crds } }).spec!;

const handedOver = (cilium: object) =>
  parseCiliumSpec({ version: VERSION, managedBy: "flux", ...cilium }).spec!;

/** Every kind of change at machines, of one cluster. */
function machineChangeExamples() {
  const { spec } = readStackText(readFileSync(resolve(FIXTURES, "valid/minimal.yaml"), "utf8"));
  const [controlPlane, ...others] = spec!.nodes;
  const worker = (hostname: string, ipAddress: string) =>
    ({ ...controlPlane!, hostname, ipAddress, machineType: "worker" }) as const;
  const before = {
    ...spec!,
    nodes: [
      controlPlane!,
      ...others,
      worker("storage-1", "10.5.0.31"),
      worker("gpu-1", "10.5.0.32"),
    ],
  };
  const after = {
    ...spec!,
    podSubnets: ["10.245.0.0/16"],
    nodes: [
      { ...controlPlane!, machineType: "worker" } as const,
      ...others,
      { ...worker("storage-1", "10.5.0.31"), taints: { "example.org/storage": "NoSchedule" } },
      worker("gpu-2", "10.5.0.32"),
    ],
  };
  return machineChangeFindings(notedMachines(before), after);
}

/** What is said of the chart, of its values and of what is latched, each with the least that shows it. */
export function otherExamples(): Map<string, RuleExample> {
  const ofValues = (values: ChartValues) => [
    ...checkValues(values, VERSION),
    ...checkTalosValues(values),
  ];
  const latched = {
    propertyPath: "configContract",
    value: "v1.13",
    reason: "another contract generates other defaults for machines that already run",
    fix: 'set it back to "$kept"; upgrade Talos itself with talosVersion',
  };
  const problems = [
    ...ofValues({ bpf: { masquerde: true } }),
    ...ofValues({ tunnel: "vxlan" }),
    ...ofValues({ ipam: "kubernetes" }),
    ...ofValues({ ipam: null }),
    ...ofValues({ routingMode: "direct" }),
    ...ofValues({ cluster: { name: "Home" } }),
    ...ofValues({ securityContext: { capabilities: { ciliumAgent: ["SYS_MODULE"] } } }),
    ...ofValues({ nodeinit: { enabled: true } }),
    ...ofValues({ hubble: { enabled: true, tls: { auto: { enabled: true, method: "helm" } } } }),
    ...chartProblems("./charts/cilium", "/clusters"),
    ...chartTagProblems("oci://quay.io/cilium/charts/cilium:1.19.6", VERSION),
    ...gatewayCRDsProblems(withCRDs("./gateway-api.yaml"), "/clusters"),
    HELM_MISSING,
    notRendered("./charts/cilium-1.20.0.tgz", "file does not appear to be a gzipped archive"),
    FRESH_KEYS,
    ...sizeProblems("x".repeat(2 * 1024 * 1024), 1024 * 1024),
    ...METHODS.flatMap((cilium) => methodProblems(parseCiliumSpec(cilium).spec!)),
    ...versionProblems(CLI, undefined),
    ...versionProblems(CLI, "cilium-cli: v0.18.2 compiled with go1.24.1 on linux/amd64"),
    HOSTED_KEYS,
    unwritable("/srv/cilium.yaml", "/srv/cilium.yaml", { code: "EROFS", message: "" }),
    ...hostedFindings(HOSTED, { failure: "connect ECONNREFUSED 10.5.0.5:80" }),
    ...hostedFindings(HOSTED, { sha256: "0b6c7b5d4a7e" }),
    ...jobChangeFindings({}, JOB),
    ...jobChangeFindings({ ...JOB, version: "1.19.6" }, JOB),
    ...keyProblems(withIPsec()),
    ...handOverProblems(handedOver({ installMethod: "inline" })),
    ...platformProblems(parseCiliumSpec({ version: VERSION, hostFirewall: {} }).spec!, "k3s"),
    ...latchProblems([latched], ["v1.12"]),
    ...migrationExamples(),
  ];
  const warnings = [
    ...handOverWarnings(handedOver({ chart: "./charts/cilium" })),
    ...chartWarnings("./lab/charts/cilium", "1.19.0", ROOT),
    ...apiServerWarnings({ kubeProxyReplacement: true }),
    ...methodWarnings(parseCiliumSpec({ version: VERSION, installMethod: "job" }).spec!),
    ...pruningFindings({ byTalos: ["DaemonSet kube-system/cilium"] }, { installMethod: "release" }),
    ...keptValueFindings({ installMethod: "inline", values: "a" }, { values: "b" }),
  ];
  const from = { talos: "v1.12.4", kubernetes: "1.34.2", cilium: "1.18.12" };
  const ways = [
    ...upgradePathFindings(from, { ...from, cilium: "1.20.0" }),
    ...upgradePathFindings(from, { ...from, kubernetes: "1.33.9" }),
    ...upgradePathFindings(from, { ...from, kubernetes: "1.35.4", cilium: "1.19.6" }),
  ];
  const home = { name: "home", id: 1, maxConnectedClusters: 255 };
  ways.push(
    ...meshChangeFindings({ meshMember: home }, { meshMember: { ...home, id: 2 } }),
    ...meshChangeFindings({ meshMember: { ...home, id: 0 } }, { meshMember: home }),
    ...machineChangeExamples(),
  );
  const examples: RuleExample[] = [
    ...problems.map((problem) => ({ ...problem, warns: false })),
    ...warnings.map((warning) => ({ ...warning, warns: true })),
    ...ways.map((way) => ({ ...way, warns: way.warns === true })),
  ];
  return new Map(examples.map((example) => [example.id, example]));
}
