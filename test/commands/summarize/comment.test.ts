import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";

import { comment, marker } from "../../../commands/summarize/comment";
import { parsePreview, type Preview } from "../../../commands/summarize/preview";
import { summarize } from "../../../commands/summarize/summarize";
import type { ClusterSpecInput } from "../../../components/spec";
import { generatedPreview, generatedSpec } from "../../support/generatedPreview";

const ROOT = path.resolve(__dirname, "../../..");

const now = generatedSpec(500);
const summary = (after: ClusterSpecInput) => comment(parsePreview(generatedPreview(now, after)));
const withNodes = (change: (index: number) => object) => ({
  ...now,
  nodes: now.nodes.map((node, index) => ({ ...node, ...change(index) })),
});

describe("the comment about a preview of 500 nodes (a generated preview, and no forge)", function () {
  // The generator validates the cluster as the program does.
  this.timeout(120_000);
  this.slow(10_000);

  it("is one group where all change alike", () => {
    const text = summary({ ...now, talosVersion: "v1.13.1" });
    assert.match(text, /500 nodes changed alike: cp-1 … cp-3, worker-1 … worker-497/);
    assert.ok(text.length < 2_000, `${text.length} characters`);
    assert.doesNotMatch(text, /Left out/);
  });

  it("names the few that reboot first", () => {
    const udev = "machine:\n  udev:\n    rules: ['a']\n";
    const text = summary(withNodes((index) => ({ configPatches: index > 497 ? [udev] : [] })));
    assert.match(text, /\*\*Reboots: 2 nodes\*\* \(worker-496 … worker-497\): `machine\.udev`/);
  });

  // A value as long as this fills the comment with any 200 of them.
  let apart: Preview;
  before(() => {
    const after = withNodes((index) => ({ labels: { rack: `r${index}-${"x".repeat(40)}` } }));
    apart = parsePreview(generatedPreview(now, after));
  });

  for (const [forge, limit] of [
    ["GitHub", 65_536],
    ["GitLab", 1_000_000],
    ["a small forge", 2_000],
  ] as const) {
    it(`stays under the limit of ${forge} where no two change alike, and counts what it leaves out`, () => {
      const text = comment(apart, { limit });
      assert.ok(Buffer.byteLength(text) <= limit, `${Buffer.byteLength(text)} bytes`);
      const shown = text.match(/1 node changed: /g)?.length ?? 0;
      const left = Number(/the configuration of (\d+) nodes?/.exec(text)?.[1] ?? 0);
      assert.equal(shown + left, 500);
      assert.equal(left > 0, limit < 1_000_000);
      assert.match(text, /By resource: 500 changes/);
    });
  }

  it("keeps to the limit whatever the rules and errors say", () => {
    const diagnostics = Array.from({ length: 400 }, (_, index) => ({
      severity: index % 2 ? "error" : "warning",
      message: `- nodes[${index}] [a-rule]\n    why: ${"w@`<".repeat(900)}\n    fix: x\n`.concat(
        `${"é".repeat(3_000)} ${index}`,
      ),
    }));
    const text = comment({ ...apart, diagnostics });
    assert.ok(Buffer.byteLength(text) <= 65_536, `${Buffer.byteLength(text)} bytes`);
    assert.match(text, /Left out.*the rules that fired/);
  });
});

describe("the sample in docs/previews.md", () => {
  it("is what the command writes", () => {
    const spec = generatedSpec(6, {
      configPatches: ["machine:\n  sysctls:\n    vm.swappiness: '1'\n"],
    });
    const udev = 'machine:\n  udev:\n    rules: [\'KERNEL=="nvme*", MODE="0660"\']\n';
    const after: ClusterSpecInput = {
      ...spec,
      talosVersion: "v1.13.1",
      configPatches: [],
      nodes: spec.nodes.map((node, index) => ({
        ...node,
        configPatches: index > 3 ? [udev] : [],
      })),
    };
    const text = comment(parsePreview(generatedPreview(spec, after)));
    const docs = readFileSync(path.join(ROOT, "docs/previews.md"), "utf8");
    assert.ok(docs.includes(`\`\`\`\`markdown\n${text}\`\`\`\`\n`), `write this:\n${text}`);
  });
});

describe("npm run summarize (as npm runs it; the preview is generated)", function () {
  this.timeout(120_000);
  this.slow(20_000);
  const run = (command: string, args: string[], input: string) =>
    spawnSync(command, args, { cwd: ROOT, encoding: "utf8", input });

  it("reads standard input, and begins with the hidden marker of the stack", () => {
    const small = generatedSpec(3);
    const input = `a line before it\n\uFEFF${generatedPreview(small, { ...small, talosVersion: "v1.13.1" })}`;
    const { status, stdout, stderr } = run(
      "npm",
      ["run", "--silent", "summarize", "--", "--stack", ""],
      input,
    );
    assert.deepEqual([status, stderr], [0, ""]);
    assert.ok(stdout.startsWith(`${marker("talos-cilium/prod")}\n`), stdout);
    assert.match(stdout, /3 nodes changed alike: cp-1 … cp-3/);
  });

  it("writes what the CLI said where it gave no JSON, without secrets, and fails", () => {
    const { status, stdout, stderr } = run(
      process.execPath,
      ["lab/start.mjs", "summarize", "--stack", "talos-cilium/a-->b"],
      "error: no such stack, token abcdef.0123456789abcdef\n",
    );
    assert.equal(status, 1);
    assert.match(stdout, /^<!-- talos-cilium preview of talos-cilium\/a-_b -->\n/);
    assert.match(stdout, /it \*\*failed\*\*[^]*no such stack, token \[secret\]/);
    assert.match(
      stderr,
      /^error: the preview is not one JSON object: write `pulumi preview --json`/,
    );
  });
});

describe("summarize (in this process)", () => {
  const said = (input: string, ...args: string[]) => summarize(args, () => input);

  it("quotes nothing of a preview that it cannot read, which may hold secrets in clear", () => {
    const preview = {
      steps: [
        { op: "create", newState: { inputs: { machineSecrets: { token: "s3cret-0f-all" } } } },
      ],
    };
    const whole = JSON.stringify(preview, null, 4);
    const texts = [
      whole,
      whole.slice(0, -3),
      whole.split("\n").slice(2).join("\n"),
      `\uFEFF${JSON.stringify(preview).slice(0, -1)}`,
      `{"steps":{"a":"s3cret-0f-all"}}`,
      `{"diagnostics":["s3cret-0f-all"]}`,
    ];
    for (const text of texts) {
      const { text: shown, error } = said(`a line of the CLI\n${text}`);
      assert.match(shown, /a line of the CLI/);
      assert.doesNotMatch(shown + error?.message, /s3cret-0f-all/);
      assert.match(
        error?.message ?? "",
        /^(this JSON is no preview: \w|the preview is not one JSON object)/,
      );
    }
  });

  it("says what is wrong with its arguments", () => {
    assert.throws(() => said("{}", "--limit", "many"), /--limit is many: write a whole number/);
    assert.throws(() => said("{}", "a", "b"), /one file is enough, and there is also b/);
    assert.match(said('{"a":1}').error!.message, /this JSON is no preview/);
  });
});
