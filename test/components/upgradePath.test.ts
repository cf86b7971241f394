import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { meshChangeFindings } from "../../components/cilium/meshChange";
import { type Versions, upgradePathFindings } from "../../components/upgradePath";

const stack = { talos: "v1.12.4", kubernetes: "1.34.2", cilium: "1.19.3" };

describe("upgradePathFindings (from versions to versions; the refusal in a preview is proved on the lab)", () => {
  const folder = path.join(__dirname, "../fixtures/upgrades");
  for (const file of readdirSync(folder)) {
    it(`names ${path.basename(file, ".yaml")}`, () => {
      const { rule, from, fails, passes } = parse(readFileSync(path.join(folder, file), "utf8"));
      const found = (to: object) => [
        ...upgradePathFindings(from, to),
        ...meshChangeFindings(from, to),
      ];
      assert.deepEqual(
        found(fails).map(({ id }) => id),
        [rule],
      );
      assert.deepEqual(found(passes), []);
    });
  }

  const free: [string, Versions][] = [
    ["no change", {}],
    ["a newer patch of each", { talos: "v1.12.9", kubernetes: "1.34.9", cilium: "1.19.6" }],
    ["an older patch of each", { talos: "v1.12.0", kubernetes: "1.34.0", cilium: "1.19.0" }],
    ["the next minor of Talos", { talos: "v1.13.0" }],
    ["the next minor of Kubernetes", { kubernetes: "1.35.0" }],
    ["the next minor of Cilium", { cilium: "1.20.0" }],
    ["one minor of Talos back", { talos: "v1.11.6" }],
    ["one minor of Cilium back", { cilium: "1.18.12" }],
    ["a version that is none", { cilium: "newest" }],
  ];
  for (const [name, to] of free) {
    it(`lets go: ${name}`, () => {
      assert.deepEqual(upgradePathFindings(stack, { ...stack, ...to }), []);
    });
  }

  const refused: [string, Versions, string, RegExp][] = [
    ["two minors of Talos", { talos: "v1.14.0" }, "version-jump", /by v1\.13 first/],
    ["two minors of Kubernetes", { kubernetes: "1.36.0" }, "version-jump", /by 1\.35 first/],
    ["two minors of Cilium", { cilium: "1.21.0" }, "version-jump", /by 1\.20 first/],
    ["two minors of Talos back", { talos: "v1.10.0" }, "version-jump", /by v1\.11 first/],
    ["two minors of Cilium back", { cilium: "1.17.18" }, "version-jump", /by 1\.18 first/],
    ["a minor of Kubernetes back", { kubernetes: "1.33.9" }, "version-downgrade", /write 1\.34\.2/],
  ];
  for (const [name, to, id, fix] of refused) {
    it(`refuses: ${name}`, () => {
      const found = upgradePathFindings(stack, { ...stack, ...to });
      assert.deepEqual(
        found.map((each) => each.id),
        [id],
      );
      assert.match(found[0]!.fix, fix);
      assert.equal(found[0]!.got, Object.values(to)[0]);
    });
  }

  it("names every step that is too long", () => {
    const to = { talos: "v1.15.0", kubernetes: "1.37.0", cilium: "1.22.0" };
    const paths = upgradePathFindings(stack, to)
      .filter(({ warns }) => !warns)
      .map(({ propertyPath }) => propertyPath);
    assert.deepEqual(paths, ["talosVersion", "kubernetesVersion", "cilium.version"]);
  });

  it("warns where machines would be ahead of the Cilium that still runs", () => {
    const from = { ...stack, kubernetes: "1.35.4" };
    const [warning, ...more] = upgradePathFindings(from, {
      ...from,
      kubernetes: "1.36.0",
      cilium: "1.20.0",
    });
    assert.equal(warning?.id, "upgrade-order");
    assert.equal(warning.warns, true);
    assert.deepEqual(more, []);
    assert.deepEqual(upgradePathFindings(from, { ...from, cilium: "1.20.0" }), []);
  });

  it("has nothing to say where no version is known yet", () => {
    assert.deepEqual(upgradePathFindings({}, stack), []);
  });
});
