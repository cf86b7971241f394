import assert from "node:assert/strict";

import { comment } from "../../../commands/summarize/comment";
import { parsePreview, type Preview } from "../../../commands/summarize/preview";
import { previewCases } from "../../support/previewCases";
import { secretsOf, type KnownSecret } from "../../support/secrets";
import { inClear } from "../../support/secretsInClear";
import { requireBinaries, TestLab } from "../../support/testLab";

/** What the comment of each case says, and what it does not. */
const expected: Readonly<Record<string, { says: RegExp[]; never?: RegExp[] }>> = {
  "no change": { says: [/: nothing changes\n/, /\d unchanged/], never: [/<details>/, /####/] },
  "chart value": { says: [/\n\+ debug\.enabled: true\n/, /No machine reboots/] },
  "patches with and without reboot": {
    says: [
      /\*\*Reboots: 1 node\*\* \(worker-1\): `machine\.udev`/,
      /2 nodes changed alike: cp-1, worker-2/,
      /\n\+ machine\.sysctls\["vm\.max_map_count"\]: "262144"\n/,
    ],
  },
  "node added and node removed": {
    says: [/1 node created: worker-3/, /\*\*Leaves the stack: 1 node\*\* \(worker-2\)/],
    never: [/Reboots/],
  },
  "version upgrade": {
    says: [
      /Talos `v1\.13\.0` → `v1\.13\.1`/,
      /Kubernetes `1\.36\.3` → `1\.36\.4`/,
      /Cilium `1\.20\.0` → `1\.20\.1`/,
      /\n- machine\.install\.image: .*\n\+ machine\.install\.image: /,
      /generated configuration changes; .* with the Kubernetes version/,
      /No machine reboots/,
    ],
  },
  replacement: {
    says: [/1 replaced/, /\*\*Replaced: `talos-release`\*\* .*: the chart is installed/],
  },
  "refused by rules": {
    says: [
      /it \*\*failed\*\*/,
      /error `contract-range` at `configContract`: /,
      /`talos-kubernetes`/,
    ],
    never: [/No machine reboots/],
  },
  "refused by a latch": {
    says: [/it \*\*failed\*\*/, /`latched-value-changed` at `configContract`/],
  },
};

describe("comments about previews of Pulumi's engine on a lab (no forge shows them)", function () {
  this.timeout(240_000);
  this.slow(60_000);
  let lab: TestLab;
  let secrets: KnownSecret[];
  let state: unknown;
  const previews: Preview[] = [];

  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start({ controlPlanes: 1, workers: 2 });
  });
  after(async () => lab?.stop());

  const preview = async (args: readonly string[] = []) => {
    const { stdout } = await lab.run("preview", ["--json", ...args]);
    previews.push(parsePreview(stdout));
    return comment(previews.at(-1)!);
  };

  it("tells of a cluster that does not exist yet", async () => {
    const text = await preview();
    assert.match(text, /^<!-- talos-cilium preview of talos-cilium\/test -->\n/);
    assert.match(text, /2 nodes created alike: worker-1 … worker-2/);
    assert.match(text, /- Cilium `1\.20\.0`\n/);
    assert.match(text, /ConfigurationApply talos-cp-1-apply.*: clientConfiguration\n/);
    await lab.up();
    state = await lab.exportState(true);
    secrets = secretsOf(state);
    assert.ok(secrets.length > 20, `only ${secrets.length} secrets are known`);
  });

  for (const [name, { spec, args }] of Object.entries(previewCases)) {
    it(`tells of: ${name}`, async () => {
      lab.writeStack(spec(lab.spec));
      const text = await preview(args);
      for (const pattern of expected[name]!.says) assert.match(text, pattern);
      for (const pattern of expected[name]!.never ?? []) assert.doesNotMatch(text, pattern);
    });
  }

  const leaked = (text: string) =>
    secrets.filter(({ value }) => text.includes(value)).map(({ where }) => where);

  it("shows no secret of the state in any of them", () => {
    assert.equal(previews.length, 1 + Object.keys(previewCases).length);
    assert.deepEqual(leaked(previews.map((each) => comment(each)).join("\n")), []);
  });

  it("shows none either where the preview holds all of them in clear", () => {
    const clear = previews.map((each) => inClear(each, state));
    const held = leaked(JSON.stringify(clear).replaceAll("\\n", "\n"));
    assert.ok(held.length > 5, `the previews hold ${held.length} secrets in clear`);
    assert.deepEqual(leaked(clear.map((each) => comment(each)).join("\n")), []);
  });

  it("shows none that an error quotes, where the preview holds it in clear", () => {
    const upgrade = inClear(
      previews[Object.keys(previewCases).indexOf("version upgrade") + 1]!,
      state,
    );
    const quotable = secrets.filter(({ value }) =>
      JSON.stringify(upgrade).includes(JSON.stringify(value)),
    );
    assert.ok(quotable.length > 3, `only ${quotable.length} secrets can be quoted`);
    const diagnostics = quotable.map(({ value }) => ({
      severity: "error",
      message: `error: refused: ${value}`,
    }));
    assert.deepEqual(leaked(comment({ ...upgrade, diagnostics })), []);
  });
});
