import assert from "node:assert/strict";

import { stringify } from "yaml";

import { type Manifest, ciliumObjects, requiredCRDs } from "../../../components/cilium/objects";
import { parseCiliumSpec } from "../../../components/spec";
import { schemaFaults } from "../../support/crdSchemas";
import { assertGolden } from "../../support/golden";
import { requireSharedData } from "../../support/sharedData";
import { objectCases } from "./objectCases";

function objectsOf(cilium: object, version = "1.20.0") {
  const { spec, problems } = parseCiliumSpec({ version, ...cilium });
  assert.deepEqual(problems, []);
  return ciliumObjects(spec!);
}

describe("ciliumObjects (which objects; CEL rules of their CRDs are asked in objects.matrix.ts)", () => {
  for (const [name, { cilium }] of Object.entries(objectCases)) {
    it(`has the golden objects: ${name}`, () => {
      const objects = objectsOf(cilium);
      assertGolden(
        `objects/${name}.yaml`,
        objects.map((object) => stringify(object)).join("---\n"),
      );
    });
  }

  it("makes nothing where nothing is asked for", () => {
    assert.deepEqual(objectsOf({}), []);
  });

  it("names the CRDs that the operator has to register", () => {
    assert.deepEqual(requiredCRDs(objectsOf(objectCases["lb-ipam"]!.cilium)), [
      "ciliumloadbalancerippools.cilium.io",
    ]);
  });

  it("uses the version that is not warned about: v2 from 1.18 on", () => {
    const versions = ["1.17.18", "1.18.12", "1.20.0"].map(
      (version) => objectsOf(objectCases["lb-ipam"]!.cilium, version)[0]!.manifest.apiVersion,
    );
    assert.deepEqual(versions, ["cilium.io/v2alpha1", "cilium.io/v2", "cilium.io/v2"]);
  });

  describe("against the recorded CRDs", () => {
    before(requireSharedData);

    for (const [name, { cilium }] of Object.entries(objectCases)) {
      it(`is what they take: ${name}`, () => {
        const faults = objectsOf(cilium)
          .filter(({ manifest }) =>
            /^(cilium|gateway\.networking|monitoring)/.test(manifest.apiVersion),
          )
          .flatMap(({ manifest }) => schemaFaults(manifest));
        assert.deepEqual(faults, []);
      });
    }

    it("would see a field that is unknown, missing, or of another type", () => {
      const [pool] = objectsOf(objectCases["lb-ipam"]!.cilium);
      const faultsOf = (spec: object) => schemaFaults({ ...pool!.manifest, spec } as Manifest);
      assert.match(faultsOf({ cidrs: [] })[0]!, /spec\.cidrs is unknown/);
      assert.match(faultsOf({ disabled: "no" })[0]!, /spec\.disabled is not true or false/);
      assert.match(faultsOf({ allowFirstLastIPs: "yes" })[0]!, /is none of Yes,No/);
    });
  });
});
