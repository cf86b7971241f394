import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";

import { load } from "js-yaml";

import { releaseValues } from "../../../components/cilium/releaseValues";
import { renderCilium } from "../../../components/cilium/rendering/renderCilium";
import { parseCiliumSpec } from "../../../components/spec";
import { certificateAuthority, serverCertificate } from "../../../lab/nodes/certificates";
import { useLabHelm } from "../../support/labHelm";
import { labBinaries } from "../../support/testLab";

const CHART = path.resolve(__dirname, "../../../lab/charts/cilium");

function rendering(chart: string) {
  const { spec } = parseCiliumSpec({ version: "1.20.0", chart });
  const { values, problems } = releaseValues(spec!, {});
  assert.deepEqual(problems, []);
  return renderCilium(spec!, values, "1.36.3");
}

describe("where a chart comes from without the internet (the stand-in chart by the real Helm)", function () {
  this.timeout(20_000);
  useLabHelm();
  let folder = "";
  let archive: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "charts-"));
    const helm = labBinaries()!["helm"]!;
    execFileSync(helm, ["package", CHART, "--destination", folder], { stdio: "ignore" });
    archive = path.join(folder, "cilium-1.20.0.tgz");
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it("is the same from a folder and from an archive", () => {
    const { rendered } = rendering(CHART);
    assert.ok(rendered);
    assert.equal(rendering(archive).rendered?.text, rendered.text);
  });

  it("is the same from an OCI registry, whose CA a file of SSL_CERT_FILE holds", async () => {
    const authority = await certificateAuthority({ keyType: "ec" });
    const names = ["127.0.0.1"];
    const registry = new Worker(path.resolve(__dirname, "../../support/ociRegistry.mjs"), {
      workerData: {
        ...(await serverCertificate(authority, { commonName: "registry", names })),
        archive: readFileSync(archive),
        metadata: load(readFileSync(path.join(CHART, "Chart.yaml"), "utf8")) as object,
        name: "charts/cilium",
        tag: "1.20.0",
      },
    });
    const trusted = path.join(folder, "ca.pem");
    writeFileSync(trusted, authority.cert);
    const before = process.env["SSL_CERT_FILE"];
    process.env["SSL_CERT_FILE"] = trusted;
    try {
      const [port] = (await once(registry, "message")) as [number];
      const { rendered, problems } = rendering(`oci://127.0.0.1:${port}/charts/cilium`);
      assert.deepEqual(problems, []);
      assert.equal(rendered?.text, rendering(CHART).rendered?.text);
      const [missing] = rendering(`oci://127.0.0.1:${port}/charts/none`).problems;
      assert.equal(missing?.id, "chart-not-rendered");
    } finally {
      if (before === undefined) delete process.env["SSL_CERT_FILE"];
      else process.env["SSL_CERT_FILE"] = before;
      await registry.terminate();
    }
  });
});
