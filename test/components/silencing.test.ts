import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { releaseFindings, releaseValues } from "../../components/cilium/releaseValues";
import { type Found, knownRules, sift, silencedRuleProblems } from "../../components/silencing";
import { type ClusterSpecInput, parseCiliumSpec, parseClusterSpec } from "../../components/spec";
import { minimalCluster } from "./spec/minimalCluster";

const ids = (found: readonly { id: string }[]) => found.map(({ id }) => id);
const found = (id: string, warns = false): Found => ({
  id,
  propertyPath: "x",
  reason: "why",
  fix: "how",
  warns,
});

describe("silencedRules (which rules are heard; that a preview shows them is proved on the lab)", () => {
  it("takes a warning and a refusal out, and keeps both to be shown", () => {
    const all = [found("host-bits", true), found("host-dns-masquerade"), found("node-address")];
    const { problems, warnings, silenced } = sift(all, ["host-bits", "host-dns-masquerade"]);
    assert.deepEqual(ids(problems), ["node-address"]);
    assert.deepEqual(ids(warnings), []);
    assert.deepEqual(ids(silenced), ["host-bits", "host-dns-masquerade"]);
  });

  it("does not take out what no cluster comes up without, and says so", () => {
    const { problems } = sift([found("talos-kubernetes")], ["talos-kubernetes"]);
    assert.deepEqual(ids(problems), ["talos-kubernetes"]);
    const [problem] = silencedRuleProblems(["host-bits", "talos-kubernetes"]);
    assert.equal(problem?.propertyPath, "silencedRules[1]");
    assert.match(problem.reason, /no cluster comes up/);
  });

  it("names the nearest id for one that is unknown", () => {
    const [problem] = silencedRuleProblems(["host-dns-masqurade"]);
    assert.match(problem!.fix, /host-dns-masquerade\?/);
    assert.doesNotMatch(silencedRuleProblems(["zzzz"])[0]!.fix, /did you mean/);
  });

  it("knows each id that the documentation has, and no other", () => {
    const page = readFileSync(path.resolve(__dirname, "../../docs/rules.md"), "utf8");
    const documented = [...page.matchAll(/^- <a.*a>\*\*([a-z0-9-]+)\*\*(.*)$/gm)];
    assert.deepEqual(
      [...new Set(documented.map(([, id]) => id))].sort(),
      [...knownRules().keys()].sort(),
    );
    for (const [, id, line] of documented) {
      assert.equal(/^ \((warns|may be silenced)\)/.test(line!), knownRules().get(id!), id);
    }
  });

  const cluster = (cilium: object, silencedRules: string[]): ClusterSpecInput => ({
    ...minimalCluster({ silencedRules }),
    cilium: { version: "1.20.0", ...cilium },
  });
  const values = { gatewayAPI: { enabled: true }, egressGateway: { enabled: true } };

  it("holds for what is found in the chart's values", () => {
    const parsed = parseClusterSpec(
      cluster({ values }, ["gateway-without-address", "egress-gateway-without-masquerade"]),
      { alsoCheck: releaseFindings },
    );
    assert.deepEqual(parsed.problems, []);
    assert.deepEqual(parsed.warnings, []);
    assert.deepEqual(ids(parsed.silenced).sort(), [
      "egress-gateway-without-masquerade",
      "gateway-without-address",
    ]);
    const loud = parseClusterSpec(cluster({ values }, []), { alsoCheck: releaseFindings });
    assert.deepEqual(ids(loud.problems), ["egress-gateway-without-masquerade"]);
    assert.deepEqual(ids(loud.warnings), ["gateway-without-address"]);
  });

  it("holds where only Cilium is installed", () => {
    const silencedRules = ["gateway-without-address", "egress-gateway-without-masquerade"];
    const { spec } = parseCiliumSpec({ version: "1.20.0", values }, silencedRules);
    const surroundings = { k8sServiceHost: "127.0.0.1", k8sServicePort: 7445, silencedRules };
    const { problems, warnings, silenced } = releaseValues(spec!, surroundings);
    assert.deepEqual([...problems, ...warnings], []);
    assert.equal(silenced.length, 2);
    const refused = parseCiliumSpec({ version: "1.20.0" }, ["unknown-chart-key"]);
    assert.deepEqual(ids(refused.problems), ["silenced-rule"]);
  });
});
