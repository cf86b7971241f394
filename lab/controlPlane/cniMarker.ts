import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ConfiguredNode } from "../nodes/clusterRuntime";
import type { CNIRole } from "./clusterFacts";
import { isCNI } from "./nodeNetwork";
import type { PodRole } from "./pod";

/** Whose CNI configuration lies on a machine's disk, where it outlives pods and reboots. */
export function readCNIMarker(node: ConfiguredNode): CNIRole | undefined {
  if (!existsSync(marker(node))) return undefined;
  const role = readFileSync(marker(node), "utf8") as PodRole;
  // Labs of older versions wrote nothing into it.
  return isCNI(role) ? role : "cilium-agent";
}

export async function writeCNIMarker(
  node: ConfiguredNode,
  cni: CNIRole | undefined,
): Promise<void> {
  if (cni === undefined) return;
  await mkdir(dirname(marker(node)), { recursive: true });
  await writeFile(marker(node), cni);
}

function marker(node: ConfiguredNode): string {
  return join(node.dir, "kubelet", "cni-configured");
}
