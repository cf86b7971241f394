import assert from "node:assert/strict";
import {
  goDurationSeconds,
  hostnameOf,
  parseMachineConfiguration,
} from "../../../lab/nodes/machineConfiguration";

describe("what a node reads of its configuration (not whether Talos would accept it)", () => {
  it("takes the hostname from either document, the new one first", () => {
    const hostname = (text: string) => {
      const configuration = parseMachineConfiguration(text);
      return hostnameOf(configuration!, "127.0.0.2", "identity");
    };
    const legacy = "machine: {type: worker, network: {hostname: w-1}}\n";
    assert.equal(hostname(legacy), "w-1");
    assert.equal(hostname("machine: {network: {hostname: w-1.example.org}}\n"), "w-1");
    const document = (fields: string) =>
      `---\napiVersion: v1alpha1\nkind: HostnameConfig\n${fields}`;
    assert.equal(hostname(`machine: {}\n${document("auto: off\nhostname: w-2\n")}`), "w-2");
    assert.match(hostname(`machine: {}\n${document("auto: stable\n")}`), /^talos-\w{3}-\w{3}$/);
    assert.match(hostname("machine: {features: {stableHostname: true}}\n"), /^talos-\w{3}-\w{3}$/);
    assert.equal(hostname("machine: {}\n"), "talos-127-0-0-2");
  });

  it("keeps a stable hostname for as long as the machine keeps its identity", () => {
    const stable = { hostname: undefined, stableHostname: true };
    const name = hostnameOf(stable, "127.0.0.2", "identity");
    assert.equal(hostnameOf(stable, "127.0.0.9", "identity"), name);
    assert.notEqual(hostnameOf(stable, "127.0.0.2", "another"), name);
  });

  it("does not suffice to boot without the v1alpha1 document", () => {
    assert.equal(
      parseMachineConfiguration("apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: x\n"),
      undefined,
    );
  });

  it("reads defaults where the configuration names nothing", () => {
    const { cluster, machineType } = parseMachineConfiguration("machine: {type: controlplane}\n")!;
    assert.equal(machineType, "controlplane");
    assert.equal(cluster.cniName, "flannel");
    assert.equal(cluster.dnsDomain, "cluster.local");
    assert.equal(cluster.proxyEnabled, true);
  });

  it("says where YAML does not parse, and nothing of its content", () => {
    assert.throws(
      () => parseMachineConfiguration("machine:\n  token: secret\n bad\n"),
      (error: Error) => /^line \d/.test(error.message) && !error.message.includes("secret"),
    );
  });

  it("reads Go durations", () => {
    for (const [text, seconds] of [
      ["8760h", 8760 * 3600],
      ["8760h0m0s", 8760 * 3600],
      ["1h30m", 5400],
      ["1.5s", 1.5],
      ["250ms", 0.25],
    ] as const) {
      assert.equal(goDurationSeconds(text), seconds, text);
    }
    for (const text of ["", "5", "1 h", "1d", "h"]) {
      assert.equal(goDurationSeconds(text), undefined, text);
    }
  });
});
