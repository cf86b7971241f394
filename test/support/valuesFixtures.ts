import { readFileSync, readdirSync } from "node:fs";
import { basename, resolve } from "node:path";

import { parse } from "yaml";

import type { ChartValues, DataPathContext } from "../../components/values";
import { mergeValues } from "../../components/values/chartValues";

const FIXTURES = resolve(__dirname, "../fixtures");

/** What every fixture stands on, unless it says otherwise: Cilium on Talos without kube-proxy. */
const BASE: ChartValues = {
  kubeProxyReplacement: true,
  k8sServiceHost: "127.0.0.1",
  k8sServicePort: 7445,
  ipam: { mode: "kubernetes" },
  hubble: { enabled: false },
};

/** A fault of chart values: the rule that names it, values that have it, and the same without it. */
export interface ValuesFixture {
  /** Name of the file, which is the fault. */
  readonly name: string;
  readonly rule: string;
  /** Further rules that name the same fault, before or behind it. */
  readonly also?: readonly string[];
  readonly version: string;
  readonly nodes?: number;
  /** What is known of the cluster, where the rule is about the data path. */
  readonly context?: Partial<DataPathContext>;
  readonly fails: ChartValues;
  readonly passes: ChartValues;
}

/** Faults that agents fail at, on the base that each has in common. */
export function valuesFixtures(): ValuesFixture[] {
  return fixturesIn("values", BASE);
}

/** Faults of the data path, on a base that says nothing else. */
export function dataPathFixtures(): ValuesFixture[] {
  return fixturesIn("dataPath", { kubeProxyReplacement: true });
}

/** Faults that the chart of a version, Talos or the render itself does not take. */
export function chartFixtures(): ValuesFixture[] {
  return fixturesIn("chart", BASE);
}

function fixturesIn(folder: string, base: ChartValues): ValuesFixture[] {
  return readdirSync(resolve(FIXTURES, folder))
    .sort()
    .map((file) => {
      const text = readFileSync(resolve(FIXTURES, folder, file), "utf8");
      const fixture = parse(text) as Omit<ValuesFixture, "name">;
      return {
        name: basename(file, ".yaml"),
        ...fixture,
        version: fixture.version ?? "1.20.0",
        fails: mergeValues(base, fixture.fails),
        passes: mergeValues(base, fixture.passes),
      };
    });
}
