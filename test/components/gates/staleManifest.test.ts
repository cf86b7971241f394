import assert from "node:assert/strict";

import { staleManifestFaults } from "../../../components/gates/staleManifest";

const agents = (image: string) => ({
  metadata: { name: "cilium" },
  spec: { selector: {}, template: { spec: { containers: [{ name: "cilium-agent", image }] } } },
});
const rendered = { config: { debug: "true", ipam: "kubernetes" }, image: "cilium:v1.20.0" };

function faults(image: string, data: Record<string, string> | undefined) {
  const snapshot = { daemonSets: [agents(image)] };
  return staleManifestFaults(rendered, snapshot, data && { data }, "talosctl upgrade-k8s");
}

describe("staleManifestFaults (what is compared, not what Talos does)", () => {
  it("finds nothing where the cluster runs what was rendered", () => {
    assert.deepEqual(faults("cilium:v1.20.0", { ...rendered.config }), []);
  });

  it("names changed, added and removed settings, and the command", () => {
    const [fault, ...more] = faults("cilium:v1.20.0", {
      ipam: "kubernetes",
      debug: "false",
      x: "",
    });
    assert.deepEqual(more, []);
    assert.match(
      fault!,
      /^ConfigMap cilium-config is older .* \(debug, x\): .*`talosctl upgrade-k8s`$/,
    );
  });

  it("names an image of another version", () => {
    const [fault] = faults("cilium:v1.19.6", { ...rendered.config });
    assert.match(fault!, /^DaemonSet cilium does not run cilium:v1\.20\.0/);
  });

  it("leaves what is not there to those who look for it", () => {
    assert.deepEqual(
      staleManifestFaults(rendered, { daemonSets: [] }, undefined, "talosctl upgrade-k8s"),
      [],
    );
  });
});
