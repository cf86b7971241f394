import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { isRendered } from "../../components/spec";
import { clusterMocks } from "../support/clusterMocks";
import { withGatewayAPICache } from "../support/gatewayAPICache";
import { assertGolden } from "../support/golden";
import { GUIDES, guides } from "../support/guides";
import { type Recorder, recordResources } from "../support/mocks";

const APPLY = "talos:machine/configurationApply:ConfigurationApply";
const RELEASE = "kubernetes:helm.sh/v3:Release";
/** No name of these begins another one. */
const clusterName = (guide: string) => `${guide.replace("/", ".")}.`;

/** Made for every cluster, whatever its features. */
const ALWAYS = /^pulumi:|:Release$|^kubernetes:core\/v1:Secret$/;

describe("stack files of the guides, all in one program under mocks (guides.matrix.ts asks the engine)", function () {
  this.timeout(120_000);
  withGatewayAPICache();

  const all = guides();
  // Rendered methods need Helm, and are previewed by the engine.
  const previewed = all.filter(({ spec }) => !isRendered(spec.cilium.installMethod ?? "release"));
  let recorder: Recorder;

  before(async () => {
    recorder = await recordResources({ ...clusterMocks, preview: true });
    const { TalosCluster } = await import("../../components");
    for (const { name, spec } of previewed) new TalosCluster(clusterName(name), { spec });
    await pulumi.runtime.disconnect();
  });

  const madeBy = (name: string) =>
    recorder.registrations.filter((each) => each.name.startsWith(`${clusterName(name)}-`));

  for (const { name, spec } of previewed) {
    it(name, () => {
      const types = madeBy(name).map(({ type }) => type);
      const count = (type: string) => types.filter((each) => each === type).length;
      assert.equal(count(APPLY), spec.nodes.length);
      const { installMethod = "release" } = spec.cilium;
      assert.equal(count(RELEASE), installMethod === "release" ? 1 : 0);
    });
  }

  it("have the golden objects", () => {
    const objects = previewed.map(({ name }) => [
      name,
      madeBy(name)
        .filter(({ type }) => type.startsWith("kubernetes:") && !ALWAYS.test(type))
        .map(({ type, inputs }) => {
          const { name: object } = inputs["metadata"] as { name: string };
          return `${type.split(":").at(-1)} ${object}`;
        })
        // The least of a CRD that stands in for those of Gateway API.
        .filter((object) => !object.startsWith("CustomResourceDefinition"))
        .sort(),
    ]);
    assertGolden("objects/guides.yaml", stringify(Object.fromEntries(objects)));
  });

  it("are all that README.md lists, each with what it shows", () => {
    const readme = readFileSync(path.join(GUIDES, "README.md"), "utf8");
    const listed = [...readme.matchAll(/\]\(([\w.-]+)\/Pulumi\.([\w-]+)\.yaml\)/g)].map(
      ([, guide, section]) => `${guide}/${section}`,
    );
    assert.deepEqual(
      listed.sort(),
      all.map(({ name }) => name),
    );
    for (const { name, text } of all) assert.match(text, /^# Shows: \w/m, name);
  });
});
