import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { ShellSandbox } from "../../support/shellSandbox";

const ROOT = path.resolve(__dirname, "../../..");
const read = (name: string) => readFileSync(path.join(ROOT, name), "utf8");

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
}
interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly concurrency: { group: string };
  readonly jobs: Record<
    string,
    { steps: Step[]; if?: string; permissions?: Record<string, string> }
  >;
}
type GitLabJob = { readonly script?: string[]; readonly before_script?: string[] };

const workflow = parse(read(".github/workflows/preview.yml")) as Workflow;
const gitlab = parse(read(".gitlab/preview.yml")) as Record<string, GitLabJob>;
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
// A list of GitLab's is one script.
const scripts: Record<string, string[]> = {
  "preview.yml of GitHub": steps.flatMap(({ run }) => (run ? [run] : [])),
  "preview.yml of GitLab": Object.values(gitlab).flatMap((job) =>
    [job.before_script, job.script].flatMap((list) =>
      Array.isArray(list) ? [list.join("\n")] : [],
    ),
  ),
};

describe("pipelines for previews (their text and their scripts; no forge runs them)", function () {
  this.slow(5_000);
  const { scripts: npmScripts } = JSON.parse(read("package.json")) as { scripts: object };

  for (const [file, texts] of Object.entries(scripts)) {
    it(`${file}: every npm script exists, and every step is valid bash`, () => {
      const called = texts.flatMap((text) =>
        [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name!),
      );
      assert.deepEqual([...new Set(called)].sort(), ["check", "summarize"]);
      assert.deepEqual(
        called.filter((name) => !(name in npmScripts)),
        [],
      );
      for (const text of texts) {
        const { status, stderr } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8" });
        assert.equal(status, 0, `${stderr}\n${text}`);
      }
    });
  }

  it("gives a pull request no more rights than it needs, and a fork none", () => {
    assert.deepEqual(Object.keys(workflow.on), ["pull_request"]);
    assert.deepEqual(workflow.permissions, { contents: "read" });
    const { preview } = workflow.jobs;
    assert.deepEqual(preview!.permissions, { contents: "read", "pull-requests": "write" });
    assert.match(preview!.if ?? "", /head\.repo\.full_name == github\.repository/);
    const secret = steps.filter((step) => JSON.stringify(step).includes("secrets."));
    assert.deepEqual(
      secret.map(({ name }) => name),
      ["Preview"],
    );
  });

  it("pins every action, and says so to Renovate", () => {
    for (const line of read(".github/workflows/preview.yml").match(/uses: .*/g) ?? []) {
      assert.match(line, /@v\d+\.\d+\.\d+ # renovate: datasource=github-tags depName=/);
    }
  });
});

describe(".ci/preview-stacks (in a repository of its own)", function () {
  this.slow(5_000);
  const cases: [string, string[]][] = [
    ["Pulumi.home.yaml", ["home"]],
    ["Pulumi.dev.yaml", []],
    ["components/a.ts", ["home", "office"]],
    ["package-lock.json", ["home", "office"]],
    ["charts/cilium/Chart.yaml", ["home", "office"]],
    ["tsconfig.json", ["home", "office"]],
    ["docs/a.md", []],
    [".oxlintrc.json", []],
    ["lab/components/a.ts", []],
  ];
  let sandbox: ShellSandbox;
  const git = "git -c user.name=a -c user.email=a@b.c";
  before(() => {
    sandbox = new ShellSandbox();
    for (const stack of ["dev", "home", "office"]) sandbox.write(`Pulumi.${stack}.yaml`, "a: 1\n");
    sandbox.write("preview-stacks", read(".ci/preview-stacks")).write("new", "b: 2\n");
    const { status, output } = sandbox.run(`
      git init -q . && git add Pulumi.* && ${git} commit -qm one && git tag base`);
    assert.equal(status, 0, output);
  });
  after(() => sandbox.remove());

  for (const [file, stacks] of cases) {
    it(`${file} changed: ${stacks.join(", ") || "no stack"}`, () => {
      const { status, output } = sandbox.run(`
        git reset -q --hard base && mkdir -p "$(dirname ${file})" && cp new ${file}
        git add ${file} && ${git} commit -qm two
        bash preview-stacks base`);
      assert.equal(status, 0, output);
      assert.deepEqual(output.split("\n").filter(Boolean), stacks);
    });
  }
});

describe("the step that writes the comment (stand-ins for gh, curl, npm and pulumi)", function () {
  this.slow(5_000);
  let sandbox: ShellSandbox;
  beforeEach(() => (sandbox = new ShellSandbox()));
  afterEach(() => sandbox.remove());
  const MARKER = "<!-- talos-cilium preview of talos-cilium/home -->";

  describe("on GitHub", () => {
    const step = steps.find(({ name }) => name === "Write or update the comment")!.run!;
    // The stand-in answers what gh's own jq would find.
    const run = (found: string) => {
      sandbox.write("comment.md", `${MARKER}\n\ntext\n`);
      sandbox.command(
        "gh",
        `echo "$MARKER | $*" >> "$SANDBOX/calls"; [[ $* != *--jq* ]] || echo "${found}"`,
      );
      const { status, output } = sandbox.run(step, { REPOSITORY: "o/r", NUMBER: "7" });
      assert.equal(status, 0, output);
      return sandbox.read("calls").trim().split("\n");
    };

    it("looks for the marker and makes a comment where there is none", () => {
      const [look, write, ...more] = run("");
      assert.ok(look!.startsWith(`${MARKER} | api --paginate repos/o/r/issues/7/comments`), look);
      assert.match(
        write!,
        /--method POST repos\/o\/r\/issues\/7\/comments --field body=@comment\.md/,
      );
      assert.deepEqual(more, []);
    });

    it("updates the one that is there", () => {
      assert.match(run("42")[1]!, /--method PATCH repos\/o\/r\/issues\/comments\/42 --field/);
    });
  });

  describe("on GitLab", () => {
    const script = gitlab["preview"]!.script!.at(-1)!;
    const run = (pages: object[][], pulumi = "echo '{}'") => {
      pages.forEach((page, index) => sandbox.write(`page-${index + 1}`, JSON.stringify(page)));
      sandbox
        .command("../.ci/preview-stacks", "echo home")
        .command("pulumi", `[ "$1" != preview ] || { ${pulumi}; }`)
        .command("npm", `cp preview.json "$SANDBOX/seen"; printf '%s\\n\\ntext\\n' "${MARKER}"`)
        .command(
          "curl",
          `echo "$*" >> "$SANDBOX/calls"
          url=\${*: -1}
          [[ $url != *page=* ]] || cat "$SANDBOX/page-\${url##*page=}" 2> /dev/null || echo "[]"`,
        );
      const api = { CI_API_V4_URL: "https://forge/api/v4", CI_PROJECT_ID: "1" };
      const more = { CI_MERGE_REQUEST_IID: "7", CI_MERGE_REQUEST_DIFF_BASE_SHA: "base" };
      const { status, output } = sandbox.run(script, { ...api, ...more, GITLAB_TOKEN: "t" });
      return { status, output, calls: sandbox.read("calls").trim().split("\n") };
    };

    it("makes a note where there is none", () => {
      const { status, output, calls } = run([[{ id: 3, body: "hello" }]]);
      assert.equal(status, 0, output);
      assert.match(calls.at(-1)!, /--request POST .*merge_requests\/7\/notes$/);
    });

    it("updates the one that is there, also on a later page", () => {
      const { status, output, calls } = run([
        [{ id: 3, body: "hello" }],
        [{ id: 42, body: `${MARKER}\n\nold` }],
      ]);
      assert.equal(status, 0, output);
      assert.match(calls.at(-1)!, /--request PUT --form body=<comment\.md .*\/notes\/42$/);
    });

    it("fails with the preview, and still writes what the CLI said", () => {
      const { status, calls } = run([], "echo 'error: no such stack' >&2; exit 255");
      assert.equal(status, 1);
      assert.match(sandbox.read("seen"), /error: no such stack/);
      assert.match(calls.at(-1)!, /--request POST/);
    });
  });
});
