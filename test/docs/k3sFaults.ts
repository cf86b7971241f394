import { isDeepStrictEqual } from "node:util";

import { platformNotes } from "../../components/cilium/platform";
import { releaseValues } from "../../components/cilium/releaseValues";
import { parseCiliumSpec } from "../../components/spec";

/** What is wrong with the words behind `k3s`: a server gets what `serverFlags` says, and nothing else. */
export function k3sFaults(args: readonly string[]): string[] {
  const { spec } = parseCiliumSpec({ version: "1.20.0" });
  const { values } = releaseValues(spec!, { platform: "k3s" });
  const wanted = ["server", ...platformNotes("k3s", values)!.serverFlags];
  return isDeepStrictEqual(args, wanted) ? [] : [`the program says: k3s ${wanted.join(" ")}`];
}
