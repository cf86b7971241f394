import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { stringify } from "yaml";

import { onlyControlPlanes, releaseValues } from "../../../components/cilium/releaseValues";
import { type NodeSpec, parseCiliumSpec } from "../../../components/spec";
import type { ChartValues } from "../../../components/values";
import { isMap } from "../../../components/values/chartValues";
import { assertGolden } from "../../support/golden";
import { requireSharedData, sharedData } from "../../support/sharedData";
import { exposureCases } from "./exposureCases";

const VERSIONS = ["1.18.12", "1.19.6", "1.20.0"];

function valuesOf(cilium: object, version: string) {
  const { spec, problems } = parseCiliumSpec({ hubble: { enabled: false }, version, ...cilium });
  assert.deepEqual(problems, []);
  return releaseValues(spec!, { k8sServiceHost: "localhost", k8sServicePort: 7445 });
}

describe("values of the features that show Services to others (not that traffic arrives)", () => {
  for (const [name, { cilium, since = 18 }] of Object.entries(exposureCases)) {
    it(`has the golden values: ${name}`, () => {
      const { values } = valuesOf(cilium, "1.20.0");
      const own = differences(values, valuesOf({}, "1.20.0").values);
      assertGolden(`values/exposure/${name}.yaml`, stringify(own, { sortMapEntries: true }));
    });

    for (const version of VERSIONS.filter((each) => Number(each.split(".")[1]) >= since)) {
      it(`is what chart ${version} knows and Talos can live with: ${name}`, () => {
        assert.deepEqual(valuesOf(cilium, version).problems, []);
      });
    }
  }

  it("lets Relay, UI and the Job that makes their keys run on control planes where there is nothing else", () => {
    type Part = { tolerations?: { key: string }[] };
    const tolerations = (onlyControlPlanes: boolean, tls: object) => {
      const { spec } = parseCiliumSpec({
        version: "1.20.0",
        hubble: { relay: true, ui: true, tls },
      });
      const { hubble, certgen } = releaseValues(spec!, { onlyControlPlanes }).values as {
        hubble: Record<"relay" | "ui", Part>;
        certgen?: Part;
      };
      return [hubble.relay, hubble.ui, certgen].map((part) => part?.tolerations?.[0]?.key);
    };
    const key = "node-role.kubernetes.io/control-plane";
    const issued = { method: "certmanager", issuerRef: { name: "internal" } };
    assert.deepEqual(tolerations(true, { method: "cronJob" }), [key, key, key]);
    assert.deepEqual(tolerations(true, issued), [key, key, undefined]);
    assert.deepEqual(tolerations(false, { method: "cronJob" }), [undefined, undefined, undefined]);
    const nodes = [{ machineType: "controlplane" }, { machineType: "worker" }] as NodeSpec[];
    const only = (count: number, allowSchedulingOnControlPlanes = false) =>
      onlyControlPlanes({ nodes: nodes.slice(0, count), allowSchedulingOnControlPlanes });
    assert.deepEqual([only(1), only(1, true), only(2)], [true, false, false]);
  });

  describe("compared with the recorded value sets", () => {
    before(requireSharedData);
    for (const [name, { cilium, since = 18, recorded }] of Object.entries(exposureCases)) {
      if (!recorded) continue;
      for (const version of VERSIONS.filter((each) => Number(each.split(".")[1]) >= since)) {
        it(`says to chart ${version} all that ${recorded} says: ${name}`, () => {
          const sets = JSON.parse(
            readFileSync(sharedData("cilium", version, "rendered.json"), "utf8"),
          ) as Record<string, { values: ChartValues }>;
          // The chart has no such key any more.
          const expected = { ...sets[recorded]!.values };
          delete (expected as Record<string, unknown>)["externalIPs"];
          assertContains(valuesOf(cilium, version).values, expected, recorded);
        });
      }
    }
  });
});

/** What of the values is not the same in the others. */
function differences(values: ChartValues, others: ChartValues): ChartValues {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
      const other = others[key];
      if (JSON.stringify(value) === JSON.stringify(other)) return [];
      return [[key, isMap(value) && isMap(other) ? differences(value, other) : value]];
    }),
  );
}

function assertContains(values: unknown, part: unknown, path: string): void {
  if (!isMap(part)) return assert.deepEqual(values, part, path);
  for (const [key, inner] of Object.entries(part)) {
    assertContains(isMap(values) ? values[key] : undefined, inner, `${path}.${key}`);
  }
}
