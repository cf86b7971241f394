import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { provideRealPlugins, wantedPlugins } from "../../../lab/engine/plugins";

describe("provideRealPlugins (not whether such a plugin works)", () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), "plugins-"))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const install = (folder: string, name: string, version: string) => {
    const plugin = path.join(dir, folder, `resource-${name}-v${version}`);
    mkdirSync(plugin, { recursive: true });
    writeFileSync(path.join(plugin, `pulumi-resource-${name}`), "");
  };
  const provide = (...folders: string[]) =>
    provideRealPlugins(
      [
        { name: "talos", version: "0.8.1" },
        { name: "kubernetes", version: "4.30.0" },
      ],
      folders.map((folder) => path.join(dir, folder)),
      path.join(dir, "home"),
    );
  const provided = () => readdirSync(path.join(dir, "home/plugins")).sort();

  it("provides just the version that is wanted: the engine takes no other", () => {
    install("user", "kubernetes", "4.29.9");
    install("user", "kubernetes", "4.30.0");
    install("user", "kubernetes", "4.34.2");
    assert.deepEqual([...provide("user")], ["kubernetes"]);
    assert.deepEqual(provided(), ["resource-kubernetes-v4.30.0"]);
    rmSync(path.join(dir, "user/resource-kubernetes-v4.30.0"), { recursive: true });
    assert.equal(provide("user").size, 0);
  });

  it("provides a folder, not a link to one, which the engine would pass over", () => {
    install("user", "talos", "0.8.1");
    provide("user");
    const [entry] = readdirSync(path.join(dir, "home/plugins"), { withFileTypes: true });
    assert.ok(entry?.isDirectory());
    assert.ok(existsSync(path.join(dir, "home/plugins", entry!.name, "pulumi-resource-talos")));
  });

  it("takes each plugin from the first folder that has it", () => {
    install("user", "talos", "0.8.1");
    install("lab", "kubernetes", "4.30.0");
    assert.deepEqual([...provide("user", "lab")], ["talos", "kubernetes"]);
  });

  it("refuses one whose download was not finished", () => {
    mkdirSync(path.join(dir, "user/resource-talos-v0.8.1"), { recursive: true });
    install("user", "kubernetes", "4.30.0");
    writeFileSync(path.join(dir, "user/resource-kubernetes-v4.30.0.partial"), "");
    assert.equal(provide("user").size, 0);
  });

  it("forgets what is not installed any more", () => {
    install("user", "talos", "0.8.1");
    provide("user");
    rmSync(path.join(dir, "user"), { recursive: true });
    provide("user");
    assert.deepEqual(provided(), []);
  });

  it("wants the versions that the program's packages name", () => {
    const [talos, kubernetes] = wantedPlugins(path.resolve(__dirname, "../../.."));
    assert.deepEqual(talos, { name: "talos", version: "0.8.1" });
    assert.match(kubernetes?.version ?? "", /^4\.\d+\.\d+$/);
  });
});
