import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { parseClusterSpec, type ClusterSpecInput } from "../../components/spec";
import { policies } from "../../policy/policies";
import { diskFindings, trafficFindings } from "../../policy/rules/encryption";
import { patchDocuments } from "../../policy/rules/configPatches";

const PAGE = readFileSync(path.resolve(__dirname, "../../docs/policies.md"), "utf8");

/** Fenced blocks of a language, in order; indentation of a list is taken off. */
const blocks = (language: string) =>
  Array.from(
    PAGE.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^\\1\`\`\``, "gm")),
    ([, indent = "", text = ""]) => text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );

const names = policies.map(({ name }) => name);

describe("docs/policies.md (its commands are those of engine.test.ts)", () => {
  it("lists each policy of the pack once, in its order", () =>
    assert.deepEqual(
      Array.from(PAGE.split("\n## ")[0]!.matchAll(/^\| `([^`]+)`/gm), ([, name]) => name),
      names,
    ));

  it("says which policies can be told that a stack is prod, and names no other", () => {
    const [prod, level, ...more] = blocks("json").map(
      (text) => JSON.parse(text) as Record<string, unknown>,
    );
    assert.deepEqual(
      Object.keys(prod!),
      policies.filter(({ configSchema }) => configSchema).map(({ name }) => name),
    );
    assert(Object.keys(level!).every((name) => names.includes(name)));
    assert.equal(more.length, 0);
  });

  it("shows a configuration that is valid and that prod lets pass", () => {
    const [text] = blocks("yaml");
    const shown = parse(text!) as Partial<ClusterSpecInput>;
    const { spec, problems } = parseClusterSpec({
      clusterName: "home",
      clusterEndpoint: "https://192.0.2.2:6443",
      talosVersion: "v1.13.0",
      configContract: "v1.13",
      kubernetesVersion: "1.36.3",
      allowSchedulingOnControlPlanes: true,
      nodes: [
        {
          hostname: "cp-1",
          ipAddress: "192.0.2.2",
          machineType: "controlplane",
          installDisk: "/dev/sda",
        },
      ],
      ...shown,
    } as ClusterSpecInput);
    assert.deepEqual(problems, []);
    assert.deepEqual(trafficFindings(spec!.cilium.values), []);
    assert.deepEqual(diskFindings(patchDocuments(spec)), []);
  });
});
