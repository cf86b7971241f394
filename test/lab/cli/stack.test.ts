import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { ConfigurationError, readCluster } from "../../../lab/cli/readCluster";
import { ROOT, findStack } from "../../../lab/cli/stack";

describe("findStack", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "stack-"));
    mkdirSync(path.join(root, "examples/goldentooth"), { recursive: true });
    writeFileSync(path.join(root, "Pulumi.dev.yaml"), "");
    writeFileSync(path.join(root, "Pulumi.yaml"), "");
    writeFileSync(path.join(root, "examples/goldentooth/Pulumi.goldentooth.yaml"), "");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("finds a stack of the root by its name", () => {
    assert.deepEqual(findStack("dev", root), {
      name: "dev",
      file: path.join(root, "Pulumi.dev.yaml"),
      projectDirectory: root,
      dir: path.join(root, ".lab/dev"),
    });
  });

  for (const wanted of [
    "goldentooth",
    "examples/goldentooth",
    "examples/goldentooth/Pulumi.goldentooth.yaml",
  ]) {
    it(`finds an example as ${wanted}, and runs it with the root's program`, () => {
      const stack = findStack(wanted, root);
      assert.equal(stack.name, "goldentooth");
      assert.equal(stack.projectDirectory, root);
    });
  }

  it("runs an example with a program of its own there", () => {
    writeFileSync(path.join(root, "examples/goldentooth/Pulumi.yaml"), "");
    const { projectDirectory } = findStack("goldentooth", root);
    assert.equal(projectDirectory, path.join(root, "examples/goldentooth"));
  });

  it("names the stacks there are", () => {
    assert.throws(() => findStack("prod", root), /no stack "prod": there are dev, goldentooth/);
  });
});

describe("readCluster (the rules have their own tests)", () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), "stack-"))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("reads the stacks of this repository", () => {
    assert.equal(readCluster(findStack("dev")).nodes.length, 5);
    assert.equal(readCluster(findStack("goldentooth")).nodes.length, 17);
  });

  it("gives all problems of a wrong one", () => {
    const dev = readFileSync(path.join(ROOT, "Pulumi.dev.yaml"), "utf8");
    const file = path.join(dir, "Pulumi.dev.yaml");
    writeFileSync(file, dev.replace("https://", "ftp://").replace("127.0.0.6", "127.0.0.5"));
    assert.throws(
      () => readCluster({ ...findStack("dev"), file }),
      (error: Error) => {
        assert(error instanceof ConfigurationError);
        assert.match(error.message, /clusterEndpoint/);
        assert.match(error.message, /127\.0\.0\.5/);
        return true;
      },
    );
  });

  it("says which line of which file is not YAML", () => {
    const file = path.join(dir, "Pulumi.dev.yaml");
    writeFileSync(file, "config: [\n");
    assert.throws(
      () => readCluster({ ...findStack("dev"), file }),
      /Pulumi\.dev\.yaml:2 .*yaml-syntax/,
    );
  });
});
