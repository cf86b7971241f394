import assert from "node:assert/strict";

import { apiServerWarnings } from "../../../components/cilium/apiServerWarnings";
import { type ChartValues, checkTalosValues, checkValues } from "../../../components/values";
import { chartFixtures } from "../../support/valuesFixtures";

describe("faults that the chart, Talos or the render has (what is said of values; no chart is rendered)", () => {
  for (const { name, rule, version, fails, passes } of chartFixtures()) {
    it(`names ${name}`, () => {
      const idsOf = (values: ChartValues) =>
        [
          ...checkValues(values, version),
          ...checkTalosValues(values),
          ...apiServerWarnings(values),
        ].map(({ id }) => id);
      assert.deepEqual(idsOf(fails), [rule]);
      assert.deepEqual(idsOf(passes), []);
    });
  }
});
