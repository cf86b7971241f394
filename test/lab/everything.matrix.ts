import assert from "node:assert/strict";

import type { ClusterSpecInput } from "../../components";
import { minimalCluster } from "../components/spec/minimalCluster";
import { everything } from "../support/everything";
import { requireSharedData, sharedData } from "../support/sharedData";
import { requireBinaries, TestLab } from "../support/testLab";

const CRDS = sharedData("crds", "gateway-api", "standard-v1.6.1.yaml");

const names = everything(minimalCluster()).map(([name]) => name);

/** The cluster of that name, with the CRDs of Gateway API from a file: there is no network here. */
function withEverything(name: string, base: ClusterSpecInput): ClusterSpecInput {
  const [, spec] = everything(base).find(([each]) => each === name)!;
  const { gatewayAPI } = spec.cilium;
  if (!gatewayAPI) return spec;
  return { ...spec, cilium: { ...spec.cilium, gatewayAPI: { ...gatewayAPI, crds: CRDS } } };
}

describe("every feature on at once, on the lab (no agent runs: that they work together is not proved)", function () {
  this.timeout(600_000);
  let lab: TestLab;

  before(requireSharedData);
  before(requireBinaries);
  afterEach(() => lab?.stop());

  for (const name of names) {
    it(`comes up, and a second run changes nothing: ${name}`, async () => {
      lab = await TestLab.start({
        controlPlanes: 1,
        workers: 1,
        spec: (base) => withEverything(name, base),
      });
      await lab.up();
      const before = await lab.mutatingCalls();
      await lab.up(["--expect-no-changes"]);
      assert.deepEqual(await lab.mutatingCalls(), before);
    });
  }
});
