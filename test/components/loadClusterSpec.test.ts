import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { loadClusterSpec } from "../../components/loadClusterSpec";
import { promiseOf, recordResources } from "../support/mocks";

const file = path.resolve(__dirname, "..", "..", "Pulumi.dev.yaml");
const stack = parse(readFileSync(file, "utf8")) as { config: Record<string, object> };
const dev = stack.config["talos-cilium:cluster"]!;

/** Loads a configuration as the engine hands it over. */
function load(config: Record<string, string>, secretKeys: string[] = []) {
  pulumi.runtime.setAllConfig(config, secretKeys);
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(secretKeys);
  return loadClusterSpec(new pulumi.Config("talos-cilium"));
}

describe("loadClusterSpec (that the engine hands it over so is proved on the lab)", () => {
  const cluster = (more: object = {}) => JSON.stringify({ ...dev, ...more });

  before(async () => {
    await recordResources();
  });
  after(() => {
    pulumi.runtime.setAllConfig({});
    delete process.env["PULUMI_CONFIG_SECRET_KEYS"];
  });

  it("gives the spec of the checked-in stack", () => {
    const { spec, problems } = load({ "talos-cilium:cluster": cluster() });
    assert.deepEqual(problems, []);
    assert.equal(spec?.nodes.length, 5);
  });

  it("reads a named patch as a secret", async () => {
    const { spec, secretPatches } = load(
      {
        "talos-cilium:cluster": cluster({ configPatchesFrom: ["auth"] }),
        "talos-cilium:auth": "machine:\n  env: {}\n",
      },
      ["talos-cilium:auth"],
    );
    assert.ok(spec);
    assert.equal(await pulumi.isSecret(secretPatches["auth"]!), true);
    assert.match(await promiseOf(secretPatches["auth"]!), /machine/);
  });

  it("leaves keys to the program that it says it reads itself", () => {
    pulumi.runtime.setAllConfig({ "own:cluster": cluster(), "own:mine": "x", "own:mien": "x" });
    const problems = (keys: string[]) => loadClusterSpec(new pulumi.Config("own"), keys).problems;
    assert.deepEqual(
      problems(["mine"]).map(({ propertyPath }) => propertyPath),
      ["own:mien"],
    );
    assert.deepEqual(problems(["mine", "mien"]), []);
  });

  it("names a patch that has no value, and a key that nobody reads", () => {
    const { spec, problems } = load({
      "talos-cilium:cluster": cluster({ configPatchesFrom: ["auth"] }),
      "talos-cilium:clustr": "x",
    });
    assert.equal(spec, undefined);
    assert.deepEqual(problems.map(({ id }) => id).sort(), [
      "named-secret-missing",
      "unknown-config-key",
    ]);
  });

  it("says that there is no cluster", () => {
    assert.deepEqual(
      load({}).problems.map(({ id }) => id),
      ["no-cluster"],
    );
  });
});
