import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { findStackFile, stackFiles } from "../../../commands/stackFile/findStackFile";
import { parsePropertyPath } from "../../../commands/stackFile/locate";
import {
  checkStackFile,
  formatLocated,
  readStackText,
} from "../../../commands/stackFile/readStackFile";
import { propertyPath } from "../../../components/spec/propertyPath";
import { ROOT, writtenFile } from "../support/environment";

describe("readStackText (the rules and the mistakes have their own tests)", () => {
  const linesOf = (text: string) =>
    readStackText(text).problems.map(({ propertyPath: at, line }) => [at, line]);
  const lineWith = (text: string, piece: string) =>
    text.split("\n").findIndex((line) => line.includes(piece)) + 1;

  it("gives problems in the order of the file", () => {
    const text = writtenFile()
      .replace("version: 1.20.0", "version: v1.20.0")
      .replace("clusterName: home", 'clusterName: ""');
    assert.deepEqual(linesOf(text), [
      ["clusterName", lineWith(text, "clusterName")],
      ["cilium.version", lineWith(text, "version: v1.20.0")],
    ]);
  });

  it("counts on into the text of a patch", () => {
    const text = writtenFile().replace(
      "    protect: true",
      "    configPatches:\n      - |\n        machine:\n          kubelet:\n            nodeIp: {}\n    protect: true",
    );
    assert.deepEqual(linesOf(text), [["configPatches[0]", lineWith(text, "nodeIp")]]);
  });

  it("finds a key beside the cluster", () => {
    const text = writtenFile().replace("config:\n", "config:\n  talos-cilium:other: 1\n");
    assert.deepEqual(linesOf(text), [["talos-cilium:other", lineWith(text, "other")]]);
  });

  for (const [name, text] of [
    ["an empty file", ""],
    ["a file without config", "encryptionsalt: v1:abc\n"],
    ["a list", "- a\n"],
  ] as const) {
    it(`says of ${name} that it holds no cluster, and how to get one`, () => {
      const [problem] = readStackText(text).problems;
      assert.match(problem!.fix, /npm run new/);
    });
  }

  it("reads the cluster under its key without the project, as Pulumi does", () => {
    const text = writtenFile().replace("talos-cilium:cluster", "cluster");
    assert.equal(readStackText(text).spec?.clusterName, "home");
    const faulty = text.replace("https://", "http://");
    assert.deepEqual(linesOf(faulty), [["clusterEndpoint", lineWith(faulty, "http://")]]);
    const twice = `${text}  talos-cilium:cluster: {}\n`;
    assert.deepEqual(linesOf(twice), [["cluster", lineWith(twice, "  cluster:")]]);
  });

  it("finds the line of what an alias brings", () => {
    const text = writtenFile()
      .replace("config:\n", "x: &labels\n  rack: 7\nconfig:\n")
      .replace("machineType: worker", "machineType: worker\n        labels: *labels");
    assert.deepEqual(linesOf(text), [["nodes[1].labels.rack", lineWith(text, "rack: 7")]]);
  });

  it("says once that the whole cluster is encrypted", () => {
    const text = "config:\n  talos-cilium:cluster:\n    secure: v1:abc\n";
    const { problems } = readStackText(text);
    assert.deepEqual(
      problems.map(({ id, line }) => [id, line]),
      [["nested-secret", 2]],
    );
    assert.match(problems[0]!.fix, /pulumi config get talos-cilium:cluster/);
  });

  it("says what docs/environments.md shows", () => {
    const shown = readFileSync(path.join(ROOT, "docs/environments.md"), "utf8");
    const { problems } = readStackText(writtenFile().replace("https://", "http://"));
    assert.ok(shown.includes(`\n${formatLocated(problems, "Pulumi.home.yaml")}\n\`\`\``));
  });

  it("shows no secret", () => {
    const token = "abcdef.0123456789abcdef";
    const text = writtenFile().replace("clusterName: home", `clusterName: [${token}]`);
    assert.doesNotMatch(formatLocated(readStackText(text).problems, "f"), /0123456789abcdef/);
  });
});

describe("parsePropertyPath", () => {
  for (const keys of [
    ["nodes", 1, "labels", "a.b/c"],
    ["cilium", "values", 'a"]b'],
    ["x-y", 0, 0],
    [],
  ]) {
    it(`reads ${propertyPath(keys) || "(nothing)"} back`, () => {
      assert.deepEqual(parsePropertyPath(propertyPath(keys)), keys);
    });
  }
});

describe("files of other folders", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "stack-file-"));
    writeFileSync(path.join(root, "Pulumi.yaml"), "name: other\n");
    mkdirSync(path.join(root, "deep"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("finds one by a path from where it was typed, and reads it by the root's project", () => {
    const text = writtenFile().replace("talos-cilium:cluster", "other:cluster");
    writeFileSync(path.join(root, "deep/Pulumi.prod.yaml"), text);
    const stack = findStackFile("Pulumi.prod.yaml", root, path.join(root, "deep"));
    assert.deepEqual(stack, {
      name: "prod",
      file: path.join(root, "deep/Pulumi.prod.yaml"),
      projectDirectory: root,
    });
    assert.equal(checkStackFile(stack).spec?.clusterName, "home");
  });

  it("finds one whose name has dots", () => {
    writeFileSync(path.join(root, "Pulumi.eu.prod.yaml"), "");
    assert.equal(findStackFile("eu.prod", root).name, "eu.prod");
    assert.deepEqual(
      stackFiles(root).map(({ name }) => name),
      ["eu.prod"],
    );
  });

  it("says that there is none", () => {
    assert.throws(() => findStackFile("prod", root), /no stack "prod": there are none/);
  });

  it("checks chart and values too, with their lines, beside what else is wrong", () => {
    const text = writtenFile()
      .replace("talos-cilium:cluster", "other:cluster")
      .replace("https://", "http://")
      .replace(/(\n {6}version: 1\.20\.0.*)/, "$1\n      values:\n        hubbel: {}");
    writeFileSync(path.join(root, "Pulumi.prod.yaml"), text);
    const { spec, problems } = checkStackFile(findStackFile("prod", root));
    assert.equal(spec, undefined);
    const line = text.split("\n").findIndex((each) => each.includes("hubbel")) + 1;
    assert.deepEqual(problems.map(({ propertyPath: at }) => at).sort(), [
      "cilium.values.hubbel",
      "clusterEndpoint",
    ]);
    assert.equal(problems.find(({ propertyPath: at }) => at.endsWith("hubbel"))?.line, line);
  });

  it("says nothing of words where the version is none", () => {
    const text = writtenFile()
      .replace("talos-cilium:cluster", "other:cluster")
      .replace("version: 1.20.0", "version: latest");
    writeFileSync(path.join(root, "Pulumi.prod.yaml"), text);
    assert.deepEqual(
      checkStackFile(findStackFile("prod", root)).problems.map(({ id }) => id),
      ["version-format"],
    );
  });

  it("says nothing of values that follow from a fault", () => {
    const text = writtenFile()
      .replace("talos-cilium:cluster", "other:cluster")
      .replace(
        /(\n {6}version: 1\.20\.0.*)/,
        "$1\n      hubble:\n        ui: true\n        relay: false",
      );
    writeFileSync(path.join(root, "Pulumi.prod.yaml"), text);
    const { problems } = checkStackFile(findStackFile("prod", root));
    assert.deepEqual(
      problems.map(({ propertyPath: at }) => at),
      ["cilium.hubble.ui"],
    );
  });
});
