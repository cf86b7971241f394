import { formatValue } from "../../components/problems";
import { redact } from "../../components/secretForms";
import { knownRules } from "../../components/silencing";
import {
  brokenGatewayAPI,
  ciliumGatewayAPI,
  ciliumKubernetes,
  talosKubernetes,
} from "../../components/spec/compatibility";
import { patchRules } from "../../components/spec/configPatches";
import { addressRules } from "../../components/spec/rules/addresses";
import { linkRouteRules } from "../../components/spec/rules/linkRoutes";
import { linkRules } from "../../components/spec/rules/links";
import { sharedAddressRules } from "../../components/spec/rules/sharedAddresses";
import { ciliumRules } from "../../components/spec/rules/cilium";
import { clusterEndpointRules } from "../../components/spec/rules/clusterEndpoint";
import { configKeyRules } from "../../components/spec/rules/configKeys";
import { controlPlaneRules } from "../../components/spec/rules/controlPlanes";
import { exposureRules } from "../../components/spec/rules/exposure";
import { featureRules } from "../../components/spec/rules/features";
import { installRules } from "../../components/spec/rules/install";
import { meshClusterRules } from "../../components/spec/rules/features/clusterMesh";
import { kubeSpanRules } from "../../components/spec/rules/kubeSpan";
import { machineRules } from "../../components/spec/rules/machines";
import { migrationRules } from "../../components/spec/rules/migration";
import { nameRules } from "../../components/spec/rules/names";
import { secretRules } from "../../components/spec/rules/secrets";
import { servingCertRules } from "../../components/spec/rules/servingCerts";
import { subnetRules } from "../../components/spec/rules/subnets";
import { timingRules } from "../../components/spec/rules/timing";
import { versionRules } from "../../components/spec/rules/versions";
import { clashRules } from "../../components/values/clashRules";
import { deprecatedKeys } from "../../components/values/clashRules/deprecatedKeys";
import { type DataPathRule, dataPathRules } from "../../components/values/dataPathRules";
import { removedKeys } from "../../components/values/removedKeys";
import { renderRules } from "../../components/values/renderRules";
import { wordRules } from "../../components/values/wordRules";
import {
  type RuleExample,
  clashExamples,
  fileExamples,
  otherExamples,
  stackFileExamples,
} from "./ruleExamples";

type Rules = readonly { readonly id: string }[];

/** What is not a row of the rules goes to the topic that its name begins with, else to the shape. */
const TOPICS: readonly (readonly [title: string, rules: Rules])[] = [
  ["Names", nameRules],
  ["Versions", versionRules],
  ["Control planes", controlPlaneRules],
  ["Cluster endpoint", clusterEndpointRules],
  ["Networks", subnetRules],
  ["Addresses", addressRules],
  ["Network interfaces", [...linkRules, ...sharedAddressRules, ...linkRouteRules]],
  [
    "Cilium beside Talos",
    [...ciliumRules, ...kubeSpanRules, ...meshClusterRules, ...servingCertRules],
  ],
  ...Object.entries(featureRules),
  ["Addresses of Services in a cluster", exposureRules],
  ["From Flannel to Cilium", migrationRules],
  ["Machines", machineRules],
  ["Installation", installRules],
  ["Time limits", timingRules],
  ["Secrets", [...secretRules, { id: "nested-secret" }]],
  ["Keys of the stack file", configKeyRules],
];

