import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { serveKubernetesProvider } from "../../../../lab/providers/kubernetes";
import type { ProviderServer } from "../../../../lab/providers/protocol";
import { labBinary, requireLabBinaries } from "../../../support/apiServer";
import { ProviderWire, type WireMethod } from "../../../support/providerWire";
import { recordedCalls, type RecordedCall } from "../../../support/recordedCalls";
import { requireSharedData } from "../../../support/sharedData";

const CHART = "<path>/cilium-1.19.6.tgz";

/** A kubeconfig that is one, of a server that is not there. */
export const unreachableKubeconfig = JSON.stringify({
  "current-context": "gone",
  contexts: [{ name: "gone", context: { cluster: "gone", user: "nobody" } }],
  clusters: [{ name: "gone", cluster: { server: "https://127.0.2.250:1" } }],
  users: [{ name: "nobody", user: { token: "none" } }],
});

/** Whether an answer depends on nothing but the request. */
function needsNoCluster({ method, request, response }: RecordedCall): boolean {
  if (method === "CheckConfig" || method === "Check" || method === "Diff") return true;
  if (request.preview !== true) return false;
  if (method === "Create") return true;
  // A dry run of an update has what the server made of it.
  return method === "Update" && JSON.stringify(response).includes("04da6b54");
}

// Not proved here: what a cluster adds to an answer (cluster.test.ts), and that the kubeconfigs of the recordings, which
// are redacted, differ as recorded (providerConfig.test.ts).
describe("kubernetes provider: recorded calls that need no cluster", function () {
  let server: ProviderServer;
  let wire: ProviderWire;
  let dir: string;
  let chart: string;

  before(requireSharedData);
  before(function () {
    requireLabBinaries.call(this, "helm");
  });
  before(async () => {
    dir = mkdtempSync(path.join(tmpdir(), "lab-chart-"));
    mkdirSync(path.join(dir, "cilium"));
    const about = "apiVersion: v2\nname: cilium\nversion: 1.19.6\nappVersion: 1.19.6\n";
    writeFileSync(path.join(dir, "cilium", "Chart.yaml"), about);
    chart = path.join(dir, "cilium-1.19.6.tgz");
    execFileSync("tar", ["czf", chart, "-C", dir, "cilium"]);
    server = await serveKubernetesProvider({ helm: labBinary("helm") ?? "" });
    wire = new ProviderWire(server.port);
    await wire.call("Configure", { args: { kubeconfig: unreachableKubeconfig } });
  });
  after(async () => {
    wire?.close();
    await server?.stop();
    if (dir) rmSync(dir, { recursive: true, force: true });
  });

  const here = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(CHART, chart)) as T;

  const counts: [WireMethod, number][] = [
    ["CheckConfig", 23],
    ["Check", 28],
    ["Diff", 14],
    ["Create", 7],
    ["Update", 1],
  ];
  for (const [method, atLeast] of counts) {
    it(`answers ${method} as the real provider did`, async () => {
      const calls = recordedCalls("kubernetes", [
        "kubernetes/grpc",
        "kubernetes/grpc-more",
        "kubernetes/grpc-release",
      ]).filter((call) => call.method === method && needsNoCluster(call));
      assert.ok(calls.length >= atLeast, `only ${calls.length} recorded calls were found`);
      for (const { recording, request, response } of calls) {
        const expected = here(response) ?? {};
        if (Array.isArray(expected.replaces)) expected.replaces.sort();
        const { response: answered, error } = await wire.call(method, here(request));
        assert.deepEqual(
          answered ?? error,
          expected,
          `${recording} ${method} ${String(request.urn)}`,
        );
      }
    });
  }
});
