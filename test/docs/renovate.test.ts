import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../..");
const { customManagers, enabledManagers } = JSON.parse(read("renovate.json")) as {
  enabledManagers: string[];
  customManagers: { managerFilePatterns: string[]; matchStrings: string[] }[];
};

/** Where a version is no pin: what is tested, generated, shown, or played by a stand-in. */
const NO_PINS =
  /^(test|bench|lab\/(?!binaries)|examples\/(fleet\/stacks|guides)|docs|scripts\/docs|components|sdks)\/?/;

/** Keys and constants whose value is a version that is run, installed or built. */
const PIN =
  /^[^#/]*\b(?:talosVersion|kubernetesVersion|ciliumVersion|version|image|(?:node|pulumi)-version|[A-Z]+_VERSION)\s*[:=]\s*["']?(?:[a-z][\w./-]*:)?(v?\d+\.\d+\.\d+)/;

interface Line {
  readonly file: string;
  readonly number: number;
  readonly text: string;
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), "utf8");
}

function trackedFiles(): string[] {
  const listed = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" });
  return listed.split("\0").filter((file) => /\.(ya?ml|ts)$/.test(file) && !NO_PINS.test(file));
}

/** Versions that a custom manager finds, each with its line and the number of managers that find it. */
function found(file: string): Map<number, { value: string; depName: string; times: number }> {
  const text = read(file);
  const versions = new Map<number, { value: string; depName: string; times: number }>();
  for (const { managerFilePatterns, matchStrings } of customManagers) {
    if (!managerFilePatterns.some((each) => new RegExp(each.slice(1, -1)).test(file))) continue;
    for (const pattern of matchStrings) {
      for (const match of text.matchAll(new RegExp(pattern, "gm"))) {
        const { currentValue: value = "", depName = "", datasource } = match.groups ?? {};
        assert.ok(datasource, `${file}: ${pattern} names no datasource`);
        const at = match.index + match[0].lastIndexOf(value);
        const number = text.slice(0, at).split("\n").length;
        versions.set(number, { value, depName, times: (versions.get(number)?.times ?? 0) + 1 });
      }
    }
  }
  return versions;
}

function linesOf(file: string): Line[] {
  return read(file)
    .split("\n")
    .map((text, index) => ({ file, number: index + 1, text }));
}

describe("pinned versions (that Renovate finds them, not that it runs)", () => {
  const files = trackedFiles();

  it("stand in files that are looked at", () => {
    assert.ok(files.includes("Pulumi.dev.yaml") && files.includes("lab/binaries/catalog.ts"));
  });

  it("each have a hint that one custom manager reads", () => {
    const bare = files.flatMap((file) => {
      const versions = found(file);
      return linesOf(file)
        .filter(({ text, number }) => PIN.test(text) && versions.get(number)?.times !== 1)
        .map(({ number, text }) => `${file}:${number}: ${text.trim()}`);
    });
    assert.deepEqual(bare, []);
  });

  it("are what the hints say: the managers read the very version", () => {
    const values = files.flatMap((file) => [...found(file).values()]);
    assert.ok(values.length > 25, `${values.length} versions`);
    for (const { value } of values) assert.match(value, /^v?\d+\.\d+\.\d+/);
  });

  it("have no hint that nothing reads", () => {
    const unread = files.flatMap((file) => {
      const versions = found(file);
      return (
        linesOf(file)
          .filter(({ text }) => /(#|\/\/) renovate: datasource=/.test(text))
          // Renovate reads actions by itself.
          .filter(({ text }) => !/^\s*- uses: /.test(text))
          .filter(({ number }) => !versions.has(number) && !versions.has(number + 1))
          .map(({ number, text }) => `${file}:${number}: ${text.trim()}`)
      );
    });
    assert.deepEqual(unread, []);
  });

  it("of npm, Go and actions are read by Renovate itself", () => {
    for (const manager of ["npm", "gomod", "github-actions"]) {
      assert.ok(enabledManagers.includes(manager), manager);
    }
  });
});
