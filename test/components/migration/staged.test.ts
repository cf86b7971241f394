import assert from "node:assert/strict";

import { ciliumInTheEnd, stagedCilium } from "../../../components/migration/staged";
import { configPatchesFor } from "../../../components/patches";
import { type CiliumSpecInput, parseCiliumSpec, parseClusterSpec } from "../../../components/spec";
import { releaseValues } from "../../../components/cilium/releaseValues";
import { minimalCluster } from "../spec/minimalCluster";
import { POOL } from "./clusterOnFlannel";

const STAGES = ["planned", "beside", "nodes", "done"] as const;
const migrating = (stage: (typeof STAGES)[number]): CiliumSpecInput => ({
  version: "1.20.0",
  gatewayAPI: {},
  hostFirewall: { enforce: true },
  hubble: { relay: true },
  values: { bpf: { masquerade: true }, debug: { enabled: true } },
  migration: { from: "flannel", stage, podSubnets: POOL },
});
const specAt = (stage: (typeof STAGES)[number]) => parseCiliumSpec(migrating(stage)).spec!;

describe("Cilium at the stages of a migration (that agents obey is proved on the lab)", () => {
  it("comes without features until it is done, and not at all while it is planned", () => {
    const seen = STAGES.map((stage) => {
      const { installMethod, gatewayAPI, hubble, kubeProxyReplacement } = stagedCilium(
        specAt(stage),
      );
      return [installMethod, gatewayAPI !== undefined, hubble.relay, kubeProxyReplacement];
    });
    assert.deepEqual(seen, [
      ["none", false, false, false],
      ["release", false, true, false],
      ["release", false, true, false],
      ["release", true, true, true],
    ]);
  });

  it("is what it was without a migration, and when it is done", () => {
    const plain = parseCiliumSpec({ version: "1.20.0" }).spec!;
    assert.equal(stagedCilium(plain), plain);
    assert.equal(ciliumInTheEnd(plain), plain);
    assert.equal(stagedCilium(specAt("done")).migration?.stage, "done");
    assert.equal(ciliumInTheEnd(specAt("beside")).migration?.stage, "done");
  });

  it("leaves pods to Flannel by its values, the user's own or not, with nothing to be said of them", () => {
    const { values, problems } = releaseValues(stagedCilium(specAt("beside")), {});
    assert.deepEqual(problems, []);
    assert.deepEqual(values["cni"], { customConf: true, uninstall: false });
    assert.deepEqual(values["bpf"], { hostLegacyRouting: true, masquerade: false });
    assert.equal(values["policyEnforcementMode"], "never");
    assert.equal(values["kubeProxyReplacement"], false);
    assert.deepEqual(values["debug"], { enabled: true, verbose: "" });
    assert.deepEqual(values["ipam"], {
      mode: "cluster-pool",
      operator: { clusterPoolIPv4PodCIDRList: POOL },
    });
    const { values: last } = releaseValues(specAt("done"), {});
    assert.deepEqual(last["ipam"], values["ipam"]);
    assert.equal(last["cni"], undefined);
    assert.equal(last["policyEnforcementMode"], undefined);
  });

  it("has machines keep Flannel until nodes move, and kube-proxy until all is done", () => {
    const seen = STAGES.map((stage) => {
      const cilium = { version: "1.20.0", migration: migrating(stage).migration };
      const { spec, problems } = parseClusterSpec(minimalCluster({ cilium }));
      assert.deepEqual(problems, []);
      const patches = configPatchesFor(spec!, spec!.nodes[0]!).join("---\n");
      return [/cni:\n +name: (\w+)/.exec(patches)?.[1], /proxy:\n +disabled: true/.test(patches)];
    });
    assert.deepEqual(seen, [
      ["flannel", false],
      ["flannel", false],
      ["none", false],
      ["none", true],
    ]);
  });
});
