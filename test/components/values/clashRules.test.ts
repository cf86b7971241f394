import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import type { ChartValues } from "../../../components/values";
import {
  checkClashes,
  checkTalosValues,
  checkValues,
  minorNumber,
} from "../../../components/values";
import { clashRules } from "../../../components/values/clashRules";
import { mandatoryValues } from "../../../components/values/talos";
import { type ValuesFixture, valuesFixtures } from "../../support/valuesFixtures";
import { requireSharedData, sharedData } from "../../support/sharedData";

const context = ({ version, nodes }: ValuesFixture) => ({ minor: minorNumber(version), nodes });

function idsOf(values: ChartValues, fixture: ValuesFixture): string[] {
  const { problems, warnings } = checkClashes(values, values, context(fixture));
  return [...problems, ...warnings].map(({ id }) => id);
}

describe("clashRules (what is said of values; that agents fail so is upstream's word)", () => {
  const fixtures = valuesFixtures();

  for (const fixture of fixtures) {
    it(`names ${fixture.name}`, () => {
      const expected = [fixture.rule, ...(fixture.also ?? [])];
      assert.deepEqual(idsOf(fixture.fails, fixture).sort(), expected.sort());
      assert.deepEqual(idsOf(fixture.passes, fixture), []);
      // The chart itself finds nothing wrong with either.
      for (const values of [fixture.fails, fixture.passes]) {
        const others = [...checkValues(values, fixture.version), ...checkTalosValues(values)];
        assert.deepEqual(others, []);
      }
    });
  }

  it("has a fixture for each row", () => {
    const fired = new Set(
      fixtures.flatMap((fixture) =>
        clashRules.filter(({ breaks }) => breaks(fixture.fails, context(fixture))),
      ),
    );
    const unproved = clashRules.filter((rule) => !fired.has(rule));
    assert.deepEqual(
      unproved.map(({ id, path }) => `${id} ${path}`),
      [],
    );
  });

  it("lets no warning be a refusal that may be silenced, which says nothing more", () => {
    assert.deepEqual(
      clashRules.filter(({ warns, silenceable }) => warns && silenceable),
      [],
    );
  });

  it("stands at the user's key where they gave it, and at ours where not", () => {
    const at = (users: ChartValues) =>
      checkClashes({ ...mandatoryValues, operator: { replicas: 2 } }, users, {
        minor: 20,
        nodes: 1,
      }).warnings.map(({ propertyPath }) => propertyPath);
    assert.ok(at({}).includes("cilium.operatorReplicas"));
    assert.ok(at({ operator: { replicas: 2 } }).includes("cilium.values.operator.replicas"));
  });

  describe("recorded charts", () => {
    before(requireSharedData);

    for (const version of ["1.17.18", "1.18.12", "1.19.6", "1.20.0"]) {
      it(`refuses none of the value sets that ${version} rendered for a feature`, () => {
        const text = readFileSync(sharedData("cilium", version, "rendered.json"), "utf8");
        const cases = JSON.parse(text) as Record<string, { values: ChartValues; error?: string }>;
        for (const [name, { values, error }] of Object.entries(cases)) {
          if (error !== undefined) continue;
          const { problems } = checkClashes(values, values, { minor: minorNumber(version) });
          assert.deepEqual(problems, [], name);
        }
      });
    }
  });
});
