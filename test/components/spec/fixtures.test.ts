import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parse } from "yaml";

import { formatProblems } from "../../../components/problems";
import { parseClusterSpec } from "../../../components/spec";
import { patchRules } from "../../../components/spec/configPatches";
import { rules } from "../../../components/spec/rules";

/** Set to write what is expected anew; a run that records fails, so that none passes unseen. */
const RECORD = process.env["RECORD_FIXTURES"] !== undefined;
const folder = resolve(__dirname, "../../fixtures");

/** Faults that are not a row of the rules: of the shape, of the stack file, of reading a patch. */
const OTHER_IDS = [
  "missing",
  "nested-secret",
  "no-cluster",
  "not-allowed",
  "out-of-range",
  "patch-delete",
  "patch-duplicate-document",
  "patch-empty",
  "patch-file-name",
  "patch-json6902",
  "patch-json6902-operation",
  "patch-not-a-document",
  "patch-syntax",
  "patch-unknown-key",
  "patch-unknown-kind",
  "patch-wrong-type",
  "silenced-rule",
  "unknown-key",
  "wrong-type",
];

interface Fixture {
  readonly name: string;
  readonly file: string;
  readonly expected: string;
}

function fixtures(kind: string, suffix: string): Fixture[] {
  return readdirSync(resolve(folder, kind))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => ({
      name: basename(file, ".yaml"),
      file: resolve(folder, kind, file),
      expected: resolve(folder, kind, file.replace(/\.yaml$/, suffix)),
    }));
}

/** A stack file as the program gets it: its cluster, the names of its keys and of the secret ones. */
function parseFixture(file: string) {
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  const keys = Object.keys(config);
  return parseClusterSpec(config["talos-cilium:cluster"], {
    projectName: "talos-cilium",
    configKeys: keys,
    secretKeys: keys.filter((key) => JSON.stringify(config[key])?.includes('"secure":')),
  });
}

function expectText(actual: string, file: string): void {
  if (RECORD) writeFileSync(file, actual);
  assert.equal(actual, existsSync(file) ? readFileSync(file, "utf8") : "", `see ${file}`);
}

describe("stack files under test/fixtures (what is said of them, not that a cluster comes up)", () => {
  const invalid = fixtures("invalid", ".txt");
  const valid = fixtures("valid", ".warnings.txt");

  for (const { name, file, expected } of invalid) {
    it(`refuses ${name}`, () => {
      const { spec, problems } = parseFixture(file);
      assert.equal(spec, undefined);
      assert.notEqual(problems.length, 0);
      expectText(`${formatProblems(problems)}\n`, expected);
    });
  }

  for (const { name, file, expected } of valid) {
    it(`takes ${name}`, () => {
      const { spec, problems, warnings } = parseFixture(file);
      assert.equal(formatProblems(problems, ""), "");
      assert.notEqual(spec, undefined);
      const text = warnings.length > 0 ? `${formatProblems(warnings, "Warnings:")}\n` : "";
      if (text !== "" || existsSync(expected)) expectText(text, expected);
      assert.equal(text !== "", name.startsWith("warns-"), text);
    });
  }

  it("has a fixture for each rule and each other fault", () => {
    const found = new Set<string>();
    for (const { file } of [...invalid, ...valid]) {
      const { problems, warnings } = parseFixture(file);
      for (const { id } of [...problems, ...warnings]) found.add(id);
    }
    const ids = [...rules, ...patchRules].map(({ id }) => id);
    assert.deepEqual([...found].sort(), [...new Set([...ids, ...OTHER_IDS])].sort());
  });

  it("uses each expected text", () => {
    const used = [...invalid, ...valid].map(({ expected }) => expected);
    const texts = ["invalid", "valid"].flatMap((kind) =>
      readdirSync(resolve(folder, kind))
        .filter((file) => file.endsWith(".txt"))
        .map((file) => resolve(folder, kind, file)),
    );
    assert.deepEqual(
      texts.filter((text) => !used.includes(text)),
      [],
    );
  });

  it("shows no secret of the fixtures", () => {
    for (const { expected } of [...invalid, ...valid].filter(({ expected }) =>
      existsSync(expected),
    )) {
      assert.doesNotMatch(
        readFileSync(expected, "utf8"),
        /hunter2|bm90IGEga2V5|abcdef\.0123456789abcdef|LS0tLS1/,
        expected,
      );
    }
  });

  it("is not recording", () => {
    assert.equal(
      RECORD,
      false,
      "RECORD_FIXTURES is set: look at the difference, then run without it",
    );
  });
});
