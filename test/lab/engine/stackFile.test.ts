import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { copyStackFile } from "../../../lab/engine/stackFile";

describe("copyStackFile", () => {
  let dir: string;
  const at = (name: string) => path.join(dir, name);
  const copy = () => {
    const project = at("project");
    mkdirSync(project, { recursive: true });
    const folder = {
      home: "",
      backend: "",
      project,
      configFile: path.join(project, "Pulumi.dev.yaml"),
    };
    const hasSalt = copyStackFile(at("Pulumi.dev.yaml"), at("Pulumi.yaml"), folder);
    return {
      hasSalt,
      text: readFileSync(folder.configFile, "utf8"),
      configFile: folder.configFile,
    };
  };

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "stack-file-"));
    writeFileSync(at("Pulumi.yaml"), "name: talos-cilium\nruntime: nodejs\n");
    writeFileSync(at("Pulumi.dev.yaml"), "config:\n  a:b: 1\n");
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("copies, and says that the stack has no salt yet", () => {
    assert.deepEqual([copy().hasSalt, copy().text], [false, "config:\n  a:b: 1\n"]);
  });

  it("takes a changed configuration over and keeps the salt of the state", () => {
    writeFileSync(copy().configFile, "encryptionsalt: v1:abc\nconfig:\n  a:b: 1\n");
    writeFileSync(at("Pulumi.dev.yaml"), "config:\n  a:b: 2\n");
    assert.deepEqual(
      [copy().hasSalt, copy().text],
      [true, "config:\n  a:b: 2\nencryptionsalt: v1:abc\n"],
    );
  });

  it("copies the project so that its program is found from there", () => {
    writeFileSync(at("Pulumi.yaml"), "name: talos-cilium\nmain: index.ts\nruntime: nodejs\n");
    copy();
    assert.equal(
      readFileSync(at("project/Pulumi.yaml"), "utf8"),
      `name: talos-cilium\nmain: ${at("index.ts")}\nruntime: nodejs\n`,
    );
  });

  it("lets a salt of the stack file's own win", () => {
    writeFileSync(copy().configFile, "encryptionsalt: v1:abc\n");
    writeFileSync(at("Pulumi.dev.yaml"), "encryptionsalt: v1:own\n");
    assert.equal(copy().text, "encryptionsalt: v1:own\n");
  });
});
