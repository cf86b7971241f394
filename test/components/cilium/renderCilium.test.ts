import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { parse, parseAllDocuments } from "yaml";

import { releaseValues } from "../../../components/cilium/releaseValues";
import { sizeProblems } from "../../../components/cilium/rendering/clusterRendering";
import { runTemplate, templateArguments } from "../../../components/cilium/rendering/helm";
import {
  hasKeys,
  manifestText,
  renderedObjects,
} from "../../../components/cilium/rendering/manifestText";
import { renderCilium } from "../../../components/cilium/rendering/renderCilium";
import { settingsOf } from "../../../components/cilium/installation";
import { parseCiliumSpec } from "../../../components/spec";
import { useLabHelm } from "../../support/labHelm";

const CHART = path.resolve(__dirname, "../../../lab/charts/cilium");

function rendering(cilium: object, values: object = {}) {
  const { spec } = parseCiliumSpec({ version: "1.20.0", chart: CHART, ...cilium });
  return renderCilium(spec!, { ...releaseValues(spec!, {}).values, ...values }, "1.36.3");
}

describe("templateArguments", () => {
  it("asks no cluster, and names what a cluster would answer", () => {
    const request = { chart: "cilium", version: "1.20.0" };
    assert.deepEqual(
      templateArguments({
        ...request,
        repo: "https://charts.example.org",
        kubernetesVersion: "1.36.3",
        apiVersions: ["example.org/v1/Thing"],
      }).join(" "),
      "template cilium cilium --namespace kube-system --skip-tests --version 1.20.0 --values - --repo https://charts.example.org --kube-version 1.36.3 --api-versions example.org/v1/Thing",
    );
    assert.ok(!templateArguments(request).includes("--repo"));
  });
});

describe("runTemplate (with a program that gives its values back)", () => {
  it("gives Helm the values as they are", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "helm-"));
    const before = process.env["HELM_BIN"];
    try {
      process.env["HELM_BIN"] = path.join(directory, "helm");
      writeFileSync(process.env["HELM_BIN"], "#!/bin/sh\nexec cat\n", { mode: 0o755 });
      const values = { debug: { enabled: true }, policyCIDRMatchMode: ["nodes"] };
      const given = runTemplate({ chart: "cilium", version: "1.20.0" }, values, directory);
      assert.deepEqual(JSON.parse(given), values);
    } finally {
      if (before === undefined) delete process.env["HELM_BIN"];
      else process.env["HELM_BIN"] = before;
      rmSync(directory, { recursive: true });
    }
  });
});

describe("manifestText", () => {
  const yaml = [
    "# Source: cilium/templates/a.yaml",
    "kind: ConfigMap",
    "apiVersion: v1",
    'metadata: {name: a, namespace: kube-system, labels: {x: "y"}}',
    'data: {mode: "0400", "on": "off", time: "1:30"}',
    "---",
    "# nothing",
    "---",
    "apiVersion: apps/v1",
    "kind: DaemonSet",
    "metadata: {name: cilium}",
    "spec: {defaultMode: 0400, started: 2001-01-01, enabled: yes}",
  ].join("\n");

  it("reads what Go reads, octal modes and words, and keeps the order", () => {
    const [map, daemonSet, ...more] = renderedObjects(yaml);
    assert.deepEqual(more, []);
    assert.deepEqual(map?.["data"], { mode: "0400", on: "off", time: "1:30" });
    assert.deepEqual(daemonSet?.["spec"], {
      defaultMode: 256,
      started: "2001-01-01",
      enabled: true,
    });
  });

  it("marks each as Helm's own, and says them to any YAML reader alike", () => {
    const objects = renderedObjects(yaml);
    assert.deepEqual(objects[0]!.metadata.labels, {
      x: "y",
      "app.kubernetes.io/managed-by": "Helm",
    });
    const text = manifestText(objects);
    for (const version of ["1.1", "1.2"] as const) {
      const read = parseAllDocuments(text, { version }).map((each) => each.toJS() as unknown);
      assert.deepEqual(read, objects);
    }
  });

  it("tells a Secret with content from one without", () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } };
    assert.equal(hasKeys([secret]), false);
    assert.equal(hasKeys([{ ...secret, data: { "tls.key": "a2V5" } }]), true);
    assert.equal(hasKeys([{ ...secret, kind: "ConfigMap", data: { a: "b" } }]), false);
  });

  it("refuses a manifest that no machine takes", () => {
    assert.deepEqual(sizeProblems("é", 2), []);
    const [problem] = sizeProblems("é".repeat(2 * 1024 * 1024), 1024 * 1024);
    assert.equal(problem?.id, "inline-manifest-size");
    assert.match(problem.reason, /renders to 4\.0 MiB, and machines take 1\.0 MiB/);
  });
});

