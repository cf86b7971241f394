import assert from "node:assert/strict";

import { importLine } from "../../components/importLine";

describe("importLine", () => {
  it("puts a child under its component, whose name the child's begins with", () => {
    const urn =
      "urn:pulumi:dev::talos-cilium::talos-cilium:index:TalosCluster$talos-cilium:index:ClusterBootstrap$talos:machine/bootstrap:Bootstrap::talos-bootstrap";
    assert.equal(
      importLine({ name: "talos-bootstrap", urn }, "machine_bootstrap", "-bootstrap"),
      "pulumi import talos:machine/bootstrap:Bootstrap talos-bootstrap machine_bootstrap " +
        "--parent 'component=urn:pulumi:dev::talos-cilium::talos-cilium:index:TalosCluster$talos-cilium:index:ClusterBootstrap::talos' " +
        "--protect=false --generate-code=false --yes",
    );
  });
});
