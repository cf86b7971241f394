import type { Finding } from "./finding";
import { isMovingURL } from "./manifestURL";
import { UNKNOWN, valueAt } from "./propertyTree";

const EXACT = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
/** A chart that is a file or a folder is a version of its own. */
const FILE = /^(\.{0,2}\/|[a-z]:\\)|\.tgz$/i;

/**
 * A Helm chart comes in one version that is written down. A `helm.v4.Chart` shows its objects to a policy
 * and not its inputs: one without a chart is not judged.
 *
 * @param props of a release or a chart
 */
export function chartVersionFindings(props: unknown): Finding[] {
  const [version, chart] = [valueAt(props, "version"), valueAt(props, "chart")];
  if (version === UNKNOWN || typeof chart !== "string") return [];
  if (version === undefined && FILE.test(chart) && !isMovingURL(chart)) return [];
  if (typeof version === "string" && EXACT.test(version)) return [];
  return [
    {
      propertyPath: "version",
      got: version === undefined ? "nothing" : JSON.stringify(version),
      reason: `the next run may install another version of ${chart} than the last`,
      fix: "write the full version, as in 1.20.0",
    },
  ];
}
