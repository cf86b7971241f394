import assert from "node:assert/strict";
import fc from "fast-check";

import type { MachineType } from "../../../components/spec";
import { checkConfigPatches } from "../../../components/spec";
import type { MachineSecretsData, Machinery } from "../../../lab/machinery";
import { refusalOf, startMachinery } from "../../support/machinery";
import { patchCorpus, patchRows } from "./patchCorpus";

/** How many random rows of patches are tried; the seed is printed when one fails. */
const RUNS = Number(process.env["PATCH_ORACLE_RUNS"] ?? 200);

/** The contracts between which something changes for patches; all of them where there is time. */
const CONTRACTS =
  process.env["PATCH_ORACLE_RUNS"] === undefined
    ? ["v1.11", "v1.13"]
    : ["v1.9", "v1.10", "v1.11", "v1.12", "v1.13"];

const DELETED_DOCUMENT =
  "apiVersion: v1alpha1\nkind: UserVolumeConfig\nname: data\n$patch: delete\n";

/** Whether a document is deleted as a whole by two patches with the same text. */
const deletesTwice = (patches: readonly string[]) =>
  patches.some((text, i) => text.endsWith("\n$patch: delete\n") && patches.indexOf(text) < i);

describe("patches against Talos' own library (whether they are refused, not how it reads)", function () {
  this.timeout(120_000);
  let machinery: Machinery;
  let machineSecrets: MachineSecretsData;

  before(async () => {
    machinery = await startMachinery();
    ({ machineSecrets } = await machinery.secrets("v1.13"));
  });
  after(() => machinery?.stop());

  const refusal = (configPatches: string[], machineType: MachineType, talosVersion: string) =>
    refusalOf(machinery, {
      clusterName: "demo",
      clusterEndpoint: "https://10.5.0.2:6443",
      kubernetesVersion: "1.32.0",
      machineType,
      machineSecrets,
      talosVersion,
      configPatches,
    });

  async function disagreement(patches: string[], machineType: MachineType, contract: string) {
    const said = await refusal(patches, machineType, contract);
    const problems = checkConfigPatches(
      patches.map((text, index) => ({ text, propertyPath: `configPatches[${index}]` })),
      { configContract: contract, machineType },
    );
    if ((said === undefined) === (problems.length === 0)) return undefined;
    return { patches, machineType, contract, talos: said, found: problems.map(({ id }) => id) };
  }

  for (const contract of CONTRACTS) {
    for (const machineType of ["controlplane", "worker"] as const) {
      it(`agrees on each patch by itself and on rows that belong together: ${machineType}, contract ${contract}`, async () => {
        const answers = await Promise.all(
          [...patchCorpus.map((patch) => [patch]), ...patchRows].map((patches) =>
            disagreement([...patches], machineType, contract),
          ),
        );
        assert.deepEqual(
          answers.filter((answer) => answer !== undefined),
          [],
        );
      });
    }
  }

  it("refuses what Talos takes by accident: a missing document's second deletion, of what the first left", async () => {
    const patches = [DELETED_DOCUMENT, DELETED_DOCUMENT];
    const found = await disagreement(patches, "controlplane", "v1.13");
    assert.deepEqual([found?.talos, found?.found], [undefined, ["patch-delete", "patch-delete"]]);
  });

  it("agrees on rows of patches", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...patchCorpus), { minLength: 2, maxLength: 4 }),
        fc.constantFrom("controlplane", "worker"),
        fc.constantFrom("v1.9", "v1.10", "v1.11", "v1.12", "v1.13"),
        async (patches, machineType, contract) => {
          fc.pre(!deletesTwice(patches));
          assert.equal(await disagreement(patches, machineType, contract), undefined);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
