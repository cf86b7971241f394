import assert from "node:assert/strict";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";

import { assertFailed } from "../support/assertFailed";
import { ciliumCLI } from "../support/ciliumCLI";
import { installedCilium } from "../support/installedCilium";
import { TestLab, requireBinaries } from "../support/testLab";

const CHART = path.resolve(__dirname, "../../lab/charts/cilium");

/** What Helm begins to apply, and the API server then refuses, where `debug.enabled` is set. */
const REFUSED = `{{- if (.Values.debug).enabled }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: nowhere
  namespace: not-there
{{- end }}
`;

describe("an upgrade by Cilium's CLI that fails (machines are simulated)", function () {
  this.timeout(240_000);
  let lab: TestLab;
  let chart: string;

  before(requireBinaries);
  before(async () => {
    const { version, says } = ciliumCLI();
    console.log(`      ${says}`);
    lab = await TestLab.start({
      spec: (spec) => ({
        ...spec,
        cilium: { ...spec.cilium, installMethod: "cli", cli: { version } },
      }),
    });
    chart = path.join(mkdtempSync(path.join(lab.dir, "chart-")), "cilium");
    cpSync(CHART, chart, { recursive: true });
    writeFileSync(path.join(chart, "templates", "refused.yaml"), REFUSED);
    write({});
    await lab.up();
  });
  after(async () => lab?.stop());

  function write(values: object): void {
    lab.writeStack({ ...lab.spec, cilium: { ...lab.spec.cilium, chart, values } });
  }

  /** Status of the newest revision. */
  async function status(): Promise<string | undefined> {
    const labels =
      "jsonpath={range .items[*]}{.metadata.labels.version} {.metadata.labels.status}{'\\n'}{end}";
    const secrets = ["-n", "kube-system", "get", "secrets", "-l", "owner=helm,name=cilium"];
    const revisions = (await lab.kubectl([...secrets, "-o", labels])).trim().split("\n");
    return revisions
      .sort((a, b) => parseInt(a) - parseInt(b))
      .at(-1)
      ?.split(" ")[1];
  }

  it("is mended by the run after it was taken back, and shows in its preview", async () => {
    const before = await installedCilium(lab);
    write({ debug: { enabled: true } });
    assertFailed(await lab.run("up"), 120, /not-there/);
    assert.equal(await status(), "failed");

    write({});
    const { stdout } = await lab.run("preview");
    assert.match(stdout, /talos-cli-attempt/);
    assert.match(stdout, /talos-cli\b(?!-attempt).*update/s);
    await lab.up();
    assert.equal(await status(), "deployed");
    assert.deepEqual(await installedCilium(lab), before);
    await lab.up(["--expect-no-changes"]);
  });
});