describe("renderCilium (the stand-in chart by the real Helm)", function () {
  this.timeout(20_000);
  useLabHelm();

  it("gives objects without a key in them, and the settings that the gate looks for", () => {
    const { rendered } = rendering({});
    assert.equal(rendered?.isSecret, false);
    const { config, image } = settingsOf(rendered.objects);
    assert.equal(config["ipam"], "kubernetes");
    assert.match(image!, /cilium/);
    const modes = /defaultMode: (\d+)/.exec(rendered.text);
    if (modes) assert.equal(Number(modes[1]) <= 511, true);
  });

  it("gives the same bytes for the same values, whatever their order", () => {
    const one = rendering({}, { debug: { enabled: true }, bpf: { masquerade: false } });
    const other = rendering({}, { bpf: { masquerade: false }, debug: { enabled: true } });
    assert.equal(one.rendered?.text, other.rendered?.text);
    assert.notEqual(one.rendered?.text, rendering({}).rendered?.text);
  });

  it("refuses values with which each render makes new keys", () => {
    const tls = { enabled: true, auto: { enabled: true, method: "helm" } };
    const { problems } = rendering({}, { hubble: { enabled: true, tls } });
    assert.deepEqual(
      problems.map(({ id }) => id),
      ["fresh-keys"],
    );
  });

  it("changes nothing for Helm 3 by the keys that Helm 4 has to get", () => {
    const request = { chart: CHART, version: "1.20.0", kubernetesVersion: "1.36.3" };
    // Without Hubble there are no keys, which are other ones each time.
    const values = { debug: { enabled: true }, hubble: { enabled: false } };
    const plain = execFileSync(process.env["HELM_BIN"]!, templateArguments(request), {
      input: JSON.stringify(values),
      encoding: "utf8",
    });
    assert.match(plain, /policy-cidr-match-mode: ""/);
    assert.equal(runTemplate(request, values, "."), plain);
  });

  it("says what Helm says of a chart that it cannot render", () => {
    const { problems } = rendering({ chart: path.join(CHART, "templates") });
    assert.equal(problems[0]?.id, "chart-not-rendered");
    assert.match(problems[0].reason, /^helm template: .*Chart\.yaml/);
  });

  it("asks the repository, whatever is called like its chart where the program runs", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "helm-"));
    try {
      cpSync(CHART, path.join(directory, "cilium"), { recursive: true });
      const { spec } = parseCiliumSpec({
        ...{ version: "1.20.0", installMethod: "manifests" },
        repositoryOpts: { repo: "http://127.0.0.1:1" },
      });
      const rendered = (chart: string) =>
        renderCilium(
          { ...spec!, chart },
          releaseValues(spec!, {}, directory).values,
          "1.36.3",
          directory,
        );
      assert.match(rendered("cilium").problems[0]?.reason ?? "it took it", /127\.0\.0\.1:1/);
      assert.deepEqual(rendered("./cilium").problems, []);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("says where there is no Helm", () => {
    process.env["HELM_BIN"] = "/nowhere/helm";
    const { problems } = rendering({});
    assert.equal(problems[0]?.id, "helm-missing");
  });

  it("reads what it wrote: a patch of control planes holds the same objects", async () => {
    const { inlineManifestPatch } = await import("../../../components/patches");
    const { rendered } = rendering({});
    const patch = parse(inlineManifestPatch("cilium", rendered!.text), { version: "1.1" }) as {
      cluster: { inlineManifests: { name: string; contents: string }[] };
    };
    const [{ name, contents }] = patch.cluster.inlineManifests as [
      { name: string; contents: string },
    ];
    assert.equal(name, "cilium");
    assert.equal(contents, rendered!.text);
  });
});