/** `docs/rules.md`: every rule with what the program says when it fires. */
export function rulesPage(): string {
  const examples = stackFileExamples();
  const others = otherExamples();
  const patches = [...patchRules.map(({ id }) => id)];
  const topical = TOPICS.flatMap(([, rules]) => rules.map(({ id }) => id));
  const rest = [...examples.keys()].filter((id) => !topical.includes(id));
  const ofPatches = rest.filter((id) => id.startsWith("patch-") || patches.includes(id));
  const ofShape = rest.filter((id) => !ofPatches.includes(id));
  const lines = (ids: readonly string[], from = examples) =>
    [...new Set(ids)].map((id) => exampleLine(from.get(id)!)).join("\n");
  return `<!-- Written by \`npx tsx scripts/writeDocs.ts\` from the rules and the files under test/fixtures. -->

# Rules

What is refused, and what warns, before anything is touched: in \`npm run validate\`, in every preview
and in every \`up\`. All that is wrong is said at once. The id stands in brackets in each message, whose
last line leads to its entry here: beside it is one example of what is said. Rules that can be wrong about you only warn.

A rule is silenced by its id in \`silencedRules\` of the cluster (or of \`CiliumArgs\`, where only Cilium is
installed). Warnings may be, and of the others those that are marked here: the cluster comes up without
them. An id that is unknown, or that may not be silenced, is refused. The preview says what a silenced
rule found, \`npm run validate\` and the summary of a preview as well.

## Files

${lines([...fileExamples().keys()], fileExamples())}

## Shape

${lines(ofShape)}

${TOPICS.map(([title, rules]) => `## ${title}\n\n${lines(rules.map(({ id }) => id))}`).join("\n\n")}

## Versions that go together

The rules about versions read these from \`components/spec/compatibility.ts\`, which names the source of
each. A pair that nobody tested warns; one that does not work is refused, and so is a release that is in
no row, unless the rule is silenced.

| Talos | runs Kubernetes |
| --- | --- |
${Object.entries(talosKubernetes)
  .map(([minor, { from, to }]) => row(`1.${minor}`, `1.${from} to 1.${to}`))
  .join("\n")}

| Cilium | was tested with Kubernetes | was made for Gateway API |
| --- | --- | --- |
${Object.entries(ciliumKubernetes)
  .map(([minor, { from, to }]) =>
    row(`1.${minor}`, `1.${from} to 1.${to}`, ciliumGatewayAPI[Number(minor)] ?? ""),
  )
  .join("\n")}

| Cilium | does not work with Gateway API | because |
| --- | --- | --- |
${brokenGatewayAPI
  .map(({ cilium, gatewayAPI, reason }) => row(minors(cilium), minors(gatewayAPI), reason))
  .join("\n")}

## Patches of the machine configuration

Talos' own library judges the same way: the tests compare the two.

${lines(ofPatches)}

## Values that do not go together

The chart renders all of these without a word. They are judged as the chart gets them in the end, so
they hold for keys of \`cilium\` and for its \`values\` alike.

${lines(
  clashRules.map(({ id }) => id),
  clashExamples(),
)}

## Chart, values and what is frozen

${lines([...others.keys()], others)}

## Data path

What the chart renders and agents then refuse, drop in silence or lose packets with; judged by the values
that the chart gets, whether they come from keys of \`cilium\` or from its \`values\`.

${dataPathLines()}

## Words, combinations and removed keys

### Words of \`chart-value-word\`

| value | takes | otherwise |
| --- | --- | --- |
${Object.entries(wordRules)
  .map(([path, { words, since = {}, harm }]) => {
    const word = (each: string) =>
      code(each) + (since[each] === undefined ? "" : ` (from 1.${since[each]})`);
    return row(code(path), words.filter(Boolean).map(word).join(", "), harm);
  })
  .join("\n")}

### Combinations of \`chart-value-refused\`

| value | from | refused when | fix |
| --- | --- | --- | --- |
${renderRules.map(({ path, since, reason, fix }) => row(code(path), `1.${since}`, reason, fix)).join("\n")}

### Keys of \`removed-chart-key\`

| key | gone since | instead |
| --- | --- | --- |
${removedKeys.map(({ path, since, fix }) => row(code(path), since, fix)).join("\n")}

### Keys of \`deprecated-chart-key\`

| key | deprecated since | instead |
| --- | --- | --- |
${deprecatedKeys.map(({ path, since, fix }) => row(code(path), `1.${since}`, fix)).join("\n")}
`;
}

/** One entry for each id, with a line for each of its rows. */
function dataPathLines(): string {
  const says = ({ path, input, reason, fix }: DataPathRule) =>
    `${code(input ? `cilium.${input}` : `cilium.values.${path}`)}: ${escaped(`${reason}. Fix: ${fix}`)}`;
  return [...new Set(dataPathRules.map(({ id }) => id))]
    .flatMap((id) =>
      dataPathRules
        .filter((rule) => rule.id === id)
        .map((rule, row) =>
          row === 0 ? `- ${name(id)}${mark(id, rule.warns)}: ${says(rule)}` : `  - ${says(rule)}`,
        ),
    )
    .join("\n");
}

function exampleLine({ id, warns, propertyPath, got, reason, fix }: RuleExample): string {
  const where = propertyPath === "" ? "the cluster" : code(propertyPath);
  const value = got === undefined ? "" : `, got ${code(formatValue(got))}`;
  const says = redact(`${reason}. Fix: ${fix}`).replaceAll("\n", " ");
  return `- ${name(id)}${mark(id, warns)}: ${where}${value}: ${escaped(says)}`;
}

/** The id, and the place that messages lead to. */
function name(id: string): string {
  return `<a id="${id}"></a>**${id}**`;
}

function mark(id: string, warns = false): string {
  if (warns) return " (warns)";
  return knownRules().get(id) ? " (may be silenced)" : "";
}

/** Words of messages are no HTML and no emphasis. */
function escaped(text: string): string {
  return text.replace(/[<>*|]/g, (sign) => `\\${sign}`);
}

function minors({ from, to }: { from: number; to: number }): string {
  if (to === 99) return `1.${from} and newer`;
  return from === to ? `1.${from}` : `1.${from} to 1.${to}`;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** Code that may hold backticks itself. */
function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}
