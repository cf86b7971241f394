import assert from "node:assert/strict";
import path from "node:path";

import { textOf } from "../support/assertFailed";
import { guides } from "../support/guides";
import { requireSharedData, sharedData } from "../support/sharedData";
import { requireBinaries, TestLab } from "../support/testLab";

const CHART = path.resolve(__dirname, "../../lab/charts/cilium");
const CRDS = sharedData("crds", "gateway-api", "standard-v1.6.1.yaml");

describe("stack files of the guides, previewed by the engine (with the stand-in chart; none comes up)", function () {
  this.timeout(120_000);
  let lab: TestLab;

  before(requireSharedData);
  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start();
  });
  after(() => lab?.stop());

  for (const { name, spec } of guides()) {
    it(name, async () => {
      const { gatewayAPI, hosted, installMethod } = spec.cilium;
      const cilium = {
        ...spec.cilium,
        // A Job runs on a node, which has no chart of this computer.
        ...(installMethod !== "job" && { chart: CHART }),
        ...(hosted && { hosted: { ...hosted, file: path.join(lab.dir, "cilium.yaml") } }),
        ...(gatewayAPI && { gatewayAPI: { ...gatewayAPI, crds: CRDS } }),
      };
      // There is no network here.
      const silencedRules = [
        ...(spec.silencedRules ?? []),
        ...(hosted ? ["hosted-unreachable"] : []),
      ];
      lab.writeStack({ ...spec, silencedRules, cilium });
      const result = await lab.run("preview");
      const text = textOf(result);
      assert.equal(result.exitCode, 0, text);
      assert.doesNotMatch(text, /^ *warning:/m);
      assert.match(text, /\+ \d+ to create/);
    });
  }
});
