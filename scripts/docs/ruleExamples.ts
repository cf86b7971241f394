import { readFileSync, readdirSync } from "node:fs";
import { basename, resolve } from "node:path";

import { environmentProblems } from "../../commands/new/environmentProblems";
import { readStackText } from "../../commands/stackFile/readStackFile";
import { apiServerWarnings } from "../../components/cilium/apiServerWarnings";
import { chartProblems, chartWarnings } from "../../components/cilium/chartProblems";
import { gatewayCRDsProblems } from "../../components/cilium/gatewayAPI/crds";
import { methodProblems } from "../../components/cilium/methodProblems";
import { sizeProblems } from "../../components/cilium/rendering/clusterRendering";
import { FRESH_KEYS, HELM_MISSING, notRendered } from "../../components/cilium/rendering/refusals";
import { latchProblems } from "../../components/latch";
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
const WITHOUT_INSTALLER = {
  version: VERSION,
  installMethod: "none",
  lbIPAM: { pools: { home: { blocks: [{ cidr: "10.5.0.128/26" }] } } },
};

const GATEWAY_INLINE = { version: VERSION, installMethod: "inline", gatewayAPI: {} };

const withCRDs = (crds: string) =>
  parseCiliumSpec({ version: VERSION, gatewayAPI: { crds } }).spec!;

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
    ...gatewayCRDsProblems(withCRDs("./gateway-api.yaml"), "/clusters"),
    HELM_MISSING,
    notRendered("./charts/cilium-1.20.0.tgz", "file does not appear to be a gzipped archive"),
    FRESH_KEYS,
    ...sizeProblems("x".repeat(2 * 1024 * 1024), 1024 * 1024),
    ...methodProblems(parseCiliumSpec(WITHOUT_INSTALLER).spec!),
    ...methodProblems(parseCiliumSpec(GATEWAY_INLINE).spec!),
    ...latchProblems([latched], ["v1.12"]),
    ...migrationExamples(),
  ];
  const warnings = [
    ...chartWarnings("./lab/charts/cilium", "1.19.0", ROOT),
    ...apiServerWarnings({ kubeProxyReplacement: true }),
  ];
  const from = { talos: "v1.12.4", kubernetes: "1.34.2", cilium: "1.18.12" };
  const ways = [
    ...upgradePathFindings(from, { ...from, cilium: "1.20.0" }),
    ...upgradePathFindings(from, { ...from, kubernetes: "1.33.9" }),
    ...upgradePathFindings(from, { ...from, kubernetes: "1.35.4", cilium: "1.19.6" }),
  ];
  const examples: RuleExample[] = [
    ...problems.map((problem) => ({ ...problem, warns: false })),
    ...warnings.map((warning) => ({ ...warning, warns: true })),
    ...ways.map((way) => ({ ...way, warns: way.warns === true })),
  ];
  return new Map(examples.map((example) => [example.id, example]));
}
