import type { CallContext, CheckRequest, CheckResult } from "../protocol";
import { containsUnknowns, type PropertyMap } from "../property";
import { loadChart } from "./chart";
import { helmOptions, type HelmTools } from "./helmTools";
import type { ProviderInstance } from "./instance";
import { messageOf } from "./manifestErrors";
import { uniqueName } from "./naming";
import { decodeRelease, setReleaseDefaults } from "./releaseInputs";
import { annotateSecrets, annotateUnknowns } from "./secrets";

/**
 * Checks a release's inputs: fills in what the program left out and looks for the chart, which it does not render.
 * Unknown values leave the chart for later.
 */
export async function checkRelease(
  { urn, name, olds, news }: CheckRequest,
  tools: HelmTools,
  instance: ProviderInstance,
  { log }: CallContext,
): Promise<CheckResult> {
  const properties: PropertyMap = { ...news };
  if (properties.name === undefined && typeof olds.name === "string") properties.name = olds.name;
  if (properties.name === undefined || properties.name === "") {
    properties.name = uniqueName(`${name}-`);
  }
  setReleaseDefaults(properties, instance.defaultNamespace);
  const release = decodeRelease(properties, tools.directory);
  if (release.allowNullValues === true) {
    await log(
      "warning",
      "`allowNullValues` is deprecated and has no effect; null values in Helm chart values are preserved by default.",
      urn,
    );
  }
  const failures = [];
  if (!containsUnknowns(properties)) {
    try {
      const chart = await loadChart(tools.helm, release, helmOptions(tools, instance));
      release.version = chart.version;
    } catch (error) {
      const reason = `${messageOf(error)}; check the chart name and repository configuration.`;
      failures.push({ property: "chart", reason });
    }
  }
  const inputs: Record<string, unknown> = release;
  delete inputs.resourceNames;
  annotateUnknowns(inputs, news);
  annotateSecrets(inputs, news);
  return { inputs: inputs as PropertyMap, failures };
}
