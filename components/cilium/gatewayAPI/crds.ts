import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

import { loadAll } from "js-yaml";

import type { Problem } from "../../problems";
import type { CiliumSpec } from "../../spec";
import { ciliumGatewayAPI, gatewayAPIVersions, tlsRouteVersion } from "../../spec/compatibility";
import { minorNumber } from "../../values";
import type { CiliumObject, Manifest } from "../objects";
import { releasedCRDs } from "./download";
import { withoutDescriptions } from "./withoutDescriptions";

const GROUP = "gateway.networking.k8s.io";
/** What `gatewayAPI.crds` says where somebody else installs them. */
export const EXTERNAL = "external";

interface Source {
  /** Changes when the CRDs do: the operator looks for them only when it starts. */
  readonly mark: string;
  readonly crds: () => Manifest[];
}

/** The CRDs of Gateway API that the program installs, all before the release. They stay when it goes. */
export function gatewayCRDs(cilium: CiliumSpec, directory = process.cwd()): CiliumObject[] {
  const crds = sourceOf(cilium, directory)?.crds() ?? [];
  return crds.map((crd) => ({
    when: "beforeRelease",
    stays: true,
    manifest: withoutDescriptions(crd),
  }));
}

/** A text that changes with the CRDs that the program installs; undefined where it installs none. */
export function gatewayCRDsMark(cilium: CiliumSpec, directory: string): string | undefined {
  return sourceOf(cilium, directory)?.mark;
}

/** What is wrong with CRDs that are given as files; nothing is downloaded for it. */
export function gatewayCRDsProblems(cilium: CiliumSpec, directory: string): Problem[] {
  const got = cilium.gatewayAPI?.crds;
  const minor = minorNumber(cilium.version);
  if (!cilium.gatewayAPI || got === EXTERNAL) return [];
  const problem = (reason: string, fix: string): Problem[] => [
    { id: "gateway-crds", propertyPath: "cilium.gatewayAPI.crds", got, reason, fix },
  ];
  const release = ciliumGatewayAPI[minor];
  const needsOldTLSRoute = minor < 20 && Object.keys(cilium.gatewayAPI.tlsRoutes).length > 0;
  const oldTLSRoute = () =>
    problem(
      `Cilium ${cilium.version} fails where TLSRoute is not served as ${tlsRouteVersion(minor)}`,
      `give the CRDs of Gateway API ${release ?? "that it asks for"}${needsOldTLSRoute ? " with the TLSRoute of its experimental channel, or use Cilium 1.20" : ""}`,
    );
  if (got === undefined) {
    if (needsOldTLSRoute) return oldTLSRoute();
    return release === undefined
      ? problem(
          `nothing is known here of the Gateway API that Cilium ${cilium.version} takes`,
          "give the CRDs as a file, or write external where something else installs them",
        )
      : [];
  }
  const file = path.resolve(directory, got);
  if (!existsSync(file)) {
    return problem(`${file} is not there`, "give a file or folder of CRDs, or leave the key out");
  }
  let served: Map<string, string[]>;
  try {
    served = servedKinds(crdsIn(file));
  } catch (error) {
    const [why] = String((error as Error).message).split("\n");
    return problem(`${file} holds what is no CRD: ${why}`, "give a file or folder of CRDs in YAML");
  }
  const lacking = Object.entries(gatewayAPIVersions(minor)).filter(
    ([plural, version]) => !served.get(plural)?.includes(version),
  );
  if (lacking.length > 0) {
    const kinds = lacking.map(([plural, version]) => `${plural} ${version}`).join(", ");
    return problem(
      `the operator of Cilium ${cilium.version} switches Gateway API off without ${kinds}, and says so only in its log`,
      `give the CRDs of Gateway API ${release ?? "that it asks for"}`,
    );
  }
  const versions = served.get("tlsroutes");
  const isServed = versions?.includes(tlsRouteVersion(minor)) ?? !needsOldTLSRoute;
  return minor < 20 && !isServed ? oldTLSRoute() : [];
}

function sourceOf({ gatewayAPI, version }: CiliumSpec, directory: string): Source | undefined {
  if (!gatewayAPI || gatewayAPI.crds === EXTERNAL) return undefined;
  if (gatewayAPI.crds !== undefined) {
    const file = path.resolve(directory, gatewayAPI.crds);
    return { mark: existsSync(file) ? hashOf(file) : "", crds: () => crdsIn(file) };
  }
  const release = ciliumGatewayAPI[minorNumber(version)];
  return release === undefined ? undefined : { mark: release, crds: () => releasedCRDs(release) };
}

const read = new Map<string, Manifest[]>();

/** CRDs of Gateway API in a file or in the files of a folder; whatever else stands there is passed over. */
function crdsIn(file: string): Manifest[] {
  const text = textOf(file);
  const known = read.get(text);
  if (known) return known;
  const crds = (loadAll(text) as (Manifest | null)[]).filter(
    (document): document is Manifest =>
      document?.kind === "CustomResourceDefinition" &&
      (document["spec"] as { group?: string } | undefined)?.group === GROUP,
  );
  read.set(text, crds);
  return crds;
}

function textOf(file: string): string {
  if (!statSync(file).isDirectory()) return readFileSync(file, "utf8");
  return readdirSync(file)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => readFileSync(path.join(file, name), "utf8"))
    .join("\n---\n");
}

function hashOf(file: string): string {
  return createHash("sha256").update(textOf(file)).digest("hex").slice(0, 12);
}

interface Definition {
  readonly names: { readonly plural: string };
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}

function servedKinds(crds: readonly Manifest[]): Map<string, string[]> {
  return new Map(
    crds.map(({ spec }) => {
      const { names, versions } = spec as Definition;
      return [names.plural, versions.filter(({ served }) => served).map(({ name }) => name)];
    }),
  );
}
