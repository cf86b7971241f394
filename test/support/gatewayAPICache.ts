import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** The least of a CRD of Gateway API, under the name of another. */
const CRD = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gateways.gateway.networking.k8s.io" },
  spec: {
    group: "gateway.networking.k8s.io",
    names: { plural: "gateways" },
    versions: [{ name: "v1", served: true }],
  },
};

/** Call it in a `describe`: programs find every release of Gateway API as if they had downloaded it. */
export function withGatewayAPICache(releases: readonly string[] = ["v1.6.1"]): void {
  const before_ = process.env["XDG_CACHE_HOME"];
  let folder = "";
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "gateway-api-"));
    mkdirSync(path.join(folder, "pulumi-talos-cilium"));
    for (const release of releases) {
      const file = path.join(folder, "pulumi-talos-cilium", `gateway-api-${release}.json`);
      writeFileSync(file, JSON.stringify([CRD]));
    }
    process.env["XDG_CACHE_HOME"] = folder;
  });
  after(() => {
    if (before_ === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = before_;
    rmSync(folder, { recursive: true, force: true });
  });
}
