import { brokenGatewayAPI, ciliumGatewayAPI } from "../compatibility";
import type { CiliumSpec } from "../schema";
import { type Version, minorOf, parseVersion } from "../versions";
import type { MachineDocuments } from "./machineDocuments";
import { listAt } from "./machineDocuments";
import type { CheckedMachine, MachineFinding, MachineRule } from "./machineRule";

/** CRDs of Gateway API that machines install from a URL, against the Cilium that reads them. */
export const gatewayAPIRules: readonly MachineRule[] = [
  { id: "gateway-api-broken", check: broken },
  { id: "gateway-api-untested", warns: true, check: untested },
];

interface Manifest {
  readonly url: string;
  readonly version: Version;
  readonly isExperimental: boolean;
}

function* broken(documents: MachineDocuments, machine: CheckedMachine): Iterable<MachineFinding> {
  for (const { manifest, row, cilium } of verdicts(documents, machine)) {
    if (!row) continue;
    yield {
      where: "cluster.extraManifests",
      got: manifest.url,
      reason: `with Cilium ${minorOf(cilium)} this release of Gateway API does not work: ${row.reason}`,
      fix: fixFor(cilium),
    };
  }
}

function* untested(documents: MachineDocuments, machine: CheckedMachine): Iterable<MachineFinding> {
  for (const { manifest, row, cilium } of verdicts(documents, machine)) {
    const fitting = parseVersion(ciliumGatewayAPI[cilium.minor] ?? "");
    if (row || !fitting || fitting.minor === manifest.version.minor) continue;
    yield {
      where: "cluster.extraManifests",
      got: manifest.url,
      reason: `Cilium ${minorOf(cilium)} was made for Gateway API ${minorOf(fitting)}, not for this release`,
      fix: fixFor(cilium),
    };
  }
}

function verdicts([main]: MachineDocuments, { spec, machineType }: CheckedMachine) {
  const cilium = parseVersion(spec?.cilium.version ?? "");
  if (!spec || machineType === "worker" || !cilium || !usesGatewayAPI(spec.cilium)) return [];
  const manifests = listAt(main, "cluster", "extraManifests").flatMap(manifestAt);
  const hasOldTLSRoute = manifests.some(
    ({ url, isExperimental }) => isExperimental && holdsTLS(url),
  );
  return manifests.map((manifest) => ({
    manifest,
    cilium,
    row: brokenGatewayAPI.find(
      (row) =>
        within(cilium.minor, row.cilium) &&
        within(manifest.version.minor, row.gatewayAPI) &&
        !(row.savedByExperimentalTLSRoute && (hasOldTLSRoute || !holdsTLS(manifest.url))),
    ),
  }));
}

function manifestAt(url: unknown): Manifest[] {
  const text = String(url);
  const [, version = ""] = /gateway-api\/(?:.*\/)?(v\d+\.\d+\.\d+)\//.exec(text) ?? [];
  const parsed = parseVersion(version);
  return parsed && parsed.major === 1
    ? [{ url: text, version: parsed, isExperimental: text.includes("experimental") }]
    : [];
}

/** Whether a file holds TLSRoute: all of a channel, or its own. */
function holdsTLS(url: string): boolean {
  return /-install\.yaml|tlsroutes/.test(url);
}

/** By the key of the spec, or by the user's own values. */
function usesGatewayAPI(cilium: CiliumSpec): boolean {
  const own = cilium.values["gatewayAPI"] as { enabled?: unknown } | undefined;
  return own?.enabled === true || (cilium as { gatewayAPI?: unknown }).gatewayAPI !== undefined;
}

function fixFor({ minor }: Version): string {
  const fitting = ciliumGatewayAPI[minor];
  return fitting
    ? `take the manifests of ${fitting}`
    : "take the release that Cilium's documentation names";
}

function within(minor: number, { from, to }: { from: number; to: number }): boolean {
  return minor >= from && minor <= to;
}
