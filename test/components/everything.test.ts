import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { ciliumObjects } from "../../components/cilium/objects";
import { releaseValues, surroundingsOf } from "../../components/cilium/releaseValues";
import { formatProblems } from "../../components/problems";
import { parseClusterSpec } from "../../components/spec";
import { everything } from "../support/everything";
import { minimalCluster } from "./spec/minimalCluster";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Keys that are no feature, or that are on in a test of their own. */
const ELSEWHERE = [
  ...["version", "chart", "repositoryOpts.repo", "timeout"],
  // test/lab/installMethods.matrix.ts, handOver.matrix.ts and flannelMigration.matrix.ts
  ...["installMethod", "hosted.url", "hosted.file", "cli.version", "cli.image", "managedBy"],
  ...["from", "stage", "podSubnets", "nodes"].map((key) => `migration.${key}`),
  // A path, which everything.matrix.ts gives.
  "gatewayAPI.crds",
  // test/components/values/exposureValues.test.ts: the lab's stand-in chart has no such values
  ...["leaseDuration", "leaseRenewDeadline", "leaseRetryPeriod"].map(
    (key) => `l2Announcements.${key}`,
  ),
  // test/components/values/features.test.ts, on a cluster of two families
  "routing.ipv6NativeRoutingCIDR",
];

/** The keys of `cilium` and of the groups in it, as the published schema names them. */
function featureKeys(): string[] {
  const file = path.resolve(__dirname, "../../schemas/cluster.schema.json");
  const schema = JSON.parse(readFileSync(file, "utf8")) as Schema;
  return Object.entries(schema.properties!["cilium"]!.properties!).flatMap(([key, group]) =>
    group.properties ? Object.keys(group.properties).map((inner) => `${key}.${inner}`) : [key],
  );
}

function isOn(cilium: object, key: string): boolean {
  const value = key
    .split(".")
    .reduce<unknown>(
      (inner, each) => (inner as Record<string, unknown> | undefined)?.[each],
      cilium,
    );
  return value !== undefined && value !== false && JSON.stringify(value) !== "{}";
}

describe("everything at once (a second run is asked in everything.matrix.ts)", () => {
  const files = everything(minimalCluster());

  for (const [name, input] of files) {
    it(`is taken, and renders twice to the same byte: ${name}`, () => {
      const render = () => {
        const { spec, problems } = parseClusterSpec(structuredClone(input));
        assert.equal(formatProblems(problems, ""), "");
        const release = releaseValues(spec!.cilium, surroundingsOf(spec!));
        assert.equal(formatProblems(release.problems, ""), "");
        return JSON.stringify([release.values, ciliumObjects(spec!.cilium)]);
      };
      assert.equal(render(), render());
    });
  }

  it("has every key of every feature on in one of them", () => {
    const off = featureKeys().filter(
      (key) => !ELSEWHERE.includes(key) && !files.some(([, { cilium }]) => isOn(cilium, key)),
    );
    assert.deepEqual(off, []);
  });
});
