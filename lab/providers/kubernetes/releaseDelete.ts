import type { CallContext, DeleteRequest } from "../protocol";
import { runHelm } from "./helm";
import { helmOptions, type HelmTools } from "./helmTools";
import type { ProviderInstance } from "./instance";
import { decodeRelease } from "./releaseInputs";

/** Uninstalls a release, waiting for its objects where its installation was waited for. */
export async function deleteRelease(
  { urn, properties }: DeleteRequest,
  tools: HelmTools,
  instance: ProviderInstance,
  { log, signal }: CallContext,
): Promise<void> {
  if (instance.unreachable !== undefined) {
    throw new Error(
      `can't delete Helm Release with unreachable cluster. Reason: ${JSON.stringify(instance.unreachable)}`,
    );
  }
  const release = decodeRelease(properties, tools.directory);
  const args = ["uninstall", release.name, "--namespace", release.namespace];
  if (release.atomic === true || release.skipAwait !== true) {
    args.push("--wait", "--timeout", `${release.timeout || 300}s`);
  }
  const said = await runHelm(tools.helm, args, { ...helmOptions(tools, instance), signal });
  const info = said.replace(/release ".*" uninstalled\n?$/, "").trim();
  if (info !== "") {
    const message = `Helm uninstall returned information: ${JSON.stringify(info)}`;
    await log("warning", message, urn);
  }
}
