import { gzipSync } from "node:zlib";

import type { TestLab } from "./testLab";

/** Puts a revision of the release there as Helm stores it, touched so many seconds ago. */
export async function putRevision(lab: TestLab, status: string, ageSeconds: number): Promise<void> {
  const before = await lab.kubectl([
    "-n",
    "kube-system",
    "get",
    "secrets",
    "-l",
    "owner=helm",
    "-o",
    "name",
  ]);
  const last = Math.max(0, ...[...before.matchAll(/\.v(\d+)$/gm)].map((match) => Number(match[1])));
  const version = last + 1;
  const time = new Date(Date.now() - ageSeconds * 1000).toISOString();
  const release = {
    name: "cilium",
    namespace: "kube-system",
    version,
    info: { status, first_deployed: time, last_deployed: time },
    chart: { metadata: { name: "cilium", version: "1.20.0", apiVersion: "v2" } },
    config: {},
    manifest: "",
  };
  const packed = gzipSync(JSON.stringify(release)).toString("base64");
  const touched = String(Math.floor(Date.parse(time) / 1000));
  const labels = {
    name: "cilium",
    owner: "helm",
    status,
    version: String(version),
    createdAt: touched,
  };
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: { name: `sh.helm.release.v1.cilium.v${version}`, namespace: "kube-system", labels },
    data: { release: Buffer.from(packed).toString("base64") },
  };
  await lab.kubectl(["create", "-f", "-"], JSON.stringify(secret));
}
