import assert from "node:assert/strict";

import { engineEnvironment } from "../../../lab/engine/environment";

const folder = {
  home: "/lab/home",
  backend: "/lab/backend",
  project: "/lab/p",
  configFile: "/lab/c",
};

describe("engineEnvironment (not whether the CLI obeys it: see engine.test.ts)", () => {
  it("keeps the user's own Pulumi set-up out", () => {
    const user = { PATH: "/bin", PULUMI_ACCESS_TOKEN: "t", PULUMI_BACKEND_URL: "s3://x" };
    const env = engineEnvironment(user, folder, {});
    assert.equal(env.PATH, "/bin");
    assert.equal(env.PULUMI_ACCESS_TOKEN, undefined);
    assert.equal(env.PULUMI_BACKEND_URL, "file:///lab/backend");
    assert.equal(env.PULUMI_HOME, "/lab/home");
  });

  it("keeps a passphrase of the user's, which the stack file's secrets may need", () => {
    const own = engineEnvironment({ PULUMI_CONFIG_PASSPHRASE: "own" }, folder, {});
    assert.equal(own.PULUMI_CONFIG_PASSPHRASE, "own");
    const file = engineEnvironment({ PULUMI_CONFIG_PASSPHRASE_FILE: "/f" }, folder, {});
    assert.equal(file.PULUMI_CONFIG_PASSPHRASE, undefined);
    assert.equal(engineEnvironment({}, folder, {}).PULUMI_CONFIG_PASSPHRASE, "lab");
  });

  it("attaches to the providers that the lab serves, and to no others", () => {
    const both = engineEnvironment({}, folder, { talos: 1, kubernetes: 2 });
    assert.equal(both.PULUMI_DEBUG_PROVIDERS, "talos:1,kubernetes:2");
    const one = engineEnvironment({}, folder, { kubernetes: 2 });
    assert.equal(one.PULUMI_DEBUG_PROVIDERS, "kubernetes:2");
    assert.equal("PULUMI_DEBUG_PROVIDERS" in engineEnvironment({}, folder, {}), false);
  });
});
